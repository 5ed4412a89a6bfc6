//! Keys of the annotation screen: one press, one command. Silent while somebody writes, composes Hangul, or holds a
//! key or a modifier down.

use super::{
    desk::Desk,
    keys::{Command, command},
    state::{State, Trouble},
};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};

/// Listens while the screen is there.
pub fn listen(desk: Desk, help: NodeRef<html::Div>, guideline: NodeRef<html::Aside>) {
    Effect::new(move || {
        let keys = window_event_listener(ev::keydown, move |event| {
            desk.is_used();
            if let Some(command) = meant(&event) {
                event.prevent_default();
                obey(desk, command, help, guideline);
            }
        });
        let online = window_event_listener(ev::online, move |_| desk.send_now());
        let leaving = window_event_listener(ev::beforeunload, move |event| {
            // Who signs in again comes back to this tab, which keeps the answers.
            let is_at_risk =
                |state: &State| !state.outbox.is_empty() && state.trouble != Some(Trouble::SignedOut);
            if desk.state.with_untracked(is_at_risk) {
                event.prevent_default();
            }
        });
        on_cleanup(move || {
            keys.remove();
            online.remove();
            leaving.remove();
        });
    });
}

/// The command of a key press, where it is one.
fn meant(event: &ev::KeyboardEvent) -> Option<Command> {
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    if event.is_composing() || event.repeat() || modified || event.default_prevented() {
        return None;
    }
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let within =
        |selector: &str| element.as_ref().is_some_and(|element| element.matches(selector).unwrap_or(false));
    if within("textarea, select, input:not([type=radio]), [contenteditable]") {
        if event.key() == "Escape"
            && let Some(field) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = field.blur();
        }
        return None;
    }
    let command = command(&event.key(), &event.code())?;
    // Enter on a control is that control's.
    if command == Command::Confirm && within("button, a, summary") {
        return None;
    }
    let popover_is_open = document().query_selector(":popover-open").ok().flatten().is_some();
    (!popover_is_open || matches!(command, Command::Help | Command::Guideline)).then_some(command)
}

fn obey(desk: Desk, command: Command, help: NodeRef<html::Div>, guideline: NodeRef<html::Aside>) {
    let has_task = desk.state.with_untracked(|state| state.current().is_some());
    match command {
        Command::Choose(index) if has_task => choose(desk, index),
        Command::Say(verdict) if has_task => desk.say(verdict),
        Command::Skip if has_task => desk.skip(),
        Command::Note if has_task => open_note(desk),
        Command::Confirm if !has_task => desk.claim(),
        Command::Confirm if desk.with_schema(|schema| schema.questions.len() > 1) => desk.confirm(),
        Command::Undo => desk.undo(),
        Command::Help => {
            if let Some(help) = help.get_untracked() {
                let _ = help.toggle_popover();
            }
        }
        Command::Guideline => show_guideline(guideline),
        _ => {}
    }
}

/// The option with this index: of the only question an answer, of several a choice.
fn choose(desk: Desk, index: usize) {
    let active = desk.active.get_untracked();
    let (several, value) = desk.with_schema(|schema| {
        let question = schema.questions.get(active);
        let value =
            question.and_then(|question| question.offered().nth(index)).map(|option| option.value.clone());
        (schema.questions.len(), value)
    });
    let Some(value) = value else { return };
    if several == 1 {
        return desk.answer(&value);
    }
    desk.choices.update(|choices| {
        choices.insert(active, value);
    });
    desk.active.set((active + 1).min(several - 1));
}

fn open_note(desk: Desk) {
    if let (Some(note_box), Some(note)) = (desk.note_box.get_untracked(), desk.note.get_untracked()) {
        note_box.set_open(true);
        let _ = note.focus();
    }
}

/// Where the guideline stands beside the sample it gets the focus; else it opens and closes.
fn show_guideline(guideline: NodeRef<html::Aside>) {
    let Some(guideline) = guideline.get_untracked() else { return };
    let is_open = guideline.matches(":popover-open").unwrap_or(false);
    if is_open || guideline.offset_width() == 0 {
        let _ = guideline.toggle_popover();
    } else {
        let _ = guideline.focus();
    }
}
