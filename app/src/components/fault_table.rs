//! What is wrong with a file: one row for each place, with its line, its pointer and a sentence.

use crate::{
    components::number::count,
    i18n::{tu_string, use_i18n},
    refusal_text,
};
use domain::problem::Fault;
use leptos::prelude::*;

/// How many faults an upload tells at most.
const MOST: usize = domain::problem::Refusal::MOST_FAULTS;

/// The rows; nothing where nothing is wrong.
#[component]
pub fn FaultTable(faults: Vec<Fault>) -> impl IntoView {
    let i18n = use_i18n();
    let more = (faults.len() >= MOST)
        .then(|| view! { <p class="field-hint">{tu_string!(i18n, upload.faults_cut)}</p> });
    let rows: Vec<_> = faults
        .into_iter()
        .map(|fault| {
            let detail = (!fault.detail.is_empty())
                .then(|| view! { <span class="fault-detail" lang="en" dir="auto">{fault.detail}</span> });
            view! {
                <tr>
                    <td class="number">{fault.line.map(count)}</td>
                    <td><code>{fault.pointer}</code></td>
                    <td>{refusal_text::of(i18n, fault.code)} {detail}</td>
                    <td><code>{fault.code.as_str()}</code></td>
                </tr>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <div class="table-box fault-table">
                <table class="table">
                    <thead>
                        <tr>
                            <th class="number">{tu_string!(i18n, upload.line)}</th>
                            <th>{tu_string!(i18n, upload.place)}</th>
                            <th>{tu_string!(i18n, upload.problem)}</th>
                            <th>{tu_string!(i18n, upload.code)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {more}
        }
    })
}
