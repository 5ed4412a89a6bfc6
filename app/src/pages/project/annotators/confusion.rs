//! Which answers were given where a label is final: a table whose cells say their numbers, and are darker where more of a
//! row stands.

use crate::{
    components::{
        answer::title_of,
        number::{count, percent},
        range::shade,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{
    quality::{ConfusionRow, Quality},
    schema::Schema,
};
use leptos::prelude::*;

/// So many labels have a row: with more nobody finds anything.
const MOST_LABELS: usize = 20;

#[component]
pub(super) fn Confusion(schema: Schema, question: String, quality: Quality) -> impl IntoView {
    let i18n = use_i18n();
    let all = labels(&schema, &question, &quality.confusion);
    let shown = most_mixed_up(&all, &quality);
    let title = |label: &str| title_of(&schema, &question, &label.into());
    let cell = |row: Option<&ConfusionRow>, label: &String| {
        let found = row.and_then(|row| Some((row, row.given.iter().find(|cell| cell.answer == *label)?)));
        let Some((row, cell)) = found else {
            return view! { <td class="heat-cell heat-none">"·"</td> }.into_any();
        };
        let (Some(number), Some(share)) = (cell.share.count, cell.share.value) else {
            return view! { <td class="heat-cell heat-none">"·"</td> }.into_any();
        };
        let shade = shade(share);
        let same = if row.final_label == *label { " heat-same" } else { "" };
        let told = tu_string!(
            i18n,
            annotators.cell,
            label = title(&row.final_label),
            answer = title(label),
            count = count(number),
            of = count(row.answers),
            share = percent(share)
        );
        view! {
            <td class=format!("heat-cell heat-plain heat-{shade}{same}") title=told.to_string()>
                {count(number)} " " <span class="heat-share">{percent(share)}</span>
            </td>
        }
        .into_any()
    };
    let rows = shown
        .iter()
        .map(|label| {
            let row = quality.confusion.iter().find(|row| row.final_label == *label);
            let cells = shown.iter().map(|label| cell(row, label)).collect_view();
            view! {
                <tr>
                    <th scope="row">{title(label)}</th>
                    {cells}
                    <td class="number">{row.map(|row| count(row.answers))}</td>
                </tr>
            }
        })
        .collect_view();
    let part = (shown.len() < all.len()).then(|| {
        let number = |labels: &[String]| count(i64::try_from(labels.len()).unwrap_or(i64::MAX));
        let text = tu_string!(i18n, annotators.confusion_part, all = number(&all), shown = number(&shown));
        view! { <p class="section-lead">{text.to_string()}</p> }
    });
    (!quality.confusion.is_empty()).then(|| {
        view! {
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, annotators.confusion)}</h2>
                <p class="section-lead">{tu_string!(i18n, annotators.confusion_lead)}</p>
                {part}
                <div class="table-box" tabindex="0">
                    <table class="heat">
                        <thead>
                            <tr>
                                <th scope="col">{tu_string!(i18n, annotators.corner)}</th>
                                {shown
                                    .iter()
                                    .map(|label| view! { <th scope="col"><span>{title(label)}</span></th> })
                                    .collect_view()}
                                <th scope="col" class="number">
                                    <span>{tu_string!(i18n, annotators.row_total)}</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

/// The labels that are final or were answered, in the order of the schema; others after them.
fn labels(schema: &Schema, question: &str, rows: &[ConfusionRow]) -> Vec<String> {
    let given = rows.iter().flat_map(|row| row.given.iter().map(|cell| &cell.answer));
    let mut found: Vec<String> = rows.iter().map(|row| &row.final_label).chain(given).cloned().collect();
    let known = schema.question(question).map(|question| &question.options);
    let place =
        |label: &String| known.and_then(|known| known.iter().position(|option| option.value == *label));
    found.sort_by_cached_key(|label| (place(label).unwrap_or(usize::MAX), label.clone()));
    found.dedup();
    found
}

/// Of many labels those that were mixed up most, in the same order.
fn most_mixed_up(all: &[String], quality: &Quality) -> Vec<String> {
    if all.len() <= MOST_LABELS {
        return all.to_vec();
    }
    let mut wanted: Vec<&str> = Vec::new();
    for mix_up in quality.mix_ups() {
        for label in [mix_up.final_label, mix_up.answer] {
            if wanted.len() < MOST_LABELS && !wanted.contains(&label) {
                wanted.push(label);
            }
        }
    }
    all.iter().filter(|label| wanted.contains(&label.as_str())).cloned().collect()
}
