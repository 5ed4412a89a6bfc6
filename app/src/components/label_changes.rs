//! Labels that differ between two versions as a table: before → after, what became of it, where the label after comes from.

use crate::{
    components::{
        badge::{Badge, Tone},
        change::Change,
        provenance::provenance_line,
        sample_link::SampleLink,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{schema::Schema, view::version::DiffItem};
use leptos::prelude::*;

/// The labels, one a row.
#[component]
pub fn LabelChanges(slug: String, schema: Schema, items: Vec<DiffItem>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |item: DiffItem| {
        let mark = match (&item.before, &item.after) {
            (before, after) if before == after => {
                Some(view! { <Badge text=tu_string!(i18n, parts.confirmed) tone=Tone::Good /> })
            }
            (Some(_), None) => {
                Some(view! { <Badge text=tu_string!(i18n, parts.removed) tone=Tone::Warning /> })
            }
            (None, Some(_)) => Some(view! { <Badge text=tu_string!(i18n, parts.added) tone=Tone::Accent /> }),
            _ => None,
        };
        view! {
            <tr>
                <td><SampleLink slug=slug.clone() id=item.id.to_string() class="mono" /></td>
                <td class="change-cell">
                    <Change schema=&schema before=item.before.as_ref() after=item.after.as_ref() /> " " {mark}
                </td>
                <td class="provenance">{item.provenance.map(|given| provenance_line(i18n, &given))}</td>
            </tr>
        }
    };
    view! {
        <div class="table-box" tabindex="0">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, versions.sample)}</th>
                        <th scope="col">{tu_string!(i18n, versions.change)}</th>
                        <th scope="col">{tu_string!(i18n, version.why)}</th>
                    </tr>
                </thead>
                <tbody>{items.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
