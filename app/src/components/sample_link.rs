//! The way to a sample's page.

use crate::address::escape;
use leptos::prelude::*;

/// A sample's id, linked to its page.
#[component]
pub fn SampleLink(
    #[prop(into)] slug: String,
    #[prop(into)] id: String,
    #[prop(default = "sample-link")] class: &'static str,
) -> impl IntoView {
    let href = format!("/projects/{slug}/samples/{}", escape(&id));
    // The router decodes the address of a followed link once too often; the browser does not.
    let rel = id.contains('%').then_some("external");
    view! { <a class=class href=href rel=rel>{id}</a> }
}
