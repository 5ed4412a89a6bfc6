//! Markdown that is being typed, as it would be shown in the guideline.

use crate::{
    components::markdown::CleanHtml,
    error::{Answer, Reply},
    i18n::{tu_string, use_i18n},
};
use leptos::{html, prelude::*};

/// A guideline, or a rule that becomes a part of it, as it would be shown, in clean HTML.
#[server(endpoint = "preview_guideline")]
pub async fn preview_guideline(
    slug: String,
    #[server(default)] guideline: String,
    #[server(default)] is_rule: bool,
) -> Answer<String> {
    use crate::{components::markdown::to_html, error::load, parse, session};
    use domain::problem::Code;
    use service::usecase::rules::{LONGEST_RULE, contained};
    let html = async {
        let actor = session::actor().await?;
        session::services()?.projects().get(&actor, &parse::slug(&slug)?).await?;
        if !is_rule {
            return Ok(to_html(&guideline));
        }
        if guideline.chars().count() > LONGEST_RULE {
            return Err(Code::TooLong.into());
        }
        Ok(to_html(&contained(&guideline)))
    };
    load(html.await)
}

/// Shows what is typed as it would be shown; there with JavaScript only, and below the form until it is asked for again.
#[component]
pub fn PreviewButton(
    /// The project's name in addresses.
    slug: String,
    /// Where it is typed.
    text: NodeRef<html::Textarea>,
    /// Whether it is a rule.
    #[prop(optional)]
    is_rule: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let preview = ServerAction::<PreviewGuideline>::new();
    let ready = RwSignal::new(false);
    Effect::new(move || ready.set(true));
    let ask = move |_| {
        let guideline = text.get().map(|text| text.value()).unwrap_or_default();
        preview.dispatch(PreviewGuideline { slug: slug.clone(), guideline, is_rule });
    };
    let shown = move || match preview.value().get() {
        Some(Ok(Reply::Done(html))) => Some(view! {
            <div class="preview" role="region" aria-label=tu_string!(i18n, settings.guideline.preview)>
                <CleanHtml html />
            </div>
        }),
        _ => None,
    };
    view! {
        <button class="button" type="button" disabled=move || !ready.get() || preview.pending().get() on:click=ask>
            {tu_string!(i18n, settings.guideline.preview)}
        </button>
        {shown}
    }
}
