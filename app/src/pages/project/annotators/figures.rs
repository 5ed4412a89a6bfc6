//! The figures about one person: each with its interval and one sentence on what it means. No grades, and no colour that
//! would be one.

use super::words::{Estimate, Share, time, undefined_text};
use crate::{
    components::{number::count, range::RangePicture},
    i18n::{I18n, tu_string, use_i18n},
};
use domain::quality::{Quality, Speed};
use leptos::prelude::*;

/// To whom the figures are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    Manager,
    /// The person whom they are about.
    Themselves,
}

/// What the figures mean: accuracy, agreement with the final label and with the others, speed.
fn meanings(i18n: I18n, reader: Reader) -> [&'static str; 4] {
    match reader {
        Reader::Manager => [
            tu_string!(i18n, annotators.accuracy.meaning),
            tu_string!(i18n, annotators.settled.meaning),
            tu_string!(i18n, annotators.others.meaning),
            tu_string!(i18n, annotators.speed.meaning),
        ],
        Reader::Themselves => [
            tu_string!(i18n, annotators.own.accuracy),
            tu_string!(i18n, annotators.own.settled),
            tu_string!(i18n, annotators.own.others),
            tu_string!(i18n, annotators.own.speed),
        ],
    }
}

#[component]
pub(super) fn Figures(quality: Quality, reader: Reader) -> impl IntoView {
    let i18n = use_i18n();
    let [accuracy, settled, others, speed] = meanings(i18n, reader);
    let Quality { accuracy: estimate, agreement_with_final, agreement_with_others, .. } = quality;
    let row = |name: &'static str, value: AnyView, picture: AnyView, meaning: &'static str| {
        view! {
            <div class="statistic">
                <dt class="statistic-name">{name}</dt>
                <dd>{value}</dd>
                <dd class="statistic-picture">{picture}</dd>
                <dd class="statistic-meaning">{meaning}</dd>
            </div>
        }
    };
    let share = |share| view! { <Share share /> }.into_any();
    let picture = |value, ci95| view! { <RangePicture value ci95 /> }.into_any();
    view! {
        <section class="section section-wide">
            <h2 class="section-title">{tu_string!(i18n, annotators.figures)}</h2>
            <dl class="statistics">
                {row(
                    tu_string!(i18n, annotators.settled.name),
                    share(agreement_with_final),
                    picture(agreement_with_final.value, agreement_with_final.ci95),
                    settled,
                )}
                {row(
                    tu_string!(i18n, annotators.accuracy.name),
                    view! { <Estimate accuracy=estimate /> }.into_any(),
                    picture(estimate.value, estimate.ci95),
                    accuracy,
                )}
                {row(
                    tu_string!(i18n, annotators.others.name),
                    share(agreement_with_others),
                    picture(agreement_with_others.value, agreement_with_others.ci95),
                    others,
                )}
                {row(
                    tu_string!(i18n, annotators.speed.name),
                    view! { <Times speed=quality.speed /> }.into_any(),
                    ().into_any(),
                    speed,
                )}
            </dl>
        </section>
    }
}

#[component]
fn Times(speed: Speed) -> impl IntoView {
    let i18n = use_i18n();
    let Some(median) = speed.median_ms else {
        let reason = speed.undefined.map(|reason| undefined_text(i18n, reason));
        return view! {
            <span class="statistic-undefined">{tu_string!(i18n, annotators.undefined.word)}</span>
            {reason.map(|reason| view! { " " <span class="statistic-reason">{reason}</span> })}
        }
        .into_any();
    };
    let quartiles = speed.quartiles_ms.map(|[low, high]| {
        tu_string!(
            i18n,
            annotators.speed.quartiles,
            low = time(i18n, low),
            high = time(i18n, high),
            timed = count(speed.timed)
        )
        .to_string()
    });
    view! {
        <span class="statistic-number">{time(i18n, median)}</span>
        {quartiles.map(|text| view! { " " <span class="statistic-interval">{text}</span> })}
    }
    .into_any()
}
