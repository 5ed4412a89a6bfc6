//! By reason, by annotator, and what became of the labels: each count leads to its labels.

use super::address::Address;
use crate::{
    components::{
        badge::reason_text,
        number::{count, percent},
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::view::diff::{AnnotatorCount, DiffEffect, DiffFilter, DiffReason, DiffSummary, ReasonCount};
use leptos::prelude::*;

/// The word for what became of a label.
pub(super) fn effect_text(i18n: I18n, effect: DiffEffect) -> &'static str {
    match effect {
        DiffEffect::Added => tu_string!(i18n, parts.added),
        DiffEffect::Changed => tu_string!(i18n, parts.changed),
        DiffEffect::Removed => tu_string!(i18n, parts.removed),
        DiffEffect::Confirmed => tu_string!(i18n, parts.confirmed),
    }
}

/// The words for why a sample was in the queue.
pub(super) fn why_text(i18n: I18n, reason: DiffReason) -> &'static str {
    match reason {
        DiffReason::Of(kind) => reason_text(i18n, kind),
        DiffReason::None => tu_string!(i18n, compare.no_reason),
    }
}

/// How many labels became what, as links to each.
#[component]
pub(super) fn Effects(slug: String, summary: DiffSummary) -> impl IntoView {
    let i18n = use_i18n();
    let ends = (summary.from, summary.to);
    let links = DiffEffect::ALL.map(|effect| {
        let number = match effect {
            DiffEffect::Added => summary.added,
            DiffEffect::Changed => summary.changed,
            DiffEffect::Removed => summary.removed,
            DiffEffect::Confirmed => summary.confirmed,
        };
        let filter = DiffFilter { effect: Some(effect), ..DiffFilter::default() };
        let href = format!("{}#labels", Address::path(&slug, ends, &filter));
        let text = format!("{} {}", count(number), effect_text(i18n, effect));
        match number {
            0 => view! { <li class="counts-zero">{text}</li> }.into_any(),
            _ => view! { <li><a href=href>{text}</a></li> }.into_any(),
        }
    });
    view! { <ul class="counts">{links.into_iter().collect_view()}</ul> }
}

/// Why the samples were in the queue.
#[component]
pub(super) fn ByReason(slug: String, ends: (i64, i64), counts: Vec<ReasonCount>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |one: ReasonCount| {
        let reason = one.reason.map_or(DiffReason::None, DiffReason::Of);
        let filter = DiffFilter { reason: Some(reason), ..DiffFilter::default() };
        let href = format!("{}#labels", Address::path(&slug, ends, &filter));
        view! {
            <tr>
                <td><a href=href>{why_text(i18n, reason)}</a></td>
                <td class="number">{count(one.count)}</td>
            </tr>
        }
    };
    (!counts.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2 class="section-title">{tu_string!(i18n, compare.by_reason)}</h2>
                <div class="table-box" tabindex="0">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{tu_string!(i18n, compare.reason)}</th>
                                <th class="number" scope="col">{tu_string!(i18n, version.samples)}</th>
                            </tr>
                        </thead>
                        <tbody>{counts.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

/// Whose answers were behind the labels, and how many of them say the same.
#[component]
pub(super) fn ByAnnotator(slug: String, ends: (i64, i64), counts: Vec<AnnotatorCount>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |one: AnnotatorCount| {
        let filter = DiffFilter { annotator: Some(one.annotator.clone()), ..DiffFilter::default() };
        let href = format!("{}#labels", Address::path(&slug, ends, &filter));
        let share = percent(one.agreed as f64 / one.count.max(1) as f64);
        view! {
            <tr>
                <td><a href=href>{one.annotator}</a></td>
                <td class="number">{count(one.count)}</td>
                <td class="number">{count(one.agreed)}</td>
                <td class="number">{share}</td>
            </tr>
        }
    };
    (!counts.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2 class="section-title">{tu_string!(i18n, compare.by_annotator)}</h2>
                <p class="section-lead">{tu_string!(i18n, compare.by_annotator_lead)}</p>
                <div class="table-box" tabindex="0">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{tu_string!(i18n, compare.annotator)}</th>
                                <th class="number" scope="col">{tu_string!(i18n, compare.answers)}</th>
                                <th class="number" scope="col">{tu_string!(i18n, compare.agreed)}</th>
                                <th class="number" scope="col">{tu_string!(i18n, compare.share)}</th>
                            </tr>
                        </thead>
                        <tbody>{counts.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}
