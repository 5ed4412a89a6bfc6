//! Events, the webhooks that they are sent to, and their deliveries.

use crate::{
    delivery::DeliveryState,
    event::EventKind,
    id::{DeliveryId, EventId, WebhookId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Something that was published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventView {
    /// Its place among the events; `after` takes it.
    pub event: EventId,
    /// What a webhook sends as `webhook-id`.
    pub id: String,
    /// What it tells.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// When it happened.
    pub created_at: Timestamp,
    /// The same as a webhook sends.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub data: serde_json::Value,
}

/// A webhook to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where to send: `https://`, without a name and password.
    pub url: String,
    /// What to send; everything where absent.
    #[serde(default)]
    pub events: Option<Vec<EventKind>>,
}

/// What to change of a webhook; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookPatch {
    /// Where to send.
    #[serde(default)]
    pub url: Option<String>,
    /// What to send from now on.
    #[serde(default)]
    pub events: Option<Vec<EventKind>>,
    /// Whether to send. What happens meanwhile is kept, and sent at once when it is enabled again.
    #[serde(default)]
    pub enabled: Option<bool>,
}

/// A webhook. Its secret is shown only once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookView {
    /// Its id.
    pub webhook: WebhookId,
    /// Where it sends.
    pub url: String,
    /// What it sends.
    pub events: Vec<EventKind>,
    /// Whether it sends, or is paused.
    pub enabled: bool,
    /// When the receiver said that it is gone (410), which paused it; null once it is enabled again.
    pub gone_at: Option<Timestamp>,
    /// Who made it; null for the command line.
    pub created_by: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// How many deliveries are not taken yet.
    pub waiting: i64,
}

/// A webhook that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedWebhook {
    /// The webhook.
    #[serde(flatten)]
    pub webhook: WebhookView,
    /// What its signatures are made with, `whsec_` and Base64; cannot be shown again.
    pub secret: String,
}

/// One event on its way to one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryView {
    /// Its id.
    pub delivery: DeliveryId,
    /// The event.
    pub event: EventId,
    /// What the receiver sees as `webhook-id`.
    pub id: String,
    /// What the event tells.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// When it happened.
    pub created_at: Timestamp,
    /// Where it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next; null once it is delivered. A paused webhook waits longer.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was tried last.
    pub last_attempt_at: Option<Timestamp>,
    /// The HTTP status of the last answer; null where there was none.
    pub last_status: Option<i32>,
    /// Why the last attempt failed, or how the receiver's answer begins.
    pub last_error: Option<String>,
    /// When the receiver took it.
    pub delivered_at: Option<Timestamp>,
}
