//! One webhook: trying it, pausing it, changing it, and what became of what was sent to it.

mod api;
mod change;
mod deliveries;

use crate::{
    components::{
        form::{Outcome, use_outcome},
        loaded::Loaded,
        project_layout::use_slug,
        reload::use_done,
        title::Title,
    },
    error::{Answer, Reply},
    every_second::every_second,
    i18n::{tu_string, use_i18n},
    pages::project::webhooks::state_badge,
};
use api::{
    DeleteWebhook as Delete, PauseWebhook, ResumeWebhook, RetryDelivery, TestWebhook, UpdateWebhook, Webhook,
    load_deliveries, load_webhook,
};
use change::{ChangeWebhook, DeleteWebhook};
use deliveries::Deliveries;
use domain::{
    delivery::DeliveryState,
    view::{
        Page,
        publishing::{DeliveryView, WebhookView},
    },
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};

/// What can be done on the page.
#[derive(Clone, Copy)]
struct Actions {
    test: ServerAction<TestWebhook>,
    pause: ServerAction<PauseWebhook>,
    resume: ServerAction<ResumeWebhook>,
    update: ServerAction<UpdateWebhook>,
    retry: ServerAction<RetryDelivery>,
    delete: ServerAction<Delete>,
}

/// The page of one webhook.
#[component]
pub fn WebhookPage() -> impl IntoView {
    let slug = use_slug();
    let (params, query) = (use_params_map(), use_query_map());
    // What is no number names no webhook.
    let id = Memo::new(move |_| {
        params.with(|params| params.get_str("webhook").and_then(|id| id.parse().ok())).unwrap_or(0)
    });
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor")));
    let actions = Actions {
        test: ServerAction::new(),
        pause: ServerAction::new(),
        resume: ServerAction::new(),
        update: ServerAction::new(),
        retry: ServerAction::new(),
        delete: ServerAction::new(),
    };
    let changes = [
        use_done(actions.test.value()),
        use_done(actions.pause.value()),
        use_done(actions.resume.value()),
        use_done(actions.update.value()),
        use_done(actions.retry.value()),
    ];
    let webhook = Resource::new(
        move || (slug.get(), id.get(), changes.map(|change| change.get())),
        |(slug, id, _)| load_webhook(slug, id),
    );
    // Apart from the rest, whose form keeps what is being typed.
    let deliveries = Resource::new(
        move || (slug.get(), id.get(), cursor.get(), changes.map(|change| change.get())),
        |(slug, id, cursor, _)| load_deliveries(slug, id, cursor),
    );
    let is_moving = move || {
        let shown = webhook.get().and_then(Result::ok).and_then(Reply::done);
        let sent = deliveries.get().and_then(Result::ok).and_then(Reply::done);
        shown.is_some_and(|shown| shown.webhook.enabled)
            && sent.is_some_and(|sent| sent.items.iter().any(is_on_its_way))
    };
    every_second(Signal::derive(is_moving), move || deliveries.refetch());
    // What is so no longer is not told any more.
    let [_, paused, resumed, ..] = changes;
    Effect::new(move || {
        if paused.get() > 0 {
            actions.resume.clear();
            actions.test.clear();
        }
    });
    Effect::new(move || {
        if resumed.get() > 0 {
            actions.pause.clear();
        }
    });
    view! {
        <Loaded data=webhook view=move |webhook| view! { <Shown webhook deliveries actions /> }.into_any() />
    }
    .into_any()
}

/// Whether there will be news of it within seconds.
fn is_on_its_way(delivery: &DeliveryView) -> bool {
    match delivery.state {
        DeliveryState::Sending => true,
        DeliveryState::Waiting => delivery.attempts < 2,
        DeliveryState::Delivered => false,
    }
}

#[component]
fn Shown(
    webhook: Webhook,
    deliveries: Resource<Answer<Page<DeliveryView>>>,
    actions: Actions,
) -> impl IntoView {
    let i18n = use_i18n();
    let Webhook { slug, project, archived, webhook } = webhook;
    let can_send = webhook.enabled && !archived;
    let title = tu_string!(i18n, webhooks.one, n = webhook.webhook.0).to_string();
    let kinds: Vec<&str> = webhook.events.iter().map(|kind| kind.as_str()).collect();
    let all = format!("/projects/{slug}/webhooks");
    let changing = (!archived).then(|| {
        view! {
            <ChangeWebhook slug=slug.clone() webhook=webhook.clone() actions />
            <DeleteWebhook slug=slug.clone() webhook=webhook.clone() actions />
        }
    });
    view! {
        <Title page=title.clone() project />
        <div class="page-head">
            <h1 class="page-title">{title}</h1>
            {state_badge(i18n, &webhook)}
            <a href=all>{tu_string!(i18n, webhooks.all)}</a>
        </div>
        <p class="page-lead webhook-address"><code>{webhook.url.clone()}</code></p>
        <p class="section-lead">{kinds.join(", ")}</p>
        {(!archived).then(|| view! { <Sending slug=slug.clone() webhook=webhook.clone() actions /> })}
        <Deliveries slug=slug.clone() webhook=webhook.webhook.0 can_send deliveries actions />
        {changing}
    }
}

/// The test, and pausing or resuming.
#[component]
fn Sending(slug: String, webhook: WebhookView, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let Actions { test, pause, resume, .. } = actions;
    let tested = use_outcome("test_webhook", test.value());
    let paused = use_outcome("pause_webhook", pause.value());
    let resumed = use_outcome("resume_webhook", resume.value());
    let id = webhook.webhook.0;
    let names = || {
        view! {
            <input type="hidden" name="slug" value=slug.clone() />
            <input type="hidden" name="webhook" value=id />
        }
    };
    let (of_first, of_second) = (names(), names());
    let buttons = if webhook.enabled {
        view! {
            <div class="row-form">
                <ActionForm action=test>
                    {of_first}
                    <button class="button button-primary" disabled=test.pending()>
                        {tu_string!(i18n, webhooks.test)}
                    </button>
                </ActionForm>
                <ActionForm action=pause>
                    {of_second}
                    <button class="button" disabled=pause.pending()>{tu_string!(i18n, webhooks.pause)}</button>
                </ActionForm>
            </div>
            <p class="field-hint">{tu_string!(i18n, webhooks.test_hint)}</p>
        }
        .into_any()
    } else {
        let why = match webhook.gone_at {
            Some(_) => tu_string!(i18n, webhooks.gone_text),
            None => tu_string!(i18n, webhooks.paused_text),
        };
        view! {
            <p class="notice notice-warning">{why}</p>
            <ActionForm action=resume>
                {of_first}
                <button class="button button-primary" disabled=resume.pending()>
                    {tu_string!(i18n, webhooks.resume)}
                </button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <div class="webhook-sending">
            {buttons}
            <Outcome outcome=tested done=tu_string!(i18n, webhooks.tested) />
            <Outcome outcome=paused done=tu_string!(i18n, webhooks.was_paused) />
            <Outcome outcome=resumed done=tu_string!(i18n, webhooks.was_resumed) />
        </div>
    }
}
