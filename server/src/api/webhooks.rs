//! Webhooks, and what became of what was sent to them.

use axum::{Json, extract::State, response::IntoResponse};
use domain::{
    id::{DeliveryId, WebhookId},
    view::{
        Page,
        publishing::{CreatedWebhook, DeliveryView, NewWebhook, WebhookPatch, WebhookView},
    },
};
use http::{StatusCode, header};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Input, Nothing, Numbered, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(test))
        .routes(routes!(deliveries))
        .routes(routes!(retry))
}

/// The webhooks, in the order in which they were made.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/webhooks", tag = "publishing",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<WebhookView>), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<WebhookView>>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.webhooks().list(&actor, &slug(project)?, page).await?))
}

/// Makes a webhook; its secret is shown in this answer alone.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/webhooks", tag = "publishing", params(("slug" = String, Path)),
    request_body = NewWebhook, responses((status = 201, body = CreatedWebhook), Refusals))]
async fn create(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    Input(input): Input<NewWebhook>,
) -> Result<impl IntoResponse> {
    query.finish()?;
    let project = slug(project)?;
    let created = services.webhooks().create(&actor, &project, input).await?;
    let place = format!("/api/v1/projects/{project}/webhooks/{}", created.webhook.webhook);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(created)))
}

/// One webhook.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/webhooks/{webhook}", tag = "publishing",
    params(("slug" = String, Path), ("webhook" = i64, Path)),
    responses((status = 200, body = WebhookView), Refusals))]
async fn get(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, webhook)): Segments<(String, String)>,
    query: Query,
) -> Result<Json<WebhookView>> {
    query.finish()?;
    let webhook = WebhookId::of_segment(&webhook)?;
    Ok(Json(services.webhooks().get(&actor, &slug(project)?, webhook).await?))
}

/// Changes a webhook, pauses it, or lets it go on.
#[utoipa::path(patch, path = "/api/v1/projects/{slug}/webhooks/{webhook}", tag = "publishing",
    params(("slug" = String, Path), ("webhook" = i64, Path)), request_body = WebhookPatch,
    responses((status = 200, body = WebhookView), Refusals))]
async fn update(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, webhook)): Segments<(String, String)>,
    query: Query,
    Input(patch): Input<WebhookPatch>,
) -> Result<Json<WebhookView>> {
    query.finish()?;
    let webhook = WebhookId::of_segment(&webhook)?;
    Ok(Json(services.webhooks().update(&actor, &slug(project)?, webhook, patch).await?))
}

/// Deletes a webhook with its deliveries; the events stay.
#[utoipa::path(delete, path = "/api/v1/projects/{slug}/webhooks/{webhook}", tag = "publishing",
    params(("slug" = String, Path), ("webhook" = i64, Path)), responses((status = 204), Refusals))]
async fn delete(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, webhook)): Segments<(String, String)>,
    query: Query,
) -> Result<StatusCode> {
    query.finish()?;
    let webhook = WebhookId::of_segment(&webhook)?;
    services.webhooks().delete(&actor, &slug(project)?, webhook).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends an event of the type `webhook.test` to this webhook alone.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/webhooks/{webhook}/test", tag = "publishing",
    params(("slug" = String, Path), ("webhook" = i64, Path)), request_body = Nothing,
    responses((status = 202, body = DeliveryView), Refusals))]
async fn test(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, webhook)): Segments<(String, String)>,
    query: Query,
    Input(Nothing {}): Input<Nothing>,
) -> Result<impl IntoResponse> {
    query.finish()?;
    let webhook = WebhookId::of_segment(&webhook)?;
    let delivery = services.webhooks().test(&actor, &slug(project)?, webhook).await?;
    Ok((StatusCode::ACCEPTED, Json(delivery)))
}

/// What became of the events of a webhook, the newest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/webhooks/{webhook}/deliveries", tag = "publishing",
    params(("slug" = String, Path), ("webhook" = i64, Path), PageParams),
    responses((status = 200, body = Page<DeliveryView>), Refusals))]
async fn deliveries(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, webhook)): Segments<(String, String)>,
    mut query: Query,
) -> Result<Json<Page<DeliveryView>>> {
    let page = query.page();
    query.finish()?;
    let webhook = WebhookId::of_segment(&webhook)?;
    Ok(Json(services.deliveries().list(&actor, &slug(project)?, webhook, page).await?))
}

/// Sends a delivery now; once more where the receiver has taken it already.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/webhooks/{webhook}/deliveries/{delivery}/retry",
    tag = "publishing", params(("slug" = String, Path), ("webhook" = i64, Path), ("delivery" = i64, Path)),
    request_body = Nothing, responses((status = 202, body = DeliveryView), Refusals))]
async fn retry(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, webhook, delivery)): Segments<(String, String, String)>,
    query: Query,
    Input(Nothing {}): Input<Nothing>,
) -> Result<impl IntoResponse> {
    query.finish()?;
    let (webhook, delivery) = (WebhookId::of_segment(&webhook)?, DeliveryId::of_segment(&delivery)?);
    let delivery = services.deliveries().retry(&actor, &slug(project)?, webhook, delivery).await?;
    Ok((StatusCode::ACCEPTED, Json(delivery)))
}
