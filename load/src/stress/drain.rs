//! After the storm everybody's queue is emptied: what is free for a person must be served to that person.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use fastrand::Rng;
use futures::future::try_join_all;
use serde_json::json;

use super::{LEASE, killer::Addresses, snapshot::Snapshot};
use crate::{
    claimed::{Claimed, Item},
    client::{Client, Request},
    database::Database,
    people::{PROJECT, Person},
};

const MOST_CLAIMED: usize = 50;
/// So many answers on their way at once.
const CONNECTIONS: usize = 10;
/// The servers say nothing when a lease ends; the rows are looked at until one is over.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
pub(crate) struct Drained {
    pub answered: usize,
    pub faults: Vec<String>,
}

/// Until nothing is held any more. Nobody renews, so it is over after the longest lease.
pub(crate) async fn wait_for_leases(database: &Database) -> Result<()> {
    let held = format!(
        "SELECT COUNT(*) FROM slots s JOIN tasks t ON t.id = s.task_id
         WHERE t.state = 'open' AND s.annotation_id IS NULL AND s.expires_at > {}",
        database.now()
    );
    let deadline = Instant::now() + 3 * LEASE;
    while database.number(&held).await? > 0 {
        if Instant::now() > deadline {
            bail!("leases last longer than they may");
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    Ok(())
}

/// Looks at everybody's next tasks, then lets one after the other answer all they are given.
pub(crate) async fn run(
    database: &Database,
    people: &[Person],
    addresses: &Addresses,
    rng: &mut Rng,
) -> Result<Drained> {
    let mut clients: Vec<Client> = (0..CONNECTIONS).map(|_| Client::new(addresses.any(rng))).collect();
    let mut drained = Drained::default();
    let mut people: Vec<&Person> = people.iter().collect();
    rng.shuffle(&mut people);
    for person in &people {
        let free = free_for(&Snapshot::read(database).await?, person);
        let claimed = claim(&mut clients[0], person).await?;
        drained.judge(person, &claimed, &free);
        let releases =
            claimed.iter().map(|item| (format!("/api/v1/leases/{}/release", item.lease), String::new()));
        post_all(&mut clients, person, releases.collect(), 204).await?;
    }
    for person in &people {
        let mut free = free_for(&Snapshot::read(database).await?, person);
        loop {
            let claimed = claim(&mut clients[0], person).await?;
            drained.judge(person, &claimed, &free);
            if claimed.is_empty() || !drained.faults.is_empty() {
                break;
            }
            free.retain(|task| claimed.iter().all(|item| item.task != *task));
            drained.answered += claimed.len();
            let body = json!({"answers": {"intent": "card"}}).to_string();
            let answers =
                claimed.iter().map(|item| (format!("/api/v1/leases/{}/submit", item.lease), body.clone()));
            post_all(&mut clients, person, answers.collect(), 201).await?;
        }
    }
    Ok(drained)
}

impl Drained {
    fn judge(&mut self, person: &Person, claimed: &[Item], free: &BTreeSet<i64>) {
        let email = &person.email;
        let wrong = claimed.iter().filter(|item| !free.contains(&item.task));
        self.faults.extend(wrong.map(|item| format!("task {} is served to {email} and not free", item.task)));
        let due = free.len().min(MOST_CLAIMED);
        if claimed.len() < due {
            let served: BTreeSet<i64> = claimed.iter().map(|item| item.task).collect();
            let withheld: Vec<_> = free.difference(&served).take(5).collect();
            self.faults.push(format!(
                "{email} is served {} of {} free tasks; withheld are {withheld:?}",
                claimed.len(),
                free.len()
            ));
        }
    }
}

/// What a person could take, while nobody holds anything.
fn free_for(snapshot: &Snapshot, person: &Person) -> BTreeSet<i64> {
    let counted = snapshot.counted();
    let free = snapshot.tasks.values().filter(|task| {
        let counted = counted.get(&task.id).map_or(&[][..], Vec::as_slice);
        task.state == "open"
            && (counted.len() as i64) < task.places
            && snapshot.could_answer(&person.email, task.id, counted)
    });
    free.map(|task| task.id).collect()
}

async fn claim(client: &mut Client, person: &Person) -> Result<Vec<Item>> {
    let body = json!({"count": MOST_CLAIMED}).to_string();
    let request = Request::post(&format!("/api/v1/projects/{PROJECT}/claim"), body).bearer(&person.token);
    Ok(client.send(&request).await?.expect(200)?.json::<Claimed>()?.tasks)
}

/// Sends all, several at once.
async fn post_all(
    clients: &mut [Client],
    person: &Person,
    posts: Vec<(String, String)>,
    status: u16,
) -> Result<()> {
    let count = clients.len();
    let share = |number| posts.iter().skip(number).step_by(count);
    try_join_all(clients.iter_mut().enumerate().map(|(number, client)| async move {
        for (path, body) in share(number) {
            let request = Request::post(path, body.clone()).bearer(&person.token);
            client.send(&request).await?.expect(status)?;
        }
        anyhow::Ok(())
    }))
    .await?;
    Ok(())
}
