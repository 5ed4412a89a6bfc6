//! Errors found per 100, as bars: samples drawn at random first, then each reason that looks for the same sort of errors.

use super::table::per_100;
use crate::{
    components::badge::reason_text,
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{
    outcome::LooksFor,
    view::yields::{ErrorRate, YieldView},
};
use leptos::prelude::*;

#[component]
pub(super) fn Chart(view: YieldView) -> impl IntoView {
    let i18n = use_i18n();
    let sorts = [
        (LooksFor::Labels, tu_string!(i18n, yields.label_errors)),
        (LooksFor::Predictions, tu_string!(i18n, yields.prediction_errors)),
    ];
    let groups: Vec<_> =
        sorts.into_iter().filter_map(|(sort, title)| group(i18n, &view, sort, title)).collect();
    (!groups.is_empty()).then(|| {
        view! {
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, yields.chart)}</h2>
                <p class="section-lead">{tu_string!(i18n, yields.chart_lead)}</p>
                {groups}
            </section>
        }
    })
}

/// The bars of one sort of errors; nothing where no reason that looks for it has found anything out.
fn group(i18n: I18n, view: &YieldView, sort: LooksFor, title: &'static str) -> Option<AnyView> {
    let baseline = view.baseline.errors(sort);
    let reasons = view.reasons.iter().filter(|reason| reason.looks_for == Some(sort));
    let mut bars: Vec<(&'static str, &ErrorRate)> = reasons
        .filter_map(|reason| reason.errors().map(|errors| (reason_text(i18n, reason.reason), errors)))
        .filter(|(_, errors)| errors.per_100.is_some())
        .collect();
    if bars.is_empty() {
        return None;
    }
    bars.insert(0, (tu_string!(i18n, yields.baseline), baseline));
    // The longest interval fills the width.
    let most = bars.iter().filter_map(|(_, errors)| errors.ci95).map(|[_, high]| high).fold(1.0, f64::max);
    let at = |value: f64| format!("{:.1}", value / most * 100.0);
    let mark = baseline.per_100.map(at);
    let rows = bars.into_iter().enumerate().map(|(place, (name, errors))| {
        let class = if place == 0 { "yield-fill yield-fill-baseline" } else { "yield-fill" };
        let width = errors.per_100.map(at);
        let interval = errors.ci95.map(|[low, high]| (at(low), at(high)));
        view! {
            <li class="yield-bar">
                <span class="yield-name">{name}</span>
                <svg
                    class="yield-picture"
                    viewBox="0 0 100 16"
                    width="100"
                    height="16"
                    preserveAspectRatio="none"
                    aria-hidden="true"
                    focusable="false"
                >
                    {width.map(|width| view! { <rect class=class y="3" width=width height="10"></rect> })}
                    {interval
                        .map(|(low, high)| {
                            view! { <line class="yield-interval" x1=low x2=high y1="8" y2="8"></line> }
                        })}
                    {mark
                        .clone()
                        .map(|mark| {
                            view! { <line class="yield-mark" x1=mark.clone() x2=mark y1="0" y2="16"></line> }
                        })}
                </svg>
                <span class="yield-number">{per_100(i18n, errors)}</span>
            </li>
        }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <h3 class="yield-title">{title}</h3>
            <ul class="yield-bars">{rows}</ul>
        }
        .into_any(),
    )
}
