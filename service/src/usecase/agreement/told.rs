//! What the answers to one question tell: every statistic, part by part, and where the disagreement comes from.

use super::collected::{AnswerGiven, Collected, TaskAnswered};
use crate::{
    db::Db,
    error::{Error, Result},
};
use domain::{
    agreement::{
        Bootstrap, Coverage, Disputed, Level, Ratings, Report, confusion, label_matrix, most_disputed,
    },
    id::TaskId,
    name::SampleKey,
    time::Timestamp,
    view::agreement::{AgreementView, AnswerCount, DisputedTask, Part, Parts, Period},
};
use jiff::{civil::Date, tz::TimeZone};
use std::collections::{BTreeMap, HashMap};

/// So many tasks that cause the most disagreement are told,
const MOST_DISPUTED: usize = 20;
/// of so many, among which there may be open ones.
const MOST_LOOKED_AT: usize = 200;
/// So many labels have a row in the matrix.
const MOST_LABELS: usize = 40;
/// Parts of the time are longer where there would be more of them.
const MOST_DAYS: i32 = 31;
const MOST_WEEKS: i32 = 27;

/// How the answers are looked at.
#[derive(Clone, Debug)]
pub(super) struct Looking {
    pub question: String,
    pub level: Level,
    /// The zone of the days, an IANA name.
    pub time_zone: String,
    /// The time at which it was begun.
    pub now: Timestamp,
}

/// Everything that `collected` tells.
pub(super) async fn of(db: &Db, collected: Collected, looking: Looking) -> Result<AgreementView> {
    let computed = tokio::task::spawn_blocking(move || computed(&collected, &looking));
    let (mut view, disputed) = computed.await.map_err(Error::internal)??;
    let tasks: Vec<i64> = disputed.iter().map(|task| task.id).collect();
    let mut samples: HashMap<i64, SampleKey> = Collected::samples(db, &tasks).await?;
    view.disputed = disputed
        .into_iter()
        .filter_map(|task| {
            let sample = samples.remove(&task.id)?;
            Some(DisputedTask { task: TaskId(task.id), sample, share: task.share, answers: task.answers })
        })
        .take(MOST_DISPUTED)
        .collect();
    Ok(view)
}

/// A disputed task whose sample is not known yet.
struct Found {
    id: i64,
    share: f64,
    answers: Vec<AnswerCount>,
}

fn computed(collected: &Collected, looking: &Looking) -> Result<(AgreementView, Vec<Found>)> {
    let ratings = collected.ratings()?;
    let view = AgreementView {
        question: looking.question.clone(),
        report: Report::of(&ratings, looking.level, Some(Bootstrap::default())),
        coverage: Coverage::of(&ratings),
        confusion: confusion(&ratings),
        matrix: label_matrix(&ratings, MOST_LABELS),
        disputed: Vec::new(),
        parts: parts(collected, looking)?,
        computed_at: looking.now,
    };
    Ok((view, disputed(collected, &ratings, looking.level)))
}

fn disputed(collected: &Collected, ratings: &Ratings, level: Level) -> Vec<Found> {
    let numbers = collected.items();
    let items: Vec<_> = ratings.items().collect();
    let of = |Disputed { item, share }: Disputed| {
        let counts = items[item as usize].counts;
        let answers = counts.iter().map(|each| AnswerCount {
            label: ratings.labels()[each.label as usize].clone(),
            count: each.count,
        });
        Found { id: collected.tasks[numbers[item as usize] as usize].id, share, answers: answers.collect() }
    };
    most_disputed(ratings, level, MOST_LOOKED_AT).into_iter().map(of).collect()
}

fn parts(collected: &Collected, looking: &Looking) -> Result<Parts> {
    let zone = TimeZone::get(&looking.time_zone).unwrap_or(TimeZone::UTC);
    let day = |task: &TaskAnswered| {
        let at = jiff::Timestamp::from_microsecond(task.answered_at).unwrap_or_default();
        at.to_zoned(zone.clone()).date()
    };
    let days: Vec<Date> = collected.tasks.iter().map(day).collect();
    // Of a choice of answers there may be tasks without any.
    let period = period(collected.items().iter().map(|task| days[*task as usize]));
    let task = |answer: &AnswerGiven| &collected.tasks[answer.task as usize];
    let by = |key: &dyn Fn(&AnswerGiven) -> Option<String>| by(collected, looking.level, key);
    let mut time = by(&|answer| Some(first_day(days[answer.task as usize], period).to_string()))?;
    time.sort_by(|a, b| a.key.cmp(&b.key));
    let mut guideline_revision = by(&|answer| Some(answer.guideline_revision.to_string()))?;
    guideline_revision.sort_by_key(|part| part.key.as_deref().and_then(|key| key.parse::<i32>().ok()));
    Ok(Parts {
        period,
        time,
        reason: by(&|answer| task(answer).reason.map(|reason| reason.as_str().to_owned()))?,
        model: match collected.models.is_empty() {
            true => Vec::new(),
            false => by(&|answer| task(answer).model.map(|model| collected.models[model as usize].clone()))?,
        },
        guideline_revision,
    })
}

/// Agreement of each part of the answers, by key.
fn by(
    collected: &Collected,
    level: Level,
    key: &dyn Fn(&AnswerGiven) -> Option<String>,
) -> Result<Vec<Part>> {
    let mut parts: BTreeMap<Option<String>, Vec<(u32, u32, u32)>> = BTreeMap::new();
    for answer in &collected.answers {
        parts.entry(key(answer)).or_default().push(answer.numbers());
    }
    let of = |(key, answers): (Option<String>, Vec<_>)| Ok(Part::of(key, &collected.rated(answers)?, level));
    parts.into_iter().map(of).collect()
}

/// How long the parts of the time are.
fn period(days: impl Iterator<Item = Date> + Clone) -> Period {
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Period::Day };
    match first.until(last).map(|span| span.get_days()) {
        Ok(days) if days < MOST_DAYS => Period::Day,
        Ok(days) if days < MOST_WEEKS * 7 => Period::Week,
        _ => Period::Month,
    }
}

/// The day on which the part begins that `day` is in; weeks begin on Monday.
fn first_day(day: Date, period: Period) -> Date {
    match period {
        Period::Day => day,
        Period::Week => {
            let past = i64::from(day.weekday().to_monday_zero_offset());
            day.checked_sub(jiff::Span::new().days(past)).unwrap_or(day)
        }
        Period::Month => day.first_of_month(),
    }
}
