//! The sample: its fields at reading size, and what the project shows beside them.

use super::desk::Desk;
use crate::{
    components::{
        answer::AnswerText,
        badge::{Badge, Tone, reason_text},
        number::percent,
        sample_fields::text_of,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{
    schema::Schema,
    view::annotate::{ClaimItem, Revealed},
};
use leptos::{html, prelude::*};
use serde_json::Value;

/// From how many characters on a text is long.
const LONG: usize = 1500;

/// The sample of a task. Gets the focus when it comes, so that it is read out and keys begin there.
#[component]
pub fn Sample(desk: Desk, item: ClaimItem) -> impl IntoView {
    let i18n = use_i18n();
    let place = NodeRef::<html::Section>::new();
    Effect::new(move |was_there: Option<bool>| {
        if let Some(element) = place.get()
            && was_there.is_none()
        {
            let _ = element.focus();
        }
        true
    });
    let reason = item
        .reason
        .as_ref()
        .map(|reason| view! { <Badge text=reason_text(i18n, reason.kind) tone=Tone::Accent /> });
    let revealed = item
        .revealed
        .as_ref()
        .map(|revealed| desk.with_schema(|schema| view! { <RevealedFacts schema revealed /> }));
    let fields = match &item.sample.fields {
        None => view! { <p class="sample-erased">{tu_string!(i18n, annotate.erased)}</p> }.into_any(),
        Some(fields) => desk.with_schema(|schema| texts(schema, fields)),
    };
    let metadata = (!item.sample.metadata.is_empty()).then(|| {
        let rows = item.sample.metadata.iter().map(|(key, value)| {
            view! {
                <div class="sample-fact">
                    <dt>{key.clone()}</dt>
                    <dd dir="auto">{text_of(value)}</dd>
                </div>
            }
        });
        view! { <dl class="sample-metadata">{rows.collect_view()}</dl> }
    });
    view! {
        <section class="sample" tabindex="-1" aria-label=tu_string!(i18n, annotate.sample) node_ref=place>
            {reason}
            {fields}
            {metadata}
            {revealed}
        </section>
    }
}

/// The fields in the schema's order; without headings where there is one.
fn texts(schema: &Schema, fields: &serde_json::Map<String, Value>) -> AnyView {
    let several = schema.fields.len() > 1;
    schema
        .fields
        .iter()
        .map(|field| {
            let heading = several.then(|| view! { <h2 class="sample-field">{field.title().to_owned()}</h2> });
            let text = fields.get(&field.name).map(text_of).unwrap_or_default();
            // A long text scrolls inside itself, by keyboard too, so that the options stay in sight.
            let is_long = text.chars().nth(LONG).is_some();
            let class = if is_long { "sample-text sample-text-long" } else { "sample-text" };
            view! {
                <div class="sample-part">
                    {heading}
                    <p class=class dir="auto" tabindex=is_long.then_some("0")>
                        {text}
                    </p>
                </div>
            }
        })
        .collect_view()
        .into_any()
}

/// Prediction and stored label, only where the project reveals them.
#[component]
fn RevealedFacts<'a>(schema: &'a Schema, revealed: &'a Revealed) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let predictions = revealed.prediction.iter().flatten().filter_map(|(question, probs)| {
        let (value, share) = probs.0.iter().max_by(|a, b| a.1.total_cmp(b.1))?;
        let title = crate::components::answer::title_of(schema, question, &Value::from(value.as_str()));
        Some(view! {
            <div class="sample-fact">
                <dt>{tu_string!(i18n, annotate.prediction)}</dt>
                <dd>{format!("{title} {}", percent(*share))}</dd>
            </div>
        })
    });
    let predictions = predictions.collect_view();
    let label = revealed.label.as_ref().map(|label| {
        view! {
            <div class="sample-fact">
                <dt>{tu_string!(i18n, annotate.stored_label)}</dt>
                <dd><AnswerText schema answers=Some(label) /></dd>
            </div>
        }
    });
    view! { <dl class="sample-metadata">{predictions}{label}</dl> }
}
