//! Sends what was published to webhooks, beside the requests.
//!
//! Decides nothing: the use cases say what is to be sent and what an answer means. A slow receiver holds up its own events
//! alone: of each webhook one message is sent at a time, and many webhooks at once.

mod resolver;
mod sender;

pub use sender::{Sender, SenderError};

use domain::id::WebhookId;
use service::{
    Services,
    usecase::deliveries::{Attempt, Outgoing},
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

/// How long a receiver may take to answer.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// After so many seconds without a word, another server takes a sender for dead.
const LEASE_SECONDS: i64 = 30;

/// How many messages are on their way at once.
const MOST: usize = 64;

/// How often is looked for what another process published, and for what is to be tried again.
const EVERY: Duration = Duration::from_secs(2);

/// How long messages on their way may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(4);

/// How long it may take then to write down that there was no answer.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Sends until `stopped` ends, and what is on its way then.
pub async fn run(services: Services, sender: Sender, stopped: impl Future<Output = ()> + Send) {
    let sender = Arc::new(sender);
    let ending = CancellationToken::new();
    let mut sending = JoinSet::new();
    let mut busy: HashMap<Id, WebhookId> = HashMap::new();
    tokio::pin!(stopped);
    let mut failing = false;
    loop {
        let due = due(&services, &busy).await;
        // It is tried again every two seconds; the log hears of it once.
        if let Err(error) = &due
            && !failing
        {
            tracing::warn!(%error, "events that are to be sent cannot be looked for");
        }
        failing = due.is_err();
        for message in due.unwrap_or_default() {
            let webhook = message.webhook;
            let task = sending.spawn(send(services.clone(), Arc::clone(&sender), ending.clone(), message));
            busy.insert(task.id(), webhook);
        }
        let wanted = services.deliveries();
        tokio::select! {
            () = &mut stopped => break,
            () = wanted.wanted() => {}
            Some(sent) = sending.join_next_with_id() => {
                busy.remove(&sent.map_or_else(|failed| failed.id(), |(id, ())| id));
            }
            () = tokio::time::sleep(EVERY) => {}
        }
    }
    let ended = async {
        tokio::time::sleep(GRACE).await;
        ending.cancel();
        tokio::time::sleep(LAST_WORDS).await;
    };
    tokio::select! {
        () = async { while sending.join_next().await.is_some() {} } => {}
        () = ended => {}
    }
}

async fn due(services: &Services, busy: &HashMap<Id, WebhookId>) -> service::Result<Vec<Outgoing>> {
    let webhooks: Vec<WebhookId> = busy.values().copied().collect();
    match MOST.saturating_sub(busy.len()) {
        0 => Ok(Vec::new()),
        free => services.deliveries().take(&webhooks, free, LEASE_SECONDS).await,
    }
}

async fn send(services: Services, sender: Arc<Sender>, ending: CancellationToken, message: Outgoing) {
    let attempt = tokio::select! {
        attempt = sender.send(&message) => attempt,
        () = ending.cancelled() => Attempt::Failed("the server stopped before there was an answer".to_owned()),
    };
    match services.deliveries().settle(&message, attempt).await {
        Ok(state) => {
            tracing::debug!(
                delivery = %message.delivery, webhook = %message.webhook, state = state.as_str(), "an event was sent"
            );
        }
        // It is sent again when its time with this process is over.
        Err(error) => {
            tracing::warn!(%error, delivery = %message.delivery, "what came of an event was not written down");
        }
    }
}
