//! Which labels are given to the same sample: what the guideline has to tell apart. Each pair leads to its tasks.

use crate::{
    address::with_query,
    components::{answer::title_of, number::count},
    i18n::{tu_string, use_i18n},
};
use domain::{agreement::LabelConfusion, schema::Schema};
use leptos::prelude::*;

#[component]
pub(super) fn Confusion(
    slug: String,
    schema: Schema,
    question: String,
    confusion: Vec<LabelConfusion>,
) -> impl IntoView {
    let i18n = use_i18n();
    let most = confusion.iter().map(|pair| pair.count).max().unwrap_or(1);
    let row = move |pair: LabelConfusion| {
        let title = |value: &str| title_of(&schema, &question, &value.into());
        let list = format!("/projects/{slug}/review");
        let tasks = |state| {
            with_query(&list, [("state", state), ("pair", pair.a.as_str()), ("pair", pair.b.as_str())])
        };
        let (in_review, approved) = (tasks("in_review"), tasks("approved"));
        let number = i64::try_from(pair.count).unwrap_or(i64::MAX);
        let share = format!("{:.1}", pair.count as f64 / most as f64 * 100.0);
        view! {
            <tr>
                <td class="pair">
                    <span>{title(&pair.a)}</span>
                    <span class="pair-with" aria-hidden="true">"↔"</span>
                    <span>{title(&pair.b)}</span>
                </td>
                <td class="number">{count(number)}</td>
                <td class="confusion-bar">
                    <svg
                        viewBox="0 0 100 8"
                        width="100"
                        height="8"
                        preserveAspectRatio="none"
                        aria-hidden="true"
                        focusable="false"
                    >
                        <rect class="confusion-fill" width=share height="8"></rect>
                    </svg>
                </td>
                <td class="confusion-links">
                    <a href=in_review>{tu_string!(i18n, agreement.in_review)}</a>
                    <a href=approved>{tu_string!(i18n, agreement.approved)}</a>
                </td>
            </tr>
        }
    };
    let body = if confusion.is_empty() {
        view! { <p class="section-lead">{tu_string!(i18n, agreement.no_confusion)}</p> }.into_any()
    } else {
        view! {
            <div class="table-box" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{tu_string!(i18n, agreement.labels)}</th>
                            <th class="number" scope="col">{tu_string!(i18n, agreement.times)}</th>
                            <td class="confusion-bar"></td>
                            <th scope="col">{tu_string!(i18n, agreement.tasks)}</th>
                        </tr>
                    </thead>
                    <tbody>{confusion.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="section section-wide">
            <h2 class="section-title">{tu_string!(i18n, agreement.confusion)}</h2>
            <p class="section-lead">{tu_string!(i18n, agreement.confusion_lead)}</p>
            {body}
        </section>
    }
}
