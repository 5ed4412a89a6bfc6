//! The title of a page in the browser's tab.

use crate::i18n::{tu_string, use_i18n};
use leptos::prelude::*;

/// The title of a page of the site, or of a project.
#[component]
pub fn Title(
    #[prop(into)] page: String,
    /// The project's name, where the page belongs to one.
    #[prop(optional, into)]
    project: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = match project {
        Some(project) => tu_string!(i18n, common.title_in, page = page, project = project).to_string(),
        None => tu_string!(i18n, common.title, page = page).to_string(),
    };
    view! { <leptos_meta::Title text /> }
}
