//! Each pair of annotators that met: how often, and how far they agree.

use super::{
    number,
    statistics::{Unit, Value},
};
use crate::{
    components::number::count,
    i18n::{tu_string, use_i18n},
};
use domain::agreement::PairAgreement;
use leptos::prelude::*;

#[component]
pub(super) fn Pairs(pairs: Vec<PairAgreement>, more: i64) -> impl IntoView {
    let i18n = use_i18n();
    let body = if pairs.is_empty() {
        view! { <p class="section-lead">{tu_string!(i18n, agreement.no_pairs)}</p> }.into_any()
    } else {
        view! {
            <div class="table-box" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{tu_string!(i18n, agreement.annotators)}</th>
                            <th class="number" scope="col">{tu_string!(i18n, agreement.shared)}</th>
                            <th scope="col">{tu_string!(i18n, agreement.kappa)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {pairs
                            .into_iter()
                            .map(|pair| {
                                view! {
                                    <tr>
                                        <td class="pair">
                                            <span>{pair.a}</span>
                                            <span class="pair-with" aria-hidden="true">"↔"</span>
                                            <span>{pair.b}</span>
                                        </td>
                                        <td class="number">{number(pair.shared)}</td>
                                        <td><Value statistic=pair.cohen_kappa unit=Unit::Coefficient /></td>
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let more = (more > 0).then(|| {
        let text = tu_string!(i18n, agreement.more_pairs, pairs = count(more));
        view! { <p class="section-lead">{text.to_string()}</p> }
    });
    view! {
        <section class="section section-wide">
            <h2 class="section-title">{tu_string!(i18n, agreement.pairs)}</h2>
            {more}
            {body}
        </section>
    }
}
