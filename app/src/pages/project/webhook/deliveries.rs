//! What became of each event that is sent to a webhook: how often it was tried, when it is tried next, what was answered.

use super::{Actions, api::RetryDelivery};
use crate::{
    components::{
        badge::{Badge, Tone},
        form::{Outcome, use_outcome},
        loaded::Loaded,
        pagination::Pagination,
        states::Empty,
        time::Time,
    },
    error::Answer,
    i18n::{I18n, tu_string, use_i18n},
    pages::project::webhooks::kind_text,
};
use domain::{
    delivery::DeliveryState,
    view::{Page, publishing::DeliveryView},
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn Deliveries(
    slug: String,
    webhook: i64,
    /// Whether the webhook sends and may be changed.
    can_send: bool,
    deliveries: Resource<Answer<Page<DeliveryView>>>,
    actions: Actions,
) -> impl IntoView {
    let i18n = use_i18n();
    let retry = actions.retry;
    let retried = use_outcome("retry_delivery", retry.value());
    let shown = move |page: Page<DeliveryView>| {
        view! {
            <List slug=slug.clone() webhook can_send deliveries=page.items retry />
            <Pagination next=page.next_cursor />
        }
        .into_any()
    };
    view! {
        <section class="section section-full">
            <h2 class="section-title">{tu_string!(i18n, webhooks.deliveries)}</h2>
            <Outcome outcome=retried done=tu_string!(i18n, webhooks.retried) />
            <Loaded data=deliveries view=shown />
        </section>
    }
}

#[component]
fn List(
    slug: String,
    webhook: i64,
    can_send: bool,
    deliveries: Vec<DeliveryView>,
    retry: ServerAction<RetryDelivery>,
) -> impl IntoView {
    let i18n = use_i18n();
    if deliveries.is_empty() {
        return view! {
            <Empty title=tu_string!(i18n, webhooks.no_deliveries)>
                <p>{tu_string!(i18n, webhooks.no_deliveries_text)}</p>
            </Empty>
        }
        .into_any();
    }
    let row = move |delivery: DeliveryView| {
        view! { <Row slug=slug.clone() webhook can_send delivery retry /> }
    };
    view! {
        <div class="table-box" tabindex="0">
            <table class="table deliveries">
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, webhooks.event)}</th>
                        <th scope="col">{tu_string!(i18n, webhooks.state)}</th>
                        <th scope="col" class="number">{tu_string!(i18n, webhooks.attempts)}</th>
                        <th scope="col">{tu_string!(i18n, webhooks.next)}</th>
                        <th scope="col">{tu_string!(i18n, webhooks.last)}</th>
                        <th scope="col">
                            <span class="visually-hidden">{tu_string!(i18n, webhooks.retry)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{deliveries.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(
    slug: String,
    webhook: i64,
    can_send: bool,
    delivery: DeliveryView,
    retry: ServerAction<RetryDelivery>,
) -> impl IntoView {
    let i18n = use_i18n();
    let next = match (delivery.state, delivery.next_attempt_at) {
        (DeliveryState::Waiting, Some(at)) if can_send => view! { <Time at /> }.into_any(),
        (DeliveryState::Waiting, _) => tu_string!(i18n, webhooks.when_resumed).into_any(),
        _ => "–".into_any(),
    };
    let send = if delivery.state == DeliveryState::Delivered {
        tu_string!(i18n, webhooks.send_again)
    } else {
        tu_string!(i18n, webhooks.retry)
    };
    let about = tu_string!(i18n, webhooks.retry_of, send = send, event = delivery.event.0).to_string();
    let may_retry = can_send && delivery.state != DeliveryState::Sending;
    let id = delivery.delivery.0;
    view! {
        <tr>
            <td class="deliveries-event">
                <code title=delivery.id.clone()>{delivery.kind.as_str()}</code>
                <span class="deliveries-facts">
                    {kind_text(i18n, delivery.kind)} " · " <Time at=delivery.created_at />
                </span>
            </td>
            <td>{state_badge(i18n, delivery.state, delivery.attempts)}</td>
            <td class="number">{delivery.attempts}</td>
            <td>{next}</td>
            <td class="deliveries-last">{last(i18n, &delivery)}</td>
            <td>
                {may_retry
                    .then(|| {
                        view! {
                            <ActionForm action=retry>
                                <input type="hidden" name="slug" value=slug />
                                <input type="hidden" name="webhook" value=webhook />
                                <input type="hidden" name="delivery" value=id />
                                <button class="button" disabled=retry.pending() aria-label=about>{send}</button>
                            </ActionForm>
                        }
                    })}
            </td>
        </tr>
    }
}

/// How the last attempt ended.
fn last(i18n: I18n, delivery: &DeliveryView) -> AnyView {
    let Some(at) = delivery.last_attempt_at else { return "–".into_any() };
    let status = delivery.last_status.map(|status| view! { <code>{status}</code> " " });
    // As the receiver or the system said it.
    let error = delivery.last_error.clone().filter(|error| !error.is_empty());
    let error = error.map(|error| view! { <span class="deliveries-error" dir="auto">{error}</span> });
    let sending = (delivery.state == DeliveryState::Sending)
        .then(|| view! { <span class="deliveries-facts">{tu_string!(i18n, webhooks.no_answer_yet)}</span> });
    view! { {status} <Time at /> {error} {sending} }.into_any()
}

fn state_badge(i18n: I18n, state: DeliveryState, attempts: i32) -> impl IntoView {
    let (text, tone) = match (state, attempts) {
        (DeliveryState::Waiting, 0) => (tu_string!(i18n, webhooks.delivery.waiting), Tone::Plain),
        (DeliveryState::Waiting, _) => (tu_string!(i18n, webhooks.delivery.failed), Tone::Bad),
        (DeliveryState::Sending, _) => (tu_string!(i18n, webhooks.delivery.sending), Tone::Accent),
        (DeliveryState::Delivered, _) => (tu_string!(i18n, webhooks.delivery.delivered), Tone::Good),
    };
    view! { <Badge text tone /> }
}
