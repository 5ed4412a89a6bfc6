//! Answers that are not saved yet, kept in the browser's tab so that a reload loses none. Holds leases and answers,
//! never a sample's text; one person's answers never become another's who signs in in the same tab.

use super::state::Unsaved;
use leptos::prelude::window;
use web_sys::Storage;

/// Where one person's unsaved answers of one project lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(String);

impl Place {
    /// Of this user in this project.
    pub fn of(user: i64, slug: &str) -> Self {
        Self(format!("relabel.unsaved.{user}.{slug}"))
    }

    /// What is kept, the oldest first.
    pub fn load(&self) -> Vec<Unsaved> {
        let stored = storage().and_then(|storage| storage.get_item(&self.0).ok()).flatten();
        stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// Keeps one more.
    pub fn keep(&self, unsaved: &Unsaved) {
        let mut kept = self.load();
        kept.push(unsaved.clone());
        self.store(&kept);
    }

    /// Forgets the one of this lease: it is saved, refused or taken back.
    pub fn forget(&self, lease: &str) {
        let mut kept = self.load();
        kept.retain(|unsaved| unsaved.lease != lease);
        self.store(&kept);
    }

    fn store(&self, kept: &[Unsaved]) {
        let Some(storage) = storage() else { return };
        // Where the browser refuses to store, the answers are still in memory and on their way.
        let _ = match serde_json::to_string(kept) {
            Ok(text) if !kept.is_empty() => storage.set_item(&self.0, &text),
            _ => storage.remove_item(&self.0),
        };
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
