//! The first pass over an upload: every line is checked and none is kept in memory, so that an upload of any size is known to
//! be whole and right before the first write.

use super::{
    batches::{self, Reading},
    ids::Ids,
    kind::{Kind, Line},
    records,
    tally::Tally,
};
use crate::{
    error::{Error, Result},
    repo::{projects::Project, samples},
};
use domain::{
    name::SampleKey,
    problem::{Code, Fault},
};
use sea_orm::ConnectionTrait;
use std::{ops::ControlFlow, path::Path, sync::Arc};

/// What the first pass found.
#[derive(Debug)]
pub(super) struct Survey<L> {
    pub tally: Tally,
    /// Lines that can be kept.
    pub kept: i64,
    pub left_out: Arc<LeftOut>,
    /// A line that can be kept says what the label is, or that there is none.
    pub says_labels: bool,
    /// The first lines that can be kept, as many as were asked for.
    pub first: Vec<L>,
}

/// Which lines cannot be kept.
#[derive(Clone, Debug, Default)]
pub(super) struct LeftOut {
    /// In order.
    wrong: Vec<i64>,
    /// Each with the first line that has the same, in order.
    repeated: Vec<(i64, i64)>,
    /// In order.
    unknown: Vec<i64>,
}

/// Whether a line can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Kept,
    Wrong,
    /// What must occur once is on this line already.
    Repeats(i64),
    /// It is about a sample that there is not.
    Unknown,
}

impl LeftOut {
    /// Whether this line can be kept.
    pub(super) fn verdict(&self, line: i64) -> Verdict {
        if self.wrong.binary_search(&line).is_ok() {
            return Verdict::Wrong;
        }
        if self.unknown.binary_search(&line).is_ok() {
            return Verdict::Unknown;
        }
        match self.repeated.binary_search_by_key(&line, |(line, _)| *line) {
            Ok(index) => Verdict::Repeats(self.repeated[index].1),
            Err(_) => Verdict::Kept,
        }
    }
}

/// What is wrong with a line that repeats the line `first` in `what` must occur once.
pub(super) fn repeats(what: &str, first: i64) -> Fault {
    Fault::at("/id", Code::DuplicateId, format!("{what} is on line {first} already"))
}

/// What is wrong with a line about a sample that there is not.
pub(super) fn unknown_sample(key: &SampleKey) -> Fault {
    Fault::at("/id", Code::UnknownSample, format!("no sample has the id '{key}'"))
}

/// Checks every line, off the threads that serve others, and that the samples are there which must be. Changes nothing. An
/// error means that the upload as a whole cannot be read.
pub(super) async fn survey<K: Kind>(
    conn: &impl ConnectionTrait,
    project: &Project,
    reading: Reading<K::Line>,
    shown: usize,
) -> Result<Survey<K::Line>> {
    let lines = reading.clone();
    let work = move || check::<K>(&lines, shown);
    let mut found = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
    if K::OF_KNOWN_SAMPLES {
        find_unknown(conn, project, reading, &mut found).await?;
    }
    Ok(found)
}

fn check<K: Kind>(reading: &Reading<K::Line>, shown: usize) -> Result<Survey<K::Line>> {
    let mut tally = Tally::default();
    let mut left_out = LeftOut::default();
    let mut first = Vec::new();
    let (mut kept, mut says_labels) = (0, false);
    let mut ids = Ids::new(reading.file.parent().unwrap_or(Path::new(".")).to_owned());
    let mut failure = None;
    records::read(&reading.file, reading.format, &reading.columns, |line, value| {
        tally.received += 1;
        let parsed = value.map_err(|fault| vec![fault]);
        match parsed.and_then(|value| (reading.parse)(&reading.schema, line, value)) {
            Ok(parsed) => {
                kept += 1;
                says_labels |= parsed.says_label();
                if K::ONCE.is_some()
                    && let Err(error) = ids.add(&parsed.identity(), line)
                {
                    failure = Some(error);
                    return ControlFlow::Break(());
                }
                if first.len() < shown {
                    first.push(parsed);
                }
            }
            Err(faults) => {
                left_out.wrong.push(line);
                tally.reject(line, faults);
            }
        }
        ControlFlow::Continue(())
    })?;
    if let Some(failure) = failure {
        return Err(failure.into());
    }
    left_out.repeated = ids.repeated()?;
    for (line, first) in &left_out.repeated {
        kept -= 1;
        tally.reject(*line, vec![repeats(K::ONCE.unwrap_or_default(), *first)]);
    }
    first.retain(|line: &K::Line| left_out.verdict(line.number()) == Verdict::Kept);
    Ok(Survey { tally, kept, left_out: Arc::new(left_out), says_labels, first })
}

/// Leaves out what is about samples that there are not.
async fn find_unknown<L: Line>(
    conn: &impl ConnectionTrait,
    project: &Project,
    reading: Reading<L>,
    found: &mut Survey<L>,
) -> Result<()> {
    let mut unknown = Vec::new();
    let mut batches = batches::read(reading, Arc::clone(&found.left_out), "", 0);
    while let Some(batch) = batches.recv().await {
        let batch = batch?;
        let keys: Vec<&str> = batch.lines.iter().map(|line| line.key().as_str()).collect();
        let known = samples::by_keys(conn, project.id, &keys).await?;
        for line in batch.lines.iter().filter(|line| !known.contains_key(line.key().as_str())) {
            unknown.push(line.number());
            found.kept -= 1;
            found.tally.reject(line.number(), vec![unknown_sample(line.key())]);
        }
    }
    found.left_out = Arc::new(LeftOut { unknown, ..LeftOut::clone(&found.left_out) });
    Ok(())
}
