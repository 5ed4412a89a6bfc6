//! The first pass over an upload: every line is checked and none is kept in memory, so that an upload of any size is known to
//! be whole and right before the first write.

use super::{
    batches::{self, Reading},
    ids::Ids,
    kind::{About, Kind, Line},
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
    pub left_out: Arc<LeftOut>,
    /// A line that can be kept says what the label is, or that there is none.
    pub says_labels: bool,
    /// The first lines that can be kept, as many as were asked for.
    pub first: Vec<L>,
}

/// Which lines cannot be kept, and which of the others are not the last word.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    /// In order.
    wrong: Vec<i64>,
    /// Each with the first line that has the same, in order.
    repeated: Vec<(i64, i64)>,
    /// In order.
    unknown: Vec<i64>,
    /// Lines that can be kept, of whose subject a later line speaks, in order.
    followed: Vec<i64>,
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

    /// Whether a later line speaks of the same.
    pub(super) fn is_followed(&self, line: i64) -> bool {
        self.followed.binary_search(&line).is_ok()
    }
}

/// What is wrong with a line that repeats the line `first` in `what` must occur once.
pub(super) fn repeats(what: Option<&str>, first: i64) -> Fault {
    let what = what.unwrap_or("the same");
    Fault::at("/id", Code::DuplicateId, format!("{what} is on line {first} already"))
}

/// What is wrong with a line about a sample that there is not.
pub(super) fn unknown_sample(about: About, key: &SampleKey) -> Fault {
    let detail = match about {
        About::Any | About::Known => format!("no sample has the id '{key}'"),
        About::NotErased => format!("no sample has the id '{key}', or it was erased"),
    };
    Fault::at("/id", Code::UnknownSample, detail)
}

/// Checks every line, off the threads that serve others, and that the samples are there which must be. Changes nothing. An
/// error means that the upload as a whole cannot be read.
pub(super) async fn survey<K: Kind>(
    conn: &impl ConnectionTrait,
    project: &Project,
    reading: Reading<K>,
    shown: usize,
) -> Result<Survey<K::Line>> {
    let lines = reading.clone();
    let work = move || check::<K>(&lines, shown);
    let mut found = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
    if K::SAMPLES != About::Any {
        let unknown = find_unknown::<K>(conn, project, reading, &mut found).await?;
        // The reader has let go of it.
        let left_out = Arc::get_mut(&mut found.left_out);
        left_out.ok_or_else(|| Error::internal("an upload is still read"))?.unknown = unknown;
    }
    Ok(found)
}

fn check<K: Kind>(reading: &Reading<K>, shown: usize) -> Result<Survey<K::Line>> {
    let mut tally = Tally::default();
    let mut left_out = LeftOut::default();
    let mut first = Vec::new();
    let mut says_labels = false;
    let folder = reading.file.parent().unwrap_or(Path::new("."));
    let (mut ids, mut subjects) = (Ids::new(folder.to_owned()), Ids::new(folder.to_owned()));
    let mut failure = None;
    records::read(&reading.file, reading.format, &reading.columns, |line, value| {
        tally.received += 1;
        let parsed = value.map_err(|fault| vec![fault]);
        match parsed.and_then(|value| reading.parse(line, value)) {
            Ok(parsed) => {
                says_labels |= parsed.says_label();
                let id = K::ONCE.map_or(Ok(()), |_| ids.add(&parsed.identity(), line));
                let subject = parsed.subject().map_or(Ok(()), |subject| subjects.add(&subject, line));
                if let Err(error) = id.and(subject) {
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
        tally.reject(*line, vec![repeats(K::ONCE, *first)]);
    }
    left_out.followed = followed(subjects.repeated()?, &left_out);
    first.retain(|line: &K::Line| left_out.verdict(line.number()) == Verdict::Kept);
    Ok(Survey { tally, left_out: Arc::new(left_out), says_labels, first })
}

/// The lines that can be kept and have a later such line of their subject, of lines with the first of theirs.
fn followed(mut of_subjects: Vec<(i64, i64)>, left_out: &LeftOut) -> Vec<i64> {
    of_subjects.retain(|(line, _)| left_out.verdict(*line) == Verdict::Kept);
    of_subjects.sort_unstable_by_key(|(line, first)| (*first, *line));
    // Each but the last is followed by the next, and the first by all.
    let mut followed = Vec::with_capacity(of_subjects.len());
    for (index, (_, first)) in of_subjects.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| of_subjects.get(before));
        followed.push(before.filter(|(_, its_first)| its_first == first).map_or(*first, |(line, _)| *line));
    }
    followed.sort_unstable();
    followed
}

/// The lines about samples that there are not.
async fn find_unknown<K: Kind>(
    conn: &impl ConnectionTrait,
    project: &Project,
    reading: Reading<K>,
    found: &mut Survey<K::Line>,
) -> Result<Vec<i64>> {
    let mut unknown = Vec::new();
    let mut batches = batches::read(reading, Arc::clone(&found.left_out), 0);
    while let Some(batch) = batches.recv().await {
        let batch = batch?;
        let keys: Vec<&str> = batch.lines.iter().map(|line| line.key().as_str()).collect();
        let mut known = samples::by_keys(conn, project.id, &keys).await?;
        known.retain(|_, sample| K::SAMPLES != About::NotErased || sample.erased_at.is_none());
        for line in batch.lines.iter().filter(|line| !known.contains_key(line.key().as_str())) {
            unknown.push(line.number());
            found.tally.reject(line.number(), vec![unknown_sample(K::SAMPLES, line.key())]);
        }
    }
    Ok(unknown)
}
