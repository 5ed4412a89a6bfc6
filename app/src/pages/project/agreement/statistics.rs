//! The coefficients: each with its value, its interval, and one sentence on what it means. No grades: what is good
//! enough depends on what the labels are for.

use super::undefined_text;
use crate::{
    components::{
        number::{decimal, percent},
        range::RangePicture,
    },
    i18n::{tu_string, use_i18n},
};
use domain::agreement::{Coefficient, Level, Report, Statistic};
use leptos::prelude::*;

/// How a statistic is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Share,
    Coefficient,
}

impl Unit {
    fn text(self, value: f64) -> String {
        match self {
            Self::Share => percent(value),
            Self::Coefficient => decimal(value),
        }
    }
}

#[component]
pub(super) fn Statistics(report: Report) -> impl IntoView {
    let i18n = use_i18n();
    let is_ordered = report.level != Level::Nominal;
    let coefficient =
        |name, meaning, coefficient: Coefficient| (name, meaning, coefficient, Unit::Coefficient);
    let mut rows = vec![
        (
            tu_string!(i18n, agreement.percent.name),
            tu_string!(i18n, agreement.percent.meaning),
            report.percent_agreement,
            Unit::Share,
        ),
        coefficient(
            tu_string!(i18n, agreement.alpha.name),
            tu_string!(i18n, agreement.alpha.meaning),
            report.krippendorff_alpha,
        ),
        coefficient(
            tu_string!(i18n, agreement.cohen.name),
            tu_string!(i18n, agreement.cohen.meaning),
            report.cohen_kappa_mean_pairwise,
        ),
        coefficient(
            tu_string!(i18n, agreement.scott.name),
            tu_string!(i18n, agreement.scott.meaning),
            report.scott_pi,
        ),
        coefficient(
            tu_string!(i18n, agreement.fleiss.name),
            tu_string!(i18n, agreement.fleiss.meaning),
            report.fleiss_kappa,
        ),
        coefficient(
            tu_string!(i18n, agreement.gwet.name),
            tu_string!(i18n, agreement.gwet.meaning),
            report.gwet_ac1,
        ),
    ];
    if is_ordered {
        rows.extend([
            coefficient(
                tu_string!(i18n, agreement.cohen_weighted.linear),
                tu_string!(i18n, agreement.cohen_weighted.meaning),
                report.cohen_kappa_linear_mean_pairwise,
            ),
            coefficient(
                tu_string!(i18n, agreement.cohen_weighted.quadratic),
                tu_string!(i18n, agreement.cohen_weighted.meaning),
                report.cohen_kappa_quadratic_mean_pairwise,
            ),
            coefficient(
                tu_string!(i18n, agreement.ac2.linear),
                tu_string!(i18n, agreement.ac2.meaning),
                report.gwet_ac2_linear,
            ),
            coefficient(
                tu_string!(i18n, agreement.ac2.quadratic),
                tu_string!(i18n, agreement.ac2.meaning),
                report.gwet_ac2_quadratic,
            ),
            coefficient(
                tu_string!(i18n, agreement.ac2.ordinal),
                tu_string!(i18n, agreement.ac2.meaning),
                report.gwet_ac2_ordinal,
            ),
        ]);
    }
    let is_undefined = rows.iter().any(|(_, _, coefficient, _)| coefficient.statistic.value.is_none());
    let undefined = is_undefined
        .then(|| view! { <p class="section-lead">{tu_string!(i18n, agreement.undefined.meaning)}</p> });
    view! {
        <section class="section section-wide">
            <h2 class="section-title">{tu_string!(i18n, agreement.statistics)}</h2>
            <p class="section-lead">{tu_string!(i18n, agreement.statistics_lead)}</p>
            {undefined}
            <dl class="statistics">
                {rows
                    .into_iter()
                    .map(|(name, meaning, coefficient, unit)| {
                        let statistic = coefficient.statistic;
                        view! {
                            <div class="statistic">
                                <dt class="statistic-name">{name}</dt>
                                <dd class="statistic-value"><Value statistic unit /></dd>
                                <dd class="statistic-picture"><RangePicture value=statistic.value ci95=statistic.ci95 /></dd>
                                <dd class="statistic-meaning">{meaning}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        </section>
    }
}

/// The value and its interval, or why there is none.
#[component]
pub(super) fn Value(statistic: Statistic, unit: Unit) -> impl IntoView {
    let i18n = use_i18n();
    match statistic.value {
        Some(value) => {
            let interval = statistic.ci95.map(|[low, high]| {
                tu_string!(i18n, agreement.interval, low = unit.text(low), high = unit.text(high)).to_string()
            });
            view! {
                <span class="statistic-number">{unit.text(value)}</span>
                {interval.map(|interval| view! { " " <span class="statistic-interval">{interval}</span> })}
            }
            .into_any()
        }
        None => {
            let reason = statistic.undefined.map(|reason| undefined_text(i18n, reason));
            view! {
                <span class="statistic-undefined">{tu_string!(i18n, agreement.undefined.word)}</span>
                {reason.map(|reason| view! { " " <span class="statistic-reason">{reason}</span> })}
            }
            .into_any()
        }
    }
}
