//! Shares, times and reasons in words, as all of these pages write them.

use crate::{
    components::number::{count, percent},
    i18n::{I18n, tu_string, use_i18n},
};
use domain::quality::{Accuracy, LEAST_TOLD, Proportion, Undefined};
use leptos::prelude::*;

/// A share with its interval and what it is a share of, or why there is none.
#[component]
pub(super) fn Share(share: Proportion) -> impl IntoView {
    let i18n = use_i18n();
    let of = share.count.filter(|_| share.of > 0).map(|number| {
        tu_string!(i18n, annotators.of, count = count(number), of = count(share.of)).to_string()
    });
    view! { <Value value=share.value ci95=share.ci95 undefined=share.undefined detail=of /> }
}

/// An estimated accuracy with its interval, or why there is none.
#[component]
pub(super) fn Estimate(accuracy: Accuracy) -> impl IntoView {
    let i18n = use_i18n();
    let detail = accuracy
        .effective_answers
        .map(|answers| tu_string!(i18n, annotators.effective, n = count(answers.round() as i64)).to_string());
    view! { <Value value=accuracy.value ci95=accuracy.ci95 undefined=accuracy.undefined detail /> }
}

#[component]
fn Value(
    value: Option<f64>,
    ci95: Option<[f64; 2]>,
    undefined: Option<Undefined>,
    detail: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(value) = value else {
        let reason = undefined.map(|reason| undefined_text(i18n, reason));
        return view! {
            <span class="statistic-undefined">{tu_string!(i18n, annotators.undefined.word)}</span>
            {reason.map(|reason| view! { " " <span class="statistic-reason">{reason}</span> })}
        }
        .into_any();
    };
    let interval = ci95.map(|[low, high]| {
        tu_string!(i18n, annotators.interval, low = percent(low), high = percent(high)).to_string()
    });
    view! {
        <span class="statistic-number">{percent(value)}</span>
        {interval.map(|interval| view! { " " <span class="statistic-interval">{interval}</span> })}
        {detail.map(|detail| view! { " " <span class="statistic-interval">{detail}</span> })}
    }
    .into_any()
}

/// Why something has no value.
pub(super) fn undefined_text(i18n: I18n, reason: Undefined) -> String {
    match reason {
        Undefined::NothingDecided => tu_string!(i18n, annotators.undefined.nothing_decided).to_owned(),
        Undefined::NobodyElse => tu_string!(i18n, annotators.undefined.nobody_else).to_owned(),
        Undefined::NoVariation => tu_string!(i18n, annotators.undefined.no_variation).to_owned(),
        Undefined::MethodWeighsNobody => {
            tu_string!(i18n, annotators.undefined.method_weighs_nobody).to_owned()
        }
        Undefined::TooManyLabels => tu_string!(i18n, annotators.undefined.too_many_labels).to_owned(),
        Undefined::TooFew => {
            tu_string!(i18n, annotators.undefined.too_few, least = count(LEAST_TOLD)).to_string()
        }
        Undefined::NoTimes => tu_string!(i18n, annotators.undefined.no_times).to_owned(),
        Undefined::NothingEarlier => tu_string!(i18n, annotators.undefined.nothing_earlier).to_owned(),
    }
}

/// From here times are told in minutes.
const TWO_MINUTES: f64 = 120_000.0;

/// A time in milliseconds.
pub(super) fn time(i18n: I18n, ms: f64) -> String {
    let short = |value: f64| if value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") };
    if ms < TWO_MINUTES {
        tu_string!(i18n, annotators.seconds, n = short(ms / 1_000.0)).to_string()
    } else {
        tu_string!(i18n, annotators.minutes, n = short(ms / 60_000.0)).to_string()
    }
}
