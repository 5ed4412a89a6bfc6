//! Challenges: samples are queued again because somebody doubts their label.

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        projects::Project,
        requeue, sample_tasks, samples,
        signals::{self, Given},
        versions::BATCH,
    },
    services::Services,
    usecase::{access, intake::LONGEST_NOTE, samples::search::Search},
};
use domain::{
    access::Permission,
    id::SampleId,
    name::Slug,
    problem::{Code, Fault, Refusal},
    signal::SignalKind,
    view::{
        intake::Challenged,
        sample::{ChallengeInput, MOST_AT_ONCE, SampleFilter},
    },
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use std::collections::HashSet;

/// New tasks on samples that have a label.
#[derive(Clone, Copy, Debug)]
pub struct Challenges<'a>(pub(crate) &'a Services);

impl Challenges<'_> {
    /// Challenges the samples that are named or that the filter finds.
    pub async fn challenge(&self, actor: &Actor, slug: &Slug, input: ChallengeInput) -> Result<Challenged> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let access = access::project(tx, &actor, &slug, Permission::Challenge).await?;
                    challenge(tx, &services, &actor, &access.changeable()?.project, input).await
                })
            })
            .await
    }
}

async fn challenge(
    tx: &DatabaseTransaction,
    services: &Services,
    actor: &Actor,
    project: &Project,
    input: ChallengeInput,
) -> Result<Challenged> {
    Refusal::check(faults(&input))?;
    let now = services.now(tx).await?;
    let samples = match (input.ids, input.filter) {
        (Some(ids), _) => named(tx, project, ids).await?,
        (None, filter) => found(tx, project, filter.unwrap_or_default()).await?,
    };
    let mut challenged = Challenged { matched: count(samples.len())?, ..Challenged::default() };
    for ids in samples.chunks(BATCH) {
        challenged.already_open += count(sample_tasks::count_active(tx, ids).await?)?;
        let given: Vec<Given> = ids
            .iter()
            .map(|sample| Given {
                sample: *sample,
                kind: SignalKind::Challenge,
                score: 1.0,
                detail: json!({"note": input.note}),
            })
            .collect();
        signals::give(tx, &given, actor.user(), now).await?;
        challenged.tasks_opened += requeue::samples(tx, project, ids, now).await?.opened;
    }
    let entry = Entry {
        actor,
        project: Some(project.id),
        action: "challenge",
        subject: format!("{} samples", challenged.matched),
        detail: json!(challenged),
    };
    audit::write(tx, now, entry).await?;
    Ok(challenged)
}

fn count(number: impl TryInto<i64, Error = std::num::TryFromIntError>) -> Result<i64> {
    number.try_into().map_err(Error::internal)
}

fn faults(input: &ChallengeInput) -> Vec<Fault> {
    let mut faults = Vec::new();
    match (&input.ids, &input.filter) {
        (None, None) => faults.push(Fault::at("/ids", Code::Missing, "either ids or a filter is needed")),
        (Some(_), Some(_)) => {
            faults.push(Fault::at("/filter", Code::Invalid, "ids and a filter cannot be given together"));
        }
        (Some(ids), None) if ids.is_empty() => {
            faults.push(Fault::at("/ids", Code::Empty, "at least one id is needed"));
        }
        (Some(ids), None) if ids.len() > usize::from(MOST_AT_ONCE) => {
            faults.push(Fault::at("/ids", Code::TooLong, format!("at most {MOST_AT_ONCE} ids")));
        }
        _ => {}
    }
    if input.note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        faults.push(Fault::at("/note", Code::TooLong, format!("at most {LONGEST_NOTE} characters")));
    }
    faults
}

/// The samples with these ids, each once.
async fn named(tx: &DatabaseTransaction, project: &Project, ids: Vec<String>) -> Result<Vec<SampleId>> {
    let keys: Vec<&str> = ids.iter().map(String::as_str).collect();
    let known = samples::by_keys(tx, project.id, &keys).await?;
    let unknown = ids.iter().enumerate().filter(|(_, id)| !known.contains_key(*id)).map(|(index, id)| {
        Fault::at(format!("/ids/{index}"), Code::UnknownSample, format!("no sample has the id '{id}'"))
    });
    Refusal::check(unknown.collect())?;
    let mut seen = HashSet::new();
    let each = ids.iter().filter_map(|id| known.get(id)).map(|sample| SampleId(sample.id));
    Ok(each.filter(|sample| seen.insert(*sample)).collect())
}

async fn found(tx: &DatabaseTransaction, project: &Project, filter: SampleFilter) -> Result<Vec<SampleId>> {
    let search = Search::of(tx, project, filter, "/filter").await?;
    let mut samples = Vec::new();
    let mut last = None;
    loop {
        let found = search.after(tx, project, last, BATCH).await?;
        let Some(end) = found.last() else { return Ok(samples) };
        last = Some(end.row.key.clone());
        samples.extend(found.iter().map(|sample| SampleId(sample.row.id)));
    }
}
