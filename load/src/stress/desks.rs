//! The reviewer and the manager of the storm: decisions, new samples and reports while everybody answers.

use std::time::{Duration, Instant};

use fastrand::Rng;
use serde::Deserialize;
use serde_json::json;

use super::{Cast, killer::Addresses, record::Record};
use crate::{
    client::{Client, Request, Response},
    people::PROJECT,
    samples,
};

/// A reviewer and a manager at work, slower than those who answer.
const BETWEEN_DECISIONS: Duration = Duration::from_millis(150);
const BETWEEN_IMPORTS: Duration = Duration::from_millis(900);
const SAMPLES_AT_ONCE: usize = 40;

#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    task: i64,
    rev: i64,
}

/// Runs both until then; how many decisions were taken, and what was imported.
pub(crate) async fn both(
    cast: &Cast,
    addresses: &Addresses,
    samples: usize,
    seed: u64,
    until: Instant,
) -> (u64, Record) {
    let reviewing = review(&cast.reviewer.token, addresses, Rng::with_seed(seed ^ 0x7265), until);
    let importing = import(&cast.manager.token, addresses, samples, Rng::with_seed(seed ^ 0x6d61), until);
    tokio::join!(reviewing, importing)
}

async fn review(token: &str, addresses: &Addresses, mut rng: Rng, until: Instant) -> u64 {
    let mut client = Client::new(addresses.any(&mut rng));
    let mut decided = 0;
    while Instant::now() < until {
        tokio::time::sleep(BETWEEN_DECISIONS).await;
        client.turn_to(addresses.any(&mut rng));
        let list = format!("/api/v1/projects/{PROJECT}/review?state=in_review&order=oldest&limit=5");
        let Ok(answer) = client.send(&Request::get(&list).bearer(token)).await else { continue };
        let Ok(page) = answer.json::<Page>() else { continue };
        for item in page.items {
            let decision = match rng.u32(..10) {
                0..4 => json!({"rev": item.rev, "decision": "approve"}),
                4..6 => json!({"rev": item.rev, "decision": "correct", "answers": {"intent": "loan"}}),
                6..9 => json!({"rev": item.rev, "decision": "return", "note": "once more, please"}),
                _ => json!({"rev": item.rev, "decision": "dismiss"}),
            };
            let path = format!("/api/v1/tasks/{}/decision", item.task);
            let sent = client.send(&Request::post(&path, decision.to_string()).bearer(token)).await;
            decided += u64::from(sent.is_ok_and(|answer| answer.status == 200));
        }
    }
    decided
}

async fn import(token: &str, addresses: &Addresses, first: usize, mut rng: Rng, until: Instant) -> Record {
    let mut client = Client::new(addresses.any(&mut rng));
    let mut record = Record::default();
    let mut known = first;
    while Instant::now() < until {
        tokio::time::sleep(BETWEEN_IMPORTS).await;
        client.turn_to(addresses.any(&mut rng));
        let ids: Vec<String> = (known..known + SAMPLES_AT_ONCE).map(samples::id).collect();
        known += SAMPLES_AT_ONCE;
        let body: String = ids.iter().map(|id| samples::line(&mut rng, id)).collect();
        if send(&mut client, token, "samples", body, &mut record).await.is_some() {
            record.count("imports");
            record.imported.extend(ids);
        }
        let reported = samples::id(rng.usize(..known));
        let report = json!({"id": reported, "kind": "wrong"}).to_string();
        if send(&mut client, token, "feedback?on_error=skip", report, &mut record).await.is_some() {
            record.count("reports");
        }
    }
    record
}

async fn send(
    client: &mut Client,
    token: &str,
    what: &str,
    body: String,
    record: &mut Record,
) -> Option<Response> {
    let path = format!("/api/v1/projects/{PROJECT}/{what}");
    let request = Request::post_as(&path, "application/x-ndjson", body).bearer(token);
    let answer = client.send(&request).await.ok()?;
    if !matches!(answer.status, 200 | 429 | 503) {
        record.faults.push(format!("{what} was answered {}: {}", answer.status, answer.text()));
    }
    (answer.status == 200).then_some(answer)
}
