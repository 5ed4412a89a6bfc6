//! Which labels stand beside which: a matrix whose cells say their number, are darker where more of a row's answers stand
//! there, and lead to the pair's tasks.

use super::number;
use crate::{
    address::with_query,
    components::{answer::title_of, range::shade},
    i18n::{tu_string, use_i18n},
};
use domain::{agreement::LabelMatrix, schema::Schema};
use leptos::prelude::*;

#[component]
pub(super) fn Heat(slug: String, schema: Schema, question: String, matrix: LabelMatrix) -> impl IntoView {
    let i18n = use_i18n();
    let LabelMatrix { labels, cells, totals, left_out } = matrix;
    let titles: Vec<String> =
        labels.iter().map(|label| title_of(&schema, &question, &label.as_str().into())).collect();
    let list = format!("/projects/{slug}/ambiguous-pairs");
    let pairs_page = with_query(&list, [("question", question.as_str())]);
    let cell = |row: usize, column: usize| {
        let (pairs, total) = (cells[row][column], totals[row].max(1));
        if pairs == 0 {
            return view! { <td class="heat-cell heat-none">"·"</td> }.into_any();
        }
        let share = pairs as f64 / total as f64;
        let class = format!("heat-cell heat-{}", shade(share));
        let text = format!("{:.0}%", share * 100.0);
        if row == column {
            return view! { <td class=format!("{class} heat-same")>{text}</td> }.into_any();
        }
        let (a, b) = (labels[row].as_str(), labels[column].as_str());
        let tasks =
            with_query(&format!("{list}/pair"), [("question", question.as_str()), ("a", a), ("b", b)]);
        let told = tu_string!(
            i18n,
            agreement.heat.cell,
            a = titles[row].clone(),
            b = titles[column].clone(),
            pairs = number(pairs)
        );
        view! {
            <td class=class>
                <a href=tasks title=told.to_string()>{text}</a>
            </td>
        }
        .into_any()
    };
    let rows = (0..labels.len())
        .map(|row| {
            let cells = (0..labels.len()).map(|column| cell(row, column)).collect_view();
            view! {
                <tr>
                    <th scope="row">{titles[row].clone()}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let is_plain = (0..labels.len()).all(|row| totals[row] == cells[row][row]);
    let lead = if is_plain {
        tu_string!(i18n, agreement.no_confusion)
    } else {
        tu_string!(i18n, agreement.heat.lead)
    };
    let left_out = (left_out > 0).then(|| {
        let text = tu_string!(i18n, agreement.heat.left_out, labels = number(u64::from(left_out)));
        view! { <p class="section-lead">{text.to_string()}</p> }
    });
    view! {
        <section class="section section-full">
            <h2 class="section-title">{tu_string!(i18n, agreement.heat.title)}</h2>
            <p class="section-lead">
                {lead} " " <a href=pairs_page>{tu_string!(i18n, agreement.heat.pairs)}</a>
            </p>
            {left_out}
            <div class="table-box" tabindex="0">
                <table class="heat">
                    <thead>
                        <tr>
                            <td></td>
                            {titles
                                .iter()
                                .map(|title| view! { <th scope="col"><span>{title.clone()}</span></th> })
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}
