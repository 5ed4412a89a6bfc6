//! The part of the filters that asks when and under what a stored label was decided.

use super::filter::Wanted;
use crate::i18n::{tu_string, use_i18n};
use leptos::prelude::*;

/// Four fields, folded away until one of them is in use.
#[component]
pub(super) fn History(wanted: Wanted) -> impl IntoView {
    let i18n = use_i18n();
    let open = wanted.is_about_history();
    let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    view! {
        <details class="samples-history" open=open>
            <summary>{tu_string!(i18n, samples.history)}</summary>
            <div class="samples-history-fields">
                <label class="filter">
                    <span class="field-label">{tu_string!(i18n, samples.guideline_below)}</span>
                    <input
                        class="input"
                        type="number"
                        name="guideline_below"
                        min="2"
                        max="1000000"
                        value=number(wanted.guideline_below)
                    />
                </label>
                <label class="filter">
                    <span class="field-label">{tu_string!(i18n, samples.schema_below)}</span>
                    <input
                        class="input"
                        type="number"
                        name="schema_below"
                        min="2"
                        max="1000000"
                        value=number(wanted.schema_below)
                    />
                </label>
                <label class="filter">
                    <span class="field-label">{tu_string!(i18n, samples.changed_from)}</span>
                    <input
                        class="input"
                        type="text"
                        name="changed_from"
                        maxlength="64"
                        autocomplete="off"
                        value=wanted.changed_from.unwrap_or_default()
                    />
                </label>
                <label class="filter">
                    <span class="field-label">{tu_string!(i18n, samples.changed_to)}</span>
                    <input
                        class="input"
                        type="text"
                        name="changed_to"
                        maxlength="64"
                        autocomplete="off"
                        value=wanted.changed_to.unwrap_or_default()
                    />
                </label>
            </div>
        </details>
    }
}
