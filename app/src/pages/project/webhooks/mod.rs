//! The webhooks of a project: where its events are sent. A new one shows its secret once.

mod add;
mod api;

pub use add::{WebhookFields, kind_text};

use crate::{
    components::{
        badge::{Badge, Tone},
        copy::{CopyShape, CopyText},
        loaded::Loaded,
        number::count,
        pagination::Pagination,
        project_layout::use_slug,
        reload::use_done,
        states::Empty,
        time::Time,
        title::Title,
    },
    error::Reply,
    i18n::{I18n, tu_string, use_i18n},
};
use add::NewWebhook;
use api::{CreateWebhook, Webhooks, load_webhooks};
use domain::view::publishing::WebhookView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page with the project's webhooks.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    let (slug, query) = (use_slug(), use_query_map());
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor")));
    let create = ServerAction::<CreateWebhook>::new();
    let made = use_done(create.value());
    let webhooks = Resource::new(
        move || (slug.get(), cursor.get(), made.get()),
        |(slug, cursor, _)| load_webhooks(slug, cursor),
    );
    view! {
        <Loaded data=webhooks view=move |webhooks| view! { <Shown webhooks create /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(webhooks: Webhooks, create: ServerAction<CreateWebhook>) -> impl IntoView {
    let i18n = use_i18n();
    let Webhooks { slug, project, archived, page, fresh } = webhooks;
    let title = tu_string!(i18n, common.nav.webhooks);
    let query = use_query_map();
    let was_deleted = query.with_untracked(|query| query.get_str("done") == Some("delete_webhook"));
    let list = if page.items.is_empty() {
        view! {
            <Empty title=tu_string!(i18n, webhooks.empty)>
                <p>{tu_string!(i18n, webhooks.empty_text)}</p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <List slug=slug.clone() webhooks=page.items />
            <Pagination next=page.next_cursor />
        }
        .into_any()
    };
    view! {
        <Title page=title project />
        <h1 class="page-title">{title}</h1>
        <p class="page-lead">{tu_string!(i18n, webhooks.lead)}</p>
        {was_deleted
            .then(|| view! { <p class="notice notice-good" role="status">{tu_string!(i18n, webhooks.deleted)}</p> })}
        <Fresh given=fresh create />
        {list}
        {(!archived).then(|| view! { <NewWebhook slug create /> })}
    }
}

/// The secret of the webhook that was just made.
#[component]
fn Fresh(given: Option<String>, create: ServerAction<CreateWebhook>) -> impl IntoView {
    let i18n = use_i18n();
    let secret = move || match create.value().get() {
        Some(Ok(Reply::Done(secret))) => Some(secret),
        _ => given.clone(),
    };
    move || {
        secret().map(|secret| {
            view! {
                <div class="notice notice-good tokens-fresh" role="status">
                    <p>{tu_string!(i18n, webhooks.fresh)}</p>
                    <CopyText text=secret label=tu_string!(i18n, webhooks.secret) shape=CopyShape::Block />
                </div>
            }
        })
    }
}

#[component]
fn List(slug: String, webhooks: Vec<WebhookView>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |webhook: WebhookView| {
        let href = format!("/projects/{slug}/webhooks/{}", webhook.webhook);
        let kinds: Vec<&str> = webhook.events.iter().map(|kind| kind.as_str()).collect();
        let by = webhook.created_by.clone().unwrap_or_else(|| tu_string!(i18n, versions.operator).to_owned());
        view! {
            <tr>
                <td class="webhooks-url"><a href=href>{webhook.url.clone()}</a></td>
                <td>{kinds.join(", ")}</td>
                <td>{state_badge(i18n, &webhook)}</td>
                <td class="number">{count(webhook.waiting)}</td>
                <td>{by} " · " <Time at=webhook.created_at /></td>
            </tr>
        }
    };
    view! {
        <div class="table-box" tabindex="0">
            <table class="table webhooks">
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, webhooks.url)}</th>
                        <th scope="col">{tu_string!(i18n, webhooks.events)}</th>
                        <th scope="col">{tu_string!(i18n, webhooks.state)}</th>
                        <th scope="col" class="number">{tu_string!(i18n, webhooks.waiting)}</th>
                        <th scope="col">{tu_string!(i18n, webhooks.made)}</th>
                    </tr>
                </thead>
                <tbody>{webhooks.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Whether a webhook sends.
pub fn state_badge(i18n: I18n, webhook: &WebhookView) -> impl IntoView + use<> {
    let (text, tone) = match (webhook.enabled, webhook.gone_at) {
        (true, _) => (tu_string!(i18n, webhooks.enabled), Tone::Good),
        (false, None) => (tu_string!(i18n, webhooks.paused), Tone::Warning),
        (false, Some(_)) => (tu_string!(i18n, webhooks.gone), Tone::Bad),
    };
    view! { <Badge text tone /> }
}
