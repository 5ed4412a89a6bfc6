//! Turns key presses into presses of the page's own buttons, so that the keyboard can do nothing that a pointer
//! cannot. Silent while somebody writes, composes Hangul, or holds a modifier down.

use super::{
    bar::ids,
    desk::Desk,
    keys::{Command, Mode, command},
    order::Step,
};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use web_sys::{
    Element, FocusOptions, HtmlElement, HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition,
};

/// Listens while the page is there.
pub fn listen(desk: Desk, help: NodeRef<html::Div>) {
    let navigate = use_navigate();
    Effect::new(move || {
        let navigate = navigate.clone();
        let keys = window_event_listener(ev::keydown, move |event| {
            if let Some(command) = meant(&event) {
                event.prevent_default();
                obey(command, desk, help, &navigate);
            }
        });
        on_cleanup(move || keys.remove());
    });
}

/// The command of a key press, where it is one.
fn meant(event: &ev::KeyboardEvent) -> Option<Command> {
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    if event.is_composing() || modified || event.default_prevented() {
        return None;
    }
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within =
        |selector: &str| element.as_ref().is_some_and(|element| element.matches(selector).unwrap_or(false));
    if within("textarea, select, input:not([type=radio]), [contenteditable]") {
        if event.key() == "Escape"
            && let Some(field) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok())
        {
            // What does not have the focus cannot lose it.
            let _ = field.blur();
        }
        return None;
    }
    let is_open = by_id(ids::CORRECT).is_some_and(|details| details.has_attribute("open"));
    let command =
        command(if is_open { Mode::Choosing } else { Mode::Deciding }, &event.key(), &event.code())?;
    let popover_is_open = document().query_selector(":popover-open").ok().flatten().is_some();
    let is_step = matches!(command, Command::Next | Command::Previous);
    let is_wanted = (!popover_is_open || command == Command::Help) && (is_step || !event.repeat());
    is_wanted.then_some(command)
}

fn obey(command: Command, desk: Desk, help: NodeRef<html::Div>, navigate: &impl Fn(&str, NavigateOptions)) {
    match command {
        Command::Approve => press(ids::APPROVE),
        Command::Return => press(ids::RETURN),
        Command::Dismiss => press(ids::DISMISS),
        // On a task that is not decided it takes back the decision made just before.
        Command::Reopen if by_id(ids::REOPEN).is_none() => press(ids::UNDO),
        Command::Reopen => press(ids::REOPEN),
        Command::Correct => {
            open(ids::CORRECT);
            focus(&format!("#{} input", ids::CORRECT));
        }
        Command::Close => close(ids::CORRECT),
        Command::Note => {
            open(ids::NOTE);
            focus(&format!("#{}", ids::NOTE_TEXT));
        }
        Command::Next => desk.step(Step::Next, navigate),
        Command::Previous => desk.step(Step::Previous, navigate),
        Command::Help => {
            // A browser without popovers ignores the key; the button's list is then part of the page.
            let _ = help.get_untracked().map(|help| help.toggle_popover());
        }
        Command::Choose(index) => choose(index),
    }
}

fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

// An attribute of an element that is there can always be set.
fn open(id: &str) {
    let _ = by_id(id).map(|details| details.set_attribute("open", ""));
}

fn close(id: &str) {
    let _ = by_id(id).map(|details| details.remove_attribute("open"));
}

fn press(id: &str) {
    if let Some(button) = by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}

fn focus(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    // What cannot take the focus leaves it where it is.
    let _ = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()).map(|element| element.focus());
}

/// Brings what is read next before the reader: its row into the list, itself into the focus, and both into view only
/// as far as they are not.
pub fn attend(id: &str) {
    if let Ok(Some(row)) = document().query_selector(".review-link[aria-current]") {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
    let Some(region) = by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) else { return };
    let stay = FocusOptions::new();
    stay.set_prevent_scroll(true);
    let _ = region.focus_with_options(&stay);
    let top = region.get_bounding_client_rect().top();
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    if top < 0.0 || top > height / 2.0 {
        region.scroll_into_view();
    }
}

/// Chooses the option with this index; where there is one question, that is the whole correction.
fn choose(index: usize) {
    let questions = document().query_selector_all(&format!("#{} fieldset", ids::CORRECT));
    let is_only = questions.is_ok_and(|questions| questions.length() == 1);
    let options = document().query_selector_all(&format!("#{} input[type=radio]", ids::CORRECT));
    let option = options.ok().and_then(|options| options.get(u32::try_from(index).ok()?));
    let option = option.and_then(|option| option.dyn_into::<HtmlInputElement>().ok());
    if let Some(option) = option.filter(|_| is_only) {
        option.set_checked(true);
        press(ids::SEND);
    }
}
