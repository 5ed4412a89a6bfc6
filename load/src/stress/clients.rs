//! What the clients of the storm do: claim, answer, skip, give back, hold on, take back, doze, vanish in mid-request.

mod asking;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use fastrand::Rng;
use futures::future::join_all;
use serde::Deserialize;
use serde_json::json;

use self::asking::Asking;
use super::{
    Cast, LEASE,
    killer::Addresses,
    record::{Outcome, Record, Skipping, Submission, Undoing},
};
use crate::{
    claimed::{Claimed, Item},
    people::PROJECT,
};

const ANSWERS: [&str; 3] = ["card", "loan", "other"];

#[derive(Deserialize)]
struct Submitted {
    annotation: i64,
}

/// What all windows of one person know: which tasks must not come again, and since when.
#[derive(Debug, Default)]
struct Finished {
    skipped: HashMap<i64, Instant>,
    answered: HashMap<i64, Instant>,
    /// Whatever is taken back, or may be, comes again.
    taken_back: HashSet<i64>,
}

/// Runs all clients until then.
pub(crate) async fn all(
    cast: &Cast,
    addresses: &Addresses,
    clients: usize,
    seed: u64,
    until: Instant,
) -> Record {
    let finished: Vec<_> =
        cast.annotators.iter().map(|_| Arc::new(Mutex::new(Finished::default()))).collect();
    let running = (0..clients).map(|number| {
        let person = number % cast.annotators.len();
        let client = Window {
            person,
            asking: Asking::new(number, cast.annotators[person].token.clone(), addresses.clone(), seed),
            finished: finished[person].clone(),
            held: Vec::new(),
            answered: Vec::new(),
            notes: 0,
            record: Record::default(),
        };
        tokio::spawn(client.run(until))
    });
    let mut record = Record::default();
    for ended in join_all(running).await {
        match ended {
            Ok(client) => record.extend(client),
            Err(error) => record.faults.push(format!("a client of the storm failed: {error}")),
        }
    }
    record
}

/// One open window of one person.
struct Window {
    person: usize,
    asking: Asking,
    finished: Arc<Mutex<Finished>>,
    held: Vec<Item>,
    /// Annotation and task.
    answered: Vec<(i64, i64)>,
    notes: u64,
    record: Record,
}

impl Window {
    async fn run(mut self, until: Instant) -> Record {
        while Instant::now() < until {
            match self.rng().u32(..100) {
                _ if self.held.is_empty() => self.claim().await,
                0..10 => self.claim().await,
                10..72 => self.submit().await,
                72..77 => self.skip().await,
                77..82 => self.give_back().await,
                82..87 => self.renew().await,
                87..94 => self.undo().await,
                // Closes the window: what was held stays held until its lease ends.
                94..97 => self.held.clear(),
                // Comes back after the leases have ended, and answers all the same.
                97 => tokio::time::sleep(LEASE + Duration::from_millis(300)).await,
                _ => self.asking.hang_up(),
            }
            // People do not answer in step.
            let pause = self.rng().u64(..25);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        self.record.extend(self.asking.into_record());
        self.record
    }

    fn rng(&mut self) -> &mut Rng {
        &mut self.asking.rng
    }

    fn finished<T>(&self, look: impl FnOnce(&mut Finished) -> T) -> T {
        look(&mut self.finished.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn claim(&mut self) {
        let count = self.rng().u32(1..=8);
        let asked = Instant::now();
        let path = format!("/api/v1/projects/{PROJECT}/claim");
        let Outcome::Yes(answer) = self.asking.ask(&path, &json!({"count": count})).await else { return };
        let Some(claimed) = self.asking.parse::<Claimed>(&answer) else { return };
        self.record.count(if claimed.tasks.is_empty() { "claims of nothing" } else { "claims" });
        for item in claimed.tasks {
            let again = self.finished(|finished| {
                let before = |at: Option<&Instant>| at.is_some_and(|at| *at < asked);
                before(finished.skipped.get(&item.task))
                    || (before(finished.answered.get(&item.task))
                        && !finished.taken_back.contains(&item.task))
            });
            if again {
                let person = self.person;
                self.record.faults.push(format!("task {} was served to person {person} again", item.task));
            }
            if self.held.iter().all(|held| held.lease != item.lease) {
                self.held.push(item);
            }
        }
    }

    fn take_held(&mut self) -> Option<Item> {
        let count = self.held.len();
        (count > 0).then(|| self.rng().usize(..count)).map(|at| self.held.swap_remove(at))
    }

    async fn submit(&mut self) {
        let Some(item) = self.take_held() else { return };
        self.notes += 1;
        let note = format!("{}-{}", self.asking.number, self.notes);
        let answer = ANSWERS[if self.rng().u32(..10) < 7 { 0 } else { self.rng().usize(..ANSWERS.len()) }];
        let body = json!({"answers": {"intent": answer}, "note": note});
        let asked = self.asking.ask(&format!("/api/v1/leases/{}/submit", item.lease), &body).await;
        let outcome = match asked {
            Outcome::Yes(answer) => match self.asking.parse::<Submitted>(&answer) {
                Some(submitted) => Outcome::Yes(submitted.annotation),
                None => return,
            },
            Outcome::No(code) => Outcome::No(code),
            Outcome::Unknown => Outcome::Unknown,
        };
        self.record.count(match outcome {
            Outcome::Yes(_) => "answers",
            Outcome::No(_) => "refused answers",
            Outcome::Unknown => "answers of unknown fate",
        });
        if let Outcome::Yes(annotation) = outcome {
            self.answered.push((annotation, item.task));
            self.finished(|finished| finished.answered.insert(item.task, Instant::now()));
        }
        self.record.submissions.push(Submission { person: self.person, task: item.task, note, outcome });
    }

    async fn skip(&mut self) {
        let Some(item) = self.take_held() else { return };
        let path = format!("/api/v1/leases/{}/skip", item.lease);
        let outcome = self.asking.ask(&path, &json!({"reason": "not mine"})).await.forget();
        if outcome == Outcome::Yes(()) {
            self.record.count("skips");
            self.finished(|finished| finished.skipped.insert(item.task, Instant::now()));
        }
        self.record.skips.push(Skipping { person: self.person, task: item.task, outcome });
    }

    async fn give_back(&mut self) {
        let Some(item) = self.take_held() else { return };
        if self.asking.ask(&format!("/api/v1/leases/{}/release", item.lease), &json!({})).await.is_yes() {
            self.record.count("releases");
        }
    }

    async fn renew(&mut self) {
        let Some(item) = self.take_held() else { return };
        if self.asking.ask(&format!("/api/v1/leases/{}/renew", item.lease), &json!({})).await.is_yes() {
            self.record.count("renewals");
            self.held.push(item);
        }
    }

    async fn undo(&mut self) {
        let Some((annotation, task)) = self.answered.pop() else { return };
        self.finished(|finished| finished.taken_back.insert(task));
        let asked = self.asking.ask(&format!("/api/v1/annotations/{annotation}/undo"), &json!({})).await;
        if let Outcome::Yes(answer) = &asked {
            self.record.count("answers taken back");
            self.held.extend(self.asking.parse::<Item>(answer));
        }
        self.record.undoings.push(Undoing { annotation, outcome: asked.forget() });
    }
}
