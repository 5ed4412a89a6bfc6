//! Which answer became which: a table with the answers before in rows and those after in columns. Each cell has its number
//! and leads to its samples; colour only helps.

use super::address::Address;
use crate::{
    components::{answer::title_of, number::count},
    i18n::{tu_string, use_i18n},
};
use domain::{
    schema::{Question, Schema},
    view::{diff::DiffFilter, version::DiffCount},
};
use leptos::prelude::*;
use serde_json::Value;

/// One table for each question whose answers differ.
#[component]
pub(super) fn Matrices(
    slug: String,
    ends: (i64, i64),
    schema: Schema,
    pairs: Vec<DiffCount>,
) -> impl IntoView {
    let tables: Vec<_> = schema
        .questions
        .iter()
        .filter_map(|question| {
            let pairs: Vec<DiffCount> =
                pairs.iter().filter(|pair| pair.question == question.name).cloned().collect();
            (!pairs.is_empty())
                .then(|| view! { <Matrix slug=slug.clone() ends schema=&schema question pairs /> }.into_any())
        })
        .collect();
    tables
}

#[component]
fn Matrix<'a>(
    slug: String,
    ends: (i64, i64),
    schema: &'a Schema,
    question: &'a Question,
    pairs: Vec<DiffCount>,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let rows = answers(question, pairs.iter().map(|pair| &pair.before));
    let columns = answers(question, pairs.iter().map(|pair| &pair.after));
    let most = pairs.iter().map(|pair| pair.count).max().unwrap_or(1);
    let title = |value: &Option<Value>| match value {
        Some(value) => title_of(schema, &question.name, value),
        None => tu_string!(i18n, common.no_label).to_owned(),
    };
    let path = |before: Option<&Option<Value>>, after: Option<&Option<Value>>| {
        let text = |value: &Option<Value>| value.as_ref().map(text_of);
        let filter = DiffFilter {
            question: Some(question.name.clone()),
            before: before.map(text),
            after: after.map(text),
            ..DiffFilter::default()
        };
        format!("{}#labels", Address::path(&slug, ends, &filter))
    };
    let number = |before: &Option<Value>, after: &Option<Value>| {
        pairs.iter().find(|pair| pair.before == *before && pair.after == *after).map(|pair| pair.count)
    };
    let head: Vec<_> = columns.iter().map(|after| view! { <th scope="col">{title(after)}</th> }).collect();
    let body: Vec<_> = rows
        .iter()
        .map(|before| {
            let cells: Vec<_> = columns
                .iter()
                .map(|after| match number(before, after) {
                    None => view! { <td class="number"></td> }.into_any(),
                    Some(samples) => {
                        let name = format!("{} → {}: {}", title(before), title(after), count(samples));
                        view! {
                            <td class=format!("number matrix-heat-{}", heat(samples, most))>
                                <a href=path(Some(before), Some(after)) aria-label=name>{count(samples)}</a>
                            </td>
                        }
                        .into_any()
                    }
                })
                .collect();
            let total: i64 = pairs.iter().filter(|pair| pair.before == *before).map(|pair| pair.count).sum();
            view! {
                <tr>
                    <th scope="row">{title(before)}</th>
                    {cells}
                    <td class="number">{count(total)}</td>
                </tr>
            }
        })
        .collect();
    let caption = tu_string!(i18n, compare.matrix_of, question = question.title().to_owned()).to_string();
    view! {
        // Not the table's caption, which would be cut off where the table is wider than the window.
        <p class="matrix-caption">{caption.clone()}</p>
        <div class="table-box table-box-tall" tabindex="0">
            <table class="table matrix" aria-label=caption>
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, compare.corner)}</th>
                        {head}
                        <th class="number" scope="col">{tu_string!(i18n, compare.total)}</th>
                    </tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

/// The answers that occur, in the order of the schema; no answer comes last.
fn answers<'a>(question: &Question, values: impl Iterator<Item = &'a Option<Value>>) -> Vec<Option<Value>> {
    let place = |value: &Option<Value>| match value {
        None => (2, 0, String::new()),
        Some(value) => {
            let text = text_of(value);
            let known = question.options.iter().position(|option| option.value == text);
            known.map_or_else(|| (1, 0, text), |place| (0, place, String::new()))
        }
    };
    let mut found: Vec<Option<Value>> = values.cloned().collect();
    found.sort_by_key(place);
    found.dedup();
    found
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// How strong a cell's colour is, 1 to 5.
fn heat(count: i64, most: i64) -> i64 {
    (count * 5 + most - 1) / most.max(1)
}
