//! What became of a file: the check with its first rows, the counts of an import, or what is wrong and where.

use crate::{
    components::{fault_table::FaultTable, number::count},
    error::{Answer, Failure, Refused, Reply},
    i18n::{I18n, tu_string, use_i18n},
    refusal_text,
};
use domain::view::intake::UploadPreview;
use leptos::prelude::*;

use super::api::Received;

/// The outcome.
#[component]
pub fn OutcomeOf(slug: String, answer: Answer<Received>) -> impl IntoView {
    let i18n = use_i18n();
    match answer {
        Ok(Reply::Done(Received::Checked(preview))) => view! { <Checked preview /> }.into_any(),
        Ok(Reply::Done(received)) => view! { <Imported slug received /> }.into_any(),
        Ok(Reply::Refused(refused)) => view! { <RefusedFile refused /> }.into_any(),
        Err(failure) => {
            let text = match failure {
                Failure::Unreachable => tu_string!(i18n, common.error.unreachable_text),
                _ => tu_string!(i18n, upload.failed),
            };
            view! { <p class="notice notice-bad">{text}</p> }.into_any()
        }
    }
}

#[component]
fn RefusedFile(refused: Refused) -> impl IntoView {
    let i18n = use_i18n();
    let text = refusal_text::of(i18n, refused.code);
    let nothing = tu_string!(i18n, upload.nothing_kept);
    view! {
        <div class="notice notice-bad">
            <p>{text} " " {nothing}</p>
        </div>
        <FaultTable faults=refused.errors />
    }
}

#[component]
fn Checked(preview: UploadPreview) -> impl IntoView {
    let i18n = use_i18n();
    let is_clean = preview.rejected == 0;
    let class = if is_clean { "notice notice-good" } else { "notice notice-warning" };
    let text = tu_string!(i18n, upload.checked, n = count(preview.received), bad = count(preview.rejected));
    let hint =
        if is_clean { tu_string!(i18n, upload.checked_clean) } else { tu_string!(i18n, upload.checked_bad) };
    let rows: Vec<_> = preview
        .rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <td class="number">{count(row.line)}</td>
                    <td>{row.id}</td>
                    <td class="samples-text" dir="auto">{row.text}</td>
                    <td>{row.label.map(|label| view! { <code>{label}</code> })}</td>
                    <td class="number">{count(row.predictions)}</td>
                </tr>
            }
        })
        .collect();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <h2 class="upload-heading">{tu_string!(i18n, upload.first_rows)}</h2>
            <div class="table-box" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            <th class="number">{tu_string!(i18n, upload.line)}</th>
                            <th>{tu_string!(i18n, samples.id)}</th>
                            <th>{tu_string!(i18n, samples.content)}</th>
                            <th>{tu_string!(i18n, samples.label)}</th>
                            <th class="number">{tu_string!(i18n, upload.predictions)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <p class=class>{text.to_string()} " " {hint}</p>
        <FaultTable faults=preview.errors />
        {table}
    }
}

#[component]
fn Imported(slug: String, received: Received) -> impl IntoView {
    let i18n = use_i18n();
    let (counts, faults, version) = counts_of(i18n, received);
    let counts: Vec<_> = counts
        .into_iter()
        .map(|(text, number)| {
            let class = if number == 0 { "tally-item tally-none" } else { "tally-item" };
            view! {
                <div class=class>
                    <dt>{text}</dt>
                    <dd class="number">{count(number)}</dd>
                </div>
            }
        })
        .collect();
    let version = version.map(|number| {
        let text = tu_string!(i18n, upload.version, n = number).to_string();
        view! { <a class="button" href=format!("/projects/{slug}/versions/{number}")>{text}</a> }
    });
    view! {
        <div class="upload-done">
            <p class="notice notice-good">{tu_string!(i18n, upload.imported)}</p>
            <dl class="tally">{counts}</dl>
            <p class="upload-send">
                <a class="button" href=format!("/projects/{slug}/samples")>{tu_string!(i18n, samples.title)}</a>
                <a class="button" href=format!("/projects/{slug}/imports")>{tu_string!(i18n, common.nav.imports)}</a>
                {version}
            </p>
            <FaultTable faults />
        </div>
    }
}

type Counts = Vec<(&'static str, i64)>;

fn counts_of(i18n: I18n, received: Received) -> (Counts, Vec<domain::problem::Fault>, Option<i64>) {
    let lines = tu_string!(i18n, imports.received);
    let (created, updated) = (tu_string!(i18n, imports.created), tu_string!(i18n, imports.updated));
    let (unchanged, rejected) = (tu_string!(i18n, imports.unchanged), tu_string!(i18n, imports.rejected));
    let opened = tu_string!(i18n, imports.tasks_opened);
    match received {
        Received::Checked(preview) => (vec![(lines, preview.received)], preview.errors, None),
        Received::Samples(import) => {
            let conflicts = tu_string!(i18n, imports.label_conflicts);
            let counts = vec![
                (lines, import.received),
                (created, import.created),
                (updated, import.updated),
                (unchanged, import.unchanged),
                (rejected, import.rejected),
                (conflicts, import.label_conflicts),
                (opened, import.tasks_opened),
            ];
            (counts, import.errors, import.version)
        }
        Received::Annotations(import) => {
            let counts = vec![
                (lines, import.received),
                (created, import.created),
                (tu_string!(i18n, imports.repeated), import.repeated),
                (rejected, import.rejected),
                (opened, import.tasks_opened),
                (tu_string!(i18n, imports.tasks_settled), import.tasks_settled),
            ];
            (counts, import.errors, None)
        }
        Received::Predictions(import) => {
            let superseded = tu_string!(i18n, imports.tasks_superseded);
            let counts = vec![
                (lines, import.received),
                (created, import.created),
                (updated, import.updated),
                (rejected, import.rejected),
                (opened, import.tasks_opened),
                (superseded, import.tasks_superseded),
            ];
            (counts, import.errors, None)
        }
        Received::Reports(import) => {
            let counts =
                vec![(lines, import.received), (rejected, import.rejected), (opened, import.tasks_opened)];
            (counts, import.errors, None)
        }
    }
}
