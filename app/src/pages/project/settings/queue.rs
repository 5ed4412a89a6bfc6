//! The queue policy: what is looked for, from which score on, and for how many answers; beside the threshold what it
//! would queue.

use super::{
    Carried, Saved,
    api::UpdateQueue,
    follow,
    forecast::Forecast,
    scores::{label_scores, prediction_scores},
};
use crate::{
    components::{
        faults::{Faults, use_faults},
        field::SelectField,
        form::use_outcome,
        inputs::NumberField,
        loaded::shown,
    },
    error::{Answer, Reply},
    i18n::{tu_string, use_i18n},
};
use domain::{
    overlap::Overlap,
    settings::Target,
    view::project::{ProjectView, QueueForecast},
};
use leptos::{form::ActionForm, prelude::*};

/// The places of the input that have a field of their own.
const FIELDS: &[&str] = &[
    "/settings/queue/threshold",
    "/settings/queue/label_share",
    "/settings/queue/audit_rate",
    "/settings/queue/overlap",
    "/settings/queue/overlap/min",
    "/settings/queue/overlap/max",
    "/settings/queue/overlap/confidence",
    "/settings/queue/lease_seconds",
];

#[component]
pub(super) fn Queue(
    project: RwSignal<ProjectView>,
    /// Grows with every change of what decides the queue.
    policy: RwSignal<i32>,
    forecast: Resource<Answer<QueueForecast>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateQueue>::new();
    follow(action.value(), project);
    Effect::new(move || {
        if let Some(Ok(Reply::Done(_))) = action.value().get() {
            policy.update(|policy| *policy += 1);
        }
    });
    let outcome = use_outcome("update_queue", action.value());
    let faults = use_faults("update_queue", action.value());
    let queue = project.with_untracked(|project| project.settings.queue.clone());
    let adaptive = match queue.overlap {
        Overlap::Fixed(_) => None,
        Overlap::Adaptive(adaptive) => Some(adaptive),
    };
    let threshold = RwSignal::new(queue.threshold);
    let typed = move |event: leptos::ev::Event| {
        if let Ok(value) = event_target_value(&event).parse::<f64>() {
            threshold.set(value);
        }
    };
    let targets = [
        (Target::Prediction, "prediction", tu_string!(i18n, settings.queue.target_prediction)),
        (Target::Label, "label", tu_string!(i18n, settings.queue.target_label)),
        (Target::Both, "both", tu_string!(i18n, settings.queue.target_both)),
    ];
    let (prediction_scores, prediction_score) = prediction_scores(i18n, queue.prediction_score);
    let (label_scores, label_score) = label_scores(i18n, queue.label_score);
    let selected =
        targets.iter().find(|(target, ..)| *target == queue.target).map_or("", |(_, value, _)| value);
    let targets = targets.iter().map(|(_, value, text)| ((*value).to_owned(), (*text).to_owned())).collect();
    view! {
        <section class="section section-wide" id="queue">
            <h2 class="section-title">{tu_string!(i18n, settings.queue.title)}</h2>
            <p class="section-lead">{tu_string!(i18n, settings.queue.lead)}</p>
            <ActionForm action>
                <Carried project />
                <SelectField
                    name="target"
                    label=tu_string!(i18n, settings.queue.target)
                    options=targets
                    selected=selected
                    hint=tu_string!(i18n, settings.queue.target_hint)
                />
                <SelectField
                    name="prediction_score"
                    label=tu_string!(i18n, settings.queue.prediction_score)
                    options=prediction_scores
                    selected=prediction_score
                    hint=tu_string!(i18n, settings.queue.prediction_score_hint)
                />
                <SelectField
                    name="label_score"
                    label=tu_string!(i18n, settings.queue.label_score)
                    options=label_scores
                    selected=label_score
                    hint=tu_string!(i18n, settings.queue.label_score_hint)
                />
                <NumberField
                    name="threshold"
                    faults
                    places=&["/settings/queue/threshold"]
                    label=tu_string!(i18n, settings.queue.threshold)
                    value=queue.threshold.to_string()
                    min="0"
                    max="1"
                    step="any"
                    hint=tu_string!(i18n, settings.queue.threshold_hint)
                    on:input=typed
                />
                <Transition fallback=|| view! { <div class="forecast forecast-empty"></div> }>
                    {move || Suspend::new(async move {
                        shown(forecast.await, move |forecast| view! { <Forecast forecast threshold /> }.into_any())
                    })}
                </Transition>
                <NumberField
                    name="label_share"
                    faults
                    places=&["/settings/queue/label_share"]
                    label=tu_string!(i18n, settings.queue.label_share)
                    value=queue.label_share.map(|share| share.to_string()).unwrap_or_default()
                    min="0"
                    max="1"
                    step="any"
                    may_be_empty=true
                    hint=tu_string!(i18n, settings.queue.label_share_hint)
                />
                <NumberField
                    name="audit_rate"
                    faults
                    places=&["/settings/queue/audit_rate"]
                    label=tu_string!(i18n, settings.queue.audit_rate)
                    value=queue.audit_rate.to_string()
                    min="0"
                    max="1"
                    step="any"
                    hint=tu_string!(i18n, settings.queue.audit_rate_hint)
                />
                <NumberField
                    name="overlap"
                    faults
                    places=&["/settings/queue/overlap", "/settings/queue/overlap/min"]
                    label=tu_string!(i18n, settings.queue.overlap)
                    value=queue.overlap.first().to_string()
                    min="1"
                    max="20"
                    hint=tu_string!(i18n, settings.queue.overlap_hint)
                />
                <NumberField
                    name="overlap_max"
                    faults
                    places=&["/settings/queue/overlap/max"]
                    label=tu_string!(i18n, settings.queue.overlap_max)
                    value=adaptive.map(|adaptive| adaptive.max.to_string()).unwrap_or_default()
                    min="1"
                    max="20"
                    may_be_empty=true
                    hint=tu_string!(i18n, settings.queue.overlap_max_hint)
                />
                <NumberField
                    name="confidence"
                    faults
                    places=&["/settings/queue/overlap/confidence"]
                    label=tu_string!(i18n, settings.queue.confidence)
                    value=adaptive.map(|adaptive| adaptive.confidence.to_string()).unwrap_or_default()
                    min="0.5"
                    max="1"
                    step="any"
                    may_be_empty=true
                    hint=tu_string!(i18n, settings.queue.confidence_hint)
                />
                <NumberField
                    name="lease_seconds"
                    faults
                    places=&["/settings/queue/lease_seconds"]
                    label=tu_string!(i18n, settings.queue.lease_seconds)
                    value=queue.lease_seconds.to_string()
                    min="5"
                    max="86400"
                    hint=tu_string!(i18n, settings.queue.lease_seconds_hint)
                />
                <Saved outcome project />
                <Faults faults except=FIELDS />
                <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
            </ActionForm>
        </section>
    }
}
