//! All numbers: what was served and decided for each reason, what it did to the labels, and how many errors it found.

use crate::{
    components::{badge::reason_text, number::count},
    i18n::{I18n, tu_string, use_i18n},
};
use domain::view::yields::{ErrorRate, ReasonYield, YieldView};
use leptos::prelude::*;

#[component]
pub(super) fn Table(view: YieldView) -> impl IntoView {
    let i18n = use_i18n();
    let heads = [
        tu_string!(i18n, yields.served),
        tu_string!(i18n, yields.reviewed),
        tu_string!(i18n, yields.changed),
        tu_string!(i18n, yields.upheld),
        tu_string!(i18n, yields.ambiguous),
        tu_string!(i18n, yields.label_errors),
        tu_string!(i18n, yields.prediction_errors),
    ];
    let heads = heads.map(|head| view! { <th class="number" scope="col">{head}</th> }).collect_view();
    let baseline = view.baseline;
    let rows: Vec<_> = view.reasons.iter().map(|reason| row(i18n, reason).into_any()).collect();
    let unknown = move || view! { <td class="number">"–"</td> };
    view! {
        <section class="section section-wide">
            <h2 class="section-title">{tu_string!(i18n, yields.table)}</h2>
            <div class="table-box" tabindex="0">
                <table class="table yield-table">
                    <thead>
                        <tr>
                            <th scope="col">{tu_string!(i18n, yields.reason)}</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>
                        <tr class="yield-baseline">
                            <th scope="row">{tu_string!(i18n, yields.baseline)}</th>
                            {(0..5).map(|_| unknown()).collect_view()}
                            <td class="number">{per_100(i18n, &baseline.label_errors)}</td>
                            <td class="number">{per_100(i18n, &baseline.prediction_errors)}</td>
                        </tr>
                        {rows}
                    </tbody>
                </table>
            </div>
            <dl class="yield-words">
                <dt>{tu_string!(i18n, yields.baseline)}</dt>
                <dd>{tu_string!(i18n, yields.baseline_text)}</dd>
                <dt>{tu_string!(i18n, yields.served)}</dt>
                <dd>{tu_string!(i18n, yields.served_text)}</dd>
                <dt>{tu_string!(i18n, yields.reviewed)}</dt>
                <dd>{tu_string!(i18n, yields.reviewed_text)}</dd>
                <dt>{tu_string!(i18n, yields.changed)}</dt>
                <dd>{tu_string!(i18n, yields.changed_text)}</dd>
                <dt>{tu_string!(i18n, yields.ambiguous)}</dt>
                <dd>{tu_string!(i18n, yields.ambiguous_text)}</dd>
            </dl>
        </section>
    }
}

fn row(i18n: I18n, reason: &ReasonYield) -> impl IntoView + use<> {
    let numbers = [reason.served, reason.reviewed, reason.changed, reason.upheld, reason.ambiguous];
    let numbers = numbers.map(|number| view! { <td class="number">{count(number)}</td> }).collect_view();
    view! {
        <tr>
            <th scope="row">{reason_text(i18n, reason.reason)}</th>
            {numbers}
            <td class="number">{per_100(i18n, &reason.label_errors)}</td>
            <td class="number">{per_100(i18n, &reason.prediction_errors)}</td>
        </tr>
    }
}

/// The rate with its interval and what it is a share of; a dash where there is none.
pub(super) fn per_100(i18n: I18n, errors: &ErrorRate) -> AnyView {
    let (Some(rate), Some([low, high])) = (errors.per_100, errors.ci95) else {
        return view! { <span>"–"</span> }.into_any();
    };
    let detail = tu_string!(
        i18n,
        yields.interval,
        low = one_decimal(low),
        high = one_decimal(high),
        of = count(errors.of)
    )
    .to_string();
    view! {
        <strong>{one_decimal(rate)}</strong>
        " "
        <span class="yield-detail">{detail}</span>
    }
    .into_any()
}

fn one_decimal(value: f64) -> String {
    format!("{value:.1}")
}
