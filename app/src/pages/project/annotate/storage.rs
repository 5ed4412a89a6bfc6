//! Answers that are not saved yet, kept in the browser's tab so that a reload loses none. Holds leases and answers,
//! never a sample's text.

use super::state::Unsaved;
use leptos::prelude::window;
use std::collections::VecDeque;

fn key(slug: &str) -> String {
    format!("relabel.unsaved.{slug}")
}

/// What an earlier page of this tab left.
pub fn load(slug: &str) -> Vec<Unsaved> {
    let stored = window()
        .session_storage()
        .ok()
        .flatten()
        .and_then(|storage| storage.get_item(&key(slug)).ok())
        .flatten();
    stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Keeps what is not saved; forgets everything when all is.
pub fn keep(slug: &str, outbox: &VecDeque<Unsaved>) {
    let Ok(Some(storage)) = window().session_storage() else { return };
    // Where the browser refuses to store, the answers are still in memory and on their way.
    let _ = match serde_json::to_string(outbox) {
        Ok(text) if !outbox.is_empty() => storage.set_item(&key(slug), &text),
        _ => storage.remove_item(&key(slug)),
    };
}
