//! Changing a webhook, and deleting it.

use super::Actions;
use crate::{
    components::{
        confirm::Confirm,
        faults::{Faults, use_faults},
        form::{Outcome, use_outcome},
    },
    error::Reply,
    i18n::{tu_string, use_i18n},
    pages::project::webhooks::WebhookFields,
};
use domain::view::publishing::WebhookView;
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_navigate;

#[component]
pub(super) fn ChangeWebhook(slug: String, webhook: WebhookView, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let update = actions.update;
    let outcome = use_outcome("update_webhook", update.value());
    let faults = use_faults("update_webhook", update.value());
    let id = webhook.webhook.0;
    view! {
        <section class="section">
            <h2 class="section-title">{tu_string!(i18n, webhooks.change)}</h2>
            <ActionForm action=update>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="webhook" value=id />
                <WebhookFields url=webhook.url events=webhook.events />
                <Outcome outcome done=tu_string!(i18n, common.saved) />
                <Faults faults />
                <button class="button button-primary" disabled=update.pending()>
                    {tu_string!(i18n, common.save)}
                </button>
            </ActionForm>
        </section>
    }
}

#[component]
pub(super) fn DeleteWebhook(slug: String, webhook: WebhookView, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let delete = actions.delete;
    let outcome = use_outcome("delete_webhook", delete.value());
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(Reply::Done(page))) = delete.value().get() {
            navigate(&page, Default::default());
        }
    });
    let consequence = tu_string!(i18n, webhooks.delete_text, n = webhook.waiting).to_string();
    let id = webhook.webhook.0;
    view! {
        <section class="section">
            <h2 class="section-title">{tu_string!(i18n, webhooks.delete_title)}</h2>
            <Confirm summary=tu_string!(i18n, webhooks.delete)>
                <p>{consequence}</p>
                <ActionForm action=delete>
                    <input type="hidden" name="slug" value=slug />
                    <input type="hidden" name="webhook" value=id />
                    <Outcome outcome done=tu_string!(i18n, webhooks.deleted) />
                    <button class="button button-danger" disabled=delete.pending()>
                        {tu_string!(i18n, webhooks.delete_confirm)}
                    </button>
                </ActionForm>
            </Confirm>
        </section>
    }
}
