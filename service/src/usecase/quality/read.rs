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
    usecase::numbers::{Labels, Numbers, keep_later},
};
use domain::{
    id::AnnotatorId,
    quality::{Given, Week, Work},
    settings::ConsensusMethod,
    signal::SignalKind,
    truth::Method,
};
use jiff::{civil::Date, tz::TimeZone};
use std::collections::HashMap;

/// What was read until now.
#[derive(Debug)]
pub(super) struct Read {
    given: Vec<Given>,
    tasks: Numbers<i64>,
    people: Numbers<i64>,
    labels: Labels,
}

/// Reads the answers page by page.
pub(super) async fn all(db: &Db, project: &Project, question: &str) -> Result<Read> {
    let zone = TimeZone::get(&project.settings.time_zone).unwrap_or(TimeZone::UTC);
    let mut read = Read {
        given: Vec::new(),
        tasks: Numbers::default(),
        people: Numbers::default(),
        labels: Labels::of_question(question),
    };
    let mut after = Some(After::start(None));
    while let Some(from) = after {
        let page = quality::page(db.read(), project.id, from).await?;
        after = After::page(&page);
        for row in &page {
            read.answer(row, &zone)?;
        }
    }
    Ok(read)
}

impl Read {
    fn answer(&mut self, row: &SettledAnswer, zone: &TimeZone) -> Result<()> {
        let Some(label) = self.labels.of(&row.answers)? else { return Ok(()) };
        let settled = match &row.settled {
            Some(settled) => self.labels.of(settled)?,
            None => None,
        };
        let reason = SignalKind::parse(&row.reason_kind);
        self.given.push(Given {
            task: self.tasks.of(row.task_id)?,
            annotator: self.people.of(row.annotator_id)?,
            label,
            settled,
            waits_again: row.waiting > 0,
            duration_ms: row.duration_ms.and_then(|ms| u32::try_from(ms).ok()),
            week: week(row.created_at, zone),
            reason: reason.ok_or_else(|| Error::internal("an unknown reason"))?,
        });
        Ok(())
    }

    /// Everybody's answers compared.
    pub(super) fn compared(mut self, method: ConsensusMethod) -> HashMap<AnnotatorId, Person> {
        keep_later(&mut self.given, |given| (given.task, given.annotator));
        let method = Method::from(method);
        let people = self.people.into_keys();
        let labels = self.labels.into_numbers().into_keys();
        let work = Work { labels, annotators: people.len() as u32, given: self.given };
        let compared = work.qualities(method).into_iter().zip(work.own_qualities(method));
        let compared = compared.map(|(all, own)| Person { all, own });
        people.into_iter().map(AnnotatorId).zip(compared).collect()
    }
}

/// The Monday before a time in microseconds, in the zone.
fn week(at: i64, zone: &TimeZone) -> Week {
    let at = jiff::Timestamp::from_microsecond(at).unwrap_or_default();
    let day = at.to_zoned(zone.clone()).date();
    let days = Date::constant(1970, 1, 1).until(day).map(|span| span.get_days()).unwrap_or_default();
    Week::of_day(days)
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
