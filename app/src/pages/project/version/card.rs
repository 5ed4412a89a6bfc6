//! The data card of a version: what its labels are, and what they are not good for. It is shown where it is asked for by
//! the address: it counts all labels.

use super::api::load_card;
use crate::{
    components::{loaded::Loaded, markdown::CleanHtml},
    error::Answer,
    i18n::{Locale, tu_string, use_i18n},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The card that the address asks for, as clean HTML.
pub(super) type CardText = Resource<Answer<Option<String>>>;

/// The card of the version that the address names.
pub(super) fn use_card(slug: Memo<String>, reference: Memo<String>) -> CardText {
    let (language, query) = (language(), use_query_map());
    let asked = move || query.with(|query| query.get("card"));
    Resource::new(
        move || (slug.get(), reference.get(), asked()),
        move |(slug, reference, asked)| load_card(slug, reference, language.to_owned(), asked),
    )
}

/// The code of the page's language.
fn language() -> &'static str {
    match use_i18n().get_locale_untracked() {
        Locale::en => "en",
        Locale::ko => "ko",
    }
}

/// The card where it was asked for, the way to it, and the way to it as a file.
#[component]
pub(super) fn DataCard(slug: String, number: i64, card: CardText) -> impl IntoView {
    let i18n = use_i18n();
    let file = format!("/api/v1/projects/{slug}/versions/{number}/card?lang={}", language());
    let name = format!("{slug}-v{number}.md");
    let here = format!("/projects/{slug}/versions/{number}?card=shown#card");
    let shown = move |html: Option<String>| match html {
        Some(html) => view! { <CleanHtml html /> }.into_any(),
        None => {
            view! { <p><a class="button" href=here.clone()>{tu_string!(i18n, version.card_show)}</a></p> }
                .into_any()
        }
    };
    view! {
        <section class="section section-wide" id="card">
            <h2 class="section-title">{tu_string!(i18n, version.card)}</h2>
            <p class="section-lead">
                {tu_string!(i18n, version.card_lead)} " "
                <a href=file rel="external" download=name>{tu_string!(i18n, version.card_download)}</a>
            </p>
            <Loaded data=card view=shown />
        </section>
    }
}
