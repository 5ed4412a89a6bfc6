//! One message to one receiver: a POST that follows no redirect, uses no proxy, and waits no longer than it must.

use reqwest::{Client, Response, redirect::Policy};
use service::{
    receivers::Receivers,
    usecase::deliveries::{Attempt, Outgoing},
};
use std::{error::Error, sync::Arc, time::Duration};
use tokio::time::{Instant, timeout_at};

use super::resolver::{PRIVATE, Resolver};

/// How many bytes of an answer that is no success are read.
const BEGINNING: usize = 1200;

/// Sends messages.
#[derive(Debug)]
pub struct Sender {
    client: Client,
    receivers: Receivers,
    patience: Duration,
}

/// Why there is no sender.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SenderError(#[from] reqwest::Error);

impl Sender {
    /// One that sends to `receivers` alone and waits so long for an answer.
    ///
    /// # Errors
    /// When the certificates of this machine cannot be read.
    pub fn new(receivers: Receivers, patience: Duration) -> Result<Self, SenderError> {
        let client = Client::builder()
            .user_agent(concat!("Relabel/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            // A connection that is kept would be to an address that was looked up some time ago.
            .pool_max_idle_per_host(0)
            .https_only(receivers == Receivers::Public)
            .dns_resolver(Arc::new(Resolver(receivers)))
            .build()?;
        Ok(Self { client, receivers, patience })
    }

    /// Sends a message, and tells what came of it.
    pub(super) async fn send(&self, message: &Outgoing) -> Attempt {
        // An address without a name is not looked up; and what is allowed may have changed since it was given.
        if Receivers::literal(&message.url).is_some_and(|address| !self.receivers.allows(address)) {
            return Attempt::Failed(PRIVATE.to_owned());
        }
        let deadline = Instant::now() + self.patience;
        let request = self
            .client
            .post(&message.url)
            .header("content-type", "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", message.timestamp)
            .header("webhook-signature", &message.signature)
            .body(message.body.clone());
        match timeout_at(deadline, request.send()).await {
            Ok(Ok(response)) => answered(response, deadline).await,
            Ok(Err(error)) => Attempt::Failed(cause(&error)),
            Err(_) => Attempt::Failed(format!("no answer within {} s", self.patience.as_secs_f32())),
        }
    }
}

async fn answered(mut response: Response, deadline: Instant) -> Attempt {
    let status = response.status();
    let text = if status.is_success() {
        String::new()
    } else if status.is_redirection() {
        "redirects are not followed".to_owned()
    } else {
        let mut beginning = Vec::new();
        while beginning.len() < BEGINNING
            && let Ok(Ok(Some(chunk))) = timeout_at(deadline, response.chunk()).await
        {
            beginning.extend_from_slice(&chunk[..chunk.len().min(BEGINNING - beginning.len())]);
        }
        String::from_utf8_lossy(&beginning).into_owned()
    };
    Attempt::Answered { status: status.as_u16(), text }
}

/// What went wrong at the bottom, which never names the address: it may be a secret.
fn cause(error: &reqwest::Error) -> String {
    let Some(mut cause) = error.source() else { return "the request could not be sent".to_owned() };
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
