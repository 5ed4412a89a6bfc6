//! Choosing by keyboard: from task to task, and the one label, the other or neither for the task that has the focus; and
//! buttons that choose for all tasks at once. Both only press the page's own choices, so they can do nothing else.

use crate::i18n::{tu_string, use_i18n};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, HtmlElement, HtmlInputElement, NodeList};

/// The keys, and the buttons for all tasks. They need JavaScript, so they can be used only once that is there.
#[component]
pub(super) fn Keys(
    /// What people read as the two labels.
    titles: [String; 2],
) -> impl IntoView {
    let i18n = use_i18n();
    let ready = RwSignal::new(false);
    Effect::new(move || {
        ready.set(true);
        let keys = window_event_listener(ev::keydown, |event| {
            if obey(&event) {
                event.prevent_default();
            }
        });
        on_cleanup(move || keys.remove());
    });
    let [a, b] = titles;
    let none = tu_string!(i18n, ambiguity.leave_out).to_owned();
    let buttons = [("a", a.clone()), ("b", b.clone()), ("none", none)].map(|(choice, word)| {
        view! {
            <button class="button" type="button" disabled=move || !ready.get() on:click=move |_| choose_all(choice)>
                {word}
            </button>
        }
    });
    view! {
        <div class="pair-keys">
            <p class="section-lead">{tu_string!(i18n, ambiguity.keys, a = a, b = b).to_string()}</p>
            <p class="form-buttons" role="group" aria-label=tu_string!(i18n, ambiguity.for_all)>
                <span class="field-label">{tu_string!(i18n, ambiguity.for_all)}</span>
                {buttons}
            </p>
        </div>
    }
}

/// Whether the key press was meant for the tasks.
fn obey(event: &ev::KeyboardEvent) -> bool {
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    if event.is_composing() || modified || event.default_prevented() {
        return false;
    }
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_writing = element.as_ref().is_some_and(|element| {
        element.matches("textarea, select, input:not([type=radio]), [contenteditable]").unwrap_or(false)
    });
    if is_writing {
        return false;
    }
    let within = element.and_then(|element| element.closest(".pair-item").ok().flatten());
    // By the key's place, so that it is the same with a Korean layout.
    match event.code().as_str() {
        "KeyJ" => step(within.as_ref(), 1),
        "KeyK" => step(within.as_ref(), -1),
        "Digit1" | "Numpad1" => within.is_some_and(|item| choose(&item, "a")),
        "Digit2" | "Numpad2" => within.is_some_and(|item| choose(&item, "b")),
        "Digit0" | "Numpad0" => within.is_some_and(|item| choose(&item, "none")),
        _ => false,
    }
}

fn found(selector: &str) -> Vec<Element> {
    document().query_selector_all(selector).map(elements).unwrap_or_default()
}

fn elements(nodes: NodeList) -> Vec<Element> {
    (0..nodes.length()).filter_map(|place| nodes.get(place)?.dyn_into().ok()).collect()
}

/// Moves the focus to the choice of the next task or the one before.
fn step(from: Option<&Element>, by: isize) -> bool {
    let items: Vec<Element> =
        found(".pair-item").into_iter().filter(|item| checked(item).is_some()).collect();
    let place = from.and_then(|from| items.iter().position(|item| item == from));
    let next = match place {
        Some(place) => place.checked_add_signed(by),
        None => Some(0),
    };
    let Some(item) = next.and_then(|next| items.get(next)) else { return false };
    let Some(input) = checked(item) else { return false };
    // What is gone meanwhile cannot be focused.
    let _ = input.unchecked_ref::<HtmlElement>().focus();
    item.scroll_into_view_with_bool(true);
    true
}

fn checked(item: &Element) -> Option<HtmlInputElement> {
    let input = item.query_selector("input[type=radio]:checked").ok().flatten();
    let input = input.or_else(|| item.query_selector("input[type=radio]").ok().flatten());
    input.and_then(|input| input.dyn_into().ok())
}

/// Chooses for one task, and leaves the focus there.
fn choose(item: &Element, choice: &str) -> bool {
    let input = item.query_selector(&format!("input[data-choice={choice}]")).ok().flatten();
    let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) else { return false };
    input.set_checked(true);
    let _ = input.unchecked_ref::<HtmlElement>().focus();
    true
}

fn choose_all(choice: &str) {
    for input in found(&format!(".pair-item input[data-choice={choice}]")) {
        input.unchecked_ref::<HtmlInputElement>().set_checked(true);
    }
}
