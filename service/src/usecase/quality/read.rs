//! What all people of a project said to one question, as numbers: a million answers take some tens of megabytes.
//!
//! Decides nothing about what the numbers mean.

use super::Person;
use crate::{
    db::Db,
    error::{Error, Result},
    repo::{
        given_answers::After,
        projects::Project,
        quality::{self, SettledAnswer},
    },
};
use domain::{
    answer::Answers,
    id::AnnotatorId,
    quality::{Given, Week, Work},
    settings::ConsensusMethod,
    signal::SignalKind,
    truth::Method,
};
use jiff::{civil::Date, tz::TimeZone};
use serde_json::Value;
use std::{collections::HashMap, hash::Hash};

/// What was read until now.
#[derive(Debug, Default)]
pub(super) struct Read {
    given: Vec<Given>,
    tasks: HashMap<i64, u32>,
    people: HashMap<i64, u32>,
    labels: HashMap<String, u32>,
    /// What is said to the question, by the text of all answers: the same texts come again and again.
    texts: HashMap<String, Option<u32>>,
}

/// Different texts of answers that are remembered.
const MOST_TEXTS: usize = 20_000;

/// Reads the answers page by page.
pub(super) async fn all(db: &Db, project: &Project, question: &str) -> Result<Read> {
    let zone = TimeZone::get(&project.settings.time_zone).unwrap_or(TimeZone::UTC);
    let mut read = Read::default();
    let mut after = Some(After::start(None));
    while let Some(from) = after {
        let page = quality::page(db.read(), project.id, from).await?;
        after = After::page(&page);
        for row in &page {
            read.answer(row, question, &zone)?;
        }
    }
    Ok(read)
}

impl Read {
    fn answer(&mut self, row: &SettledAnswer, question: &str, zone: &TimeZone) -> Result<()> {
        let Some(label) = self.label(&row.answers, question)? else { return Ok(()) };
        let settled = match &row.settled {
            Some(settled) => self.label(settled, question)?,
            None => None,
        };
        let reason = SignalKind::parse(&row.reason_kind);
        self.given.push(Given {
            task: numbered(&mut self.tasks, row.task_id)?,
            annotator: numbered(&mut self.people, row.annotator_id)?,
            label,
            settled,
            waits_again: row.waiting > 0,
            duration_ms: row.duration_ms.and_then(|ms| u32::try_from(ms).ok()),
            week: week(row.created_at, zone),
            reason: reason.ok_or_else(|| Error::internal("an unknown reason"))?,
        });
        Ok(())
    }

    /// What these answers say to the question; none where they leave it out.
    fn label(&mut self, answers: &str, question: &str) -> Result<Option<u32>> {
        if let Some(known) = self.texts.get(answers) {
            return Ok(*known);
        }
        let given: Answers = serde_json::from_str(answers)?;
        let text = given.0.get(question).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let label = text.map(|text| numbered(&mut self.labels, text)).transpose()?;
        if self.texts.len() < MOST_TEXTS {
            self.texts.insert(answers.to_owned(), label);
        }
        Ok(label)
    }

    /// Everybody's answers compared.
    pub(super) fn compared(self, method: ConsensusMethod) -> HashMap<AnnotatorId, Person> {
        let method = Method::from(method);
        let annotators = self.people.len() as u32;
        let work = Work { labels: ordered(self.labels), annotators, given: self.given };
        let people = work.qualities(method).into_iter().zip(work.own_qualities(method));
        let people = people.map(|(all, own)| Person { all, own });
        ordered(self.people).into_iter().map(AnnotatorId).zip(people).collect()
    }
}

/// The Monday before a time in microseconds, in the zone.
fn week(at: i64, zone: &TimeZone) -> Week {
    let at = jiff::Timestamp::from_microsecond(at).unwrap_or_default();
    let day = at.to_zoned(zone.clone()).date();
    let days = Date::constant(1970, 1, 1).until(day).map(|span| span.get_days()).unwrap_or_default();
    Week::of_day(days)
}

fn numbered<K: Hash + Eq>(known: &mut HashMap<K, u32>, key: K) -> Result<u32> {
    let next = u32::try_from(known.len()).map_err(Error::internal)?;
    Ok(*known.entry(key).or_insert(next))
}

/// The keys in the order of their numbers.
fn ordered<K>(known: HashMap<K, u32>) -> Vec<K> {
    let mut keys: Vec<(K, u32)> = known.into_iter().collect();
    keys.sort_unstable_by_key(|(_, number)| *number);
    keys.into_iter().map(|(key, _)| key).collect()
}

#[cfg(test)]
mod tests {
    use super::week;
    use jiff::tz::TimeZone;

    #[test]
    fn a_week_begins_on_monday_in_the_zone() -> Result<(), jiff::Error> {
        // Sunday 20:00 in UTC is Monday in Seoul.
        let at = "2026-03-01T20:00:00Z".parse::<jiff::Timestamp>()?.as_microsecond();
        assert_eq!(week(at, &TimeZone::UTC).to_string(), "2026-02-23");
        assert_eq!(week(at, &TimeZone::get("Asia/Seoul")?).to_string(), "2026-03-02");
        Ok(())
    }
}
