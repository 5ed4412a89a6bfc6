//! The clients' record held against the rows: what was acknowledged is there, what was refused is not.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
};

use anyhow::Result;
use serde::Deserialize;

use super::{
    record::{Outcome, Record},
    snapshot::Snapshot,
};
use crate::{
    client::{Client, Request},
    people::{PROJECT, Person},
};

/// Everything that contradicts what a server said.
pub(crate) fn faults(record: &Record, people: &[Person], snapshot: &Snapshot) -> Vec<String> {
    let mut faults = submissions(record, people, snapshot);
    faults.extend(undoings(record, snapshot));
    faults.extend(skips(record, people, snapshot));
    let lost = record.imported.iter().filter(|id| !snapshot.samples.contains(*id));
    faults.extend(lost.map(|id| format!("sample {id} of an acknowledged import is gone")));
    faults
}

fn submissions(record: &Record, people: &[Person], snapshot: &Snapshot) -> Vec<String> {
    let mut by_note: HashMap<&str, Vec<i64>> = HashMap::new();
    for annotation in snapshot.annotations.values() {
        if let Some(note) = &annotation.note {
            by_note.entry(note).or_default().push(annotation.id);
        }
    }
    let taken_back: HashSet<i64> = possibly(record);
    let mut faults = Vec::new();
    for submission in &record.submissions {
        let note = &submission.note;
        let found = by_note.get(note.as_str()).map_or(&[][..], Vec::as_slice);
        match &submission.outcome {
            Outcome::Yes(id) if found != [*id] => {
                faults.push(format!(
                    "answer {note} was acknowledged as annotation {id}, and {found:?} is there"
                ));
            }
            Outcome::Yes(id) => {
                let person = snapshot.annotators.get(&people[submission.person].email);
                let annotation = &snapshot.annotations[id];
                if annotation.task != submission.task || Some(&annotation.annotator) != person {
                    faults.push(format!("annotation {id} is of another task or person than answer {note}"));
                }
                if snapshot.withdrawn.contains(id) && !taken_back.contains(id) {
                    faults.push(format!("annotation {id} was taken back by nobody"));
                }
            }
            Outcome::No(code) if !found.is_empty() => {
                faults.push(format!("answer {note} was refused ({code}), and {found:?} is there"));
            }
            Outcome::Unknown if found.len() > 1 => {
                faults.push(format!("answer {note} is there {} times", found.len()));
            }
            Outcome::No(_) | Outcome::Unknown => {}
        }
    }
    faults
}

/// Annotations that somebody took back, or tried to without being told how it ended.
fn possibly(record: &Record) -> HashSet<i64> {
    let some = record.undoings.iter().filter(|undoing| !matches!(undoing.outcome, Outcome::No(_)));
    some.map(|undoing| undoing.annotation).collect()
}

fn undoings(record: &Record, snapshot: &Snapshot) -> Vec<String> {
    let done = record.undoings.iter().filter(|undoing| undoing.outcome == Outcome::Yes(()));
    done.filter(|undoing| !snapshot.withdrawn.contains(&undoing.annotation))
        .map(|undoing| format!("taking annotation {} back was acknowledged and is lost", undoing.annotation))
        .collect()
}

fn skips(record: &Record, people: &[Person], snapshot: &Snapshot) -> Vec<String> {
    let mut faults = Vec::new();
    let mut possible = HashSet::new();
    for skip in &record.skips {
        if !matches!(skip.outcome, Outcome::No(_)) {
            possible.insert((skip.person, skip.task));
        }
    }
    for skip in &record.skips {
        let annotator = snapshot.annotators.get(&people[skip.person].email);
        let is_there = annotator.is_some_and(|annotator| snapshot.skips.contains(&(skip.task, *annotator)));
        let (person, task) = (skip.person, skip.task);
        match &skip.outcome {
            Outcome::Yes(()) if !is_there => {
                faults.push(format!("that person {person} skips task {task} was acknowledged and is lost"));
            }
            Outcome::No(code) if is_there && !possible.contains(&(person, task)) => {
                faults.push(format!(
                    "that person {person} skips task {task} was refused ({code}), and is there"
                ));
            }
            _ => {}
        }
    }
    faults
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Own>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Own {
    annotation: i64,
}

/// Acknowledged answers that the API does not show to those who gave them.
pub(crate) async fn faults_of_api(
    record: &Record,
    people: &[Person],
    addr: SocketAddr,
) -> Result<Vec<String>> {
    let taken_back = possibly(record);
    let mut client = Client::new(addr);
    let mut faults = Vec::new();
    for (number, person) in people.iter().enumerate() {
        let shown = own(&mut client, person).await?;
        let given = record.submissions.iter().filter(|submission| submission.person == number);
        for submission in given {
            if let Outcome::Yes(id) = submission.outcome
                && !taken_back.contains(&id)
                && !shown.contains(&id)
            {
                faults.push(format!("annotation {id} is not among the own answers of person {number}"));
            }
        }
    }
    Ok(faults)
}

async fn own(client: &mut Client, person: &Person) -> Result<HashSet<i64>> {
    let mut shown = HashSet::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("limit", "500");
        if let Some(cursor) = &cursor {
            query.append_pair("cursor", cursor);
        }
        let path = format!("/api/v1/projects/{PROJECT}/me/annotations?{}", query.finish());
        let page: Page =
            client.send(&Request::get(&path).bearer(&person.token)).await?.expect(200)?.json()?;
        shown.extend(page.items.into_iter().map(|own| own.annotation));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(shown);
        }
    }
}
