//! Ticks every sample of the page, or none. It needs JavaScript, so it can be used only once that is there.

use crate::i18n::{tu_string, use_i18n};
use leptos::{prelude::*, wasm_bindgen::JsCast};
use web_sys::HtmlInputElement;

/// The boxes of the page's samples.
const BOXES: &str = ".samples-table input[name='ids[]']";

#[component]
pub(super) fn SelectAll() -> impl IntoView {
    let i18n = use_i18n();
    let ready = RwSignal::new(false);
    Effect::new(move || ready.set(true));
    let toggled = |event: leptos::ev::Event| {
        let checked = event_target_checked(&event);
        let Ok(boxes) = document().query_selector_all(BOXES) else { return };
        for place in 0..boxes.length() {
            if let Some(input) = boxes.get(place).and_then(|node| node.dyn_into::<HtmlInputElement>().ok()) {
                input.set_checked(checked);
            }
        }
    };
    view! {
        <input
            type="checkbox"
            aria-label=tu_string!(i18n, samples.select_all)
            title=tu_string!(i18n, samples.select_all)
            disabled=move || !ready.get()
            on:change=toggled
        />
    }
}
