//! The form that makes a webhook, and its fields, which the page of one webhook has too.

use super::api::CreateWebhook;
use crate::{
    components::{
        faults::{Faults, use_faults},
        field::TextField,
        form::{Outcome, use_outcome},
        inputs::CheckField,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::event::EventKind;
use leptos::{form::ActionForm, prelude::*};

/// What an event tells, in words.
pub fn kind_text(i18n: I18n, kind: EventKind) -> &'static str {
    match kind {
        EventKind::VersionPublished => tu_string!(i18n, webhooks.kind.version_published),
        EventKind::TagMoved => tu_string!(i18n, webhooks.kind.tag_moved),
        EventKind::WebhookTest => tu_string!(i18n, webhooks.kind.webhook_test),
    }
}

/// Where to send, and what.
#[component]
pub fn WebhookFields(#[prop(optional, into)] url: String, events: Vec<EventKind>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <TextField
            name="url"
            label=tu_string!(i18n, webhooks.url)
            hint=tu_string!(i18n, webhooks.url_hint)
            kind="url"
            value=url
        />
        <fieldset class="fieldset">
            <legend class="fieldset-legend">{tu_string!(i18n, webhooks.events)}</legend>
            {EventKind::PUBLISHED
                .map(|kind| {
                    view! {
                        <CheckField
                            name="events[]"
                            value=kind.as_str()
                            label=kind.as_str()
                            ticked=events.contains(&kind)
                            hint=kind_text(i18n, kind)
                        />
                    }
                })
                .collect_view()}
        </fieldset>
    }
}

#[component]
pub(super) fn NewWebhook(slug: String, create: ServerAction<CreateWebhook>) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = use_outcome("create_webhook", create.value());
    let faults = use_faults("create_webhook", create.value());
    view! {
        <section class="section members-add">
            <h2 class="section-title">{tu_string!(i18n, webhooks.add)}</h2>
            <ActionForm action=create>
                <input type="hidden" name="slug" value=slug />
                <WebhookFields events=EventKind::PUBLISHED.into() />
                <Outcome outcome done=tu_string!(i18n, webhooks.created_done) />
                <Faults faults />
                <button class="button button-primary" disabled=create.pending()>
                    {tu_string!(i18n, webhooks.add)}
                </button>
            </ActionForm>
        </section>
    }
}
