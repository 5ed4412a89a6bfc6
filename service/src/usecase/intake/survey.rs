//! The first pass over an upload of samples: every line is checked and none is kept in memory, so that an upload of any
//! size is known to be whole and right before the first write.

use super::{
    foreign::{self, Dialect},
    ids::Ids,
    records,
    sample_lines::{GivenLabel, SampleLine},
    tally::Tally,
};
use crate::{error::Result, format::Format};
use domain::{
    problem::{Code, Fault},
    schema::Schema,
};
use std::{ops::ControlFlow, path::Path, sync::Arc};

/// How an upload's lines are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'a> {
    pub file: &'a Path,
    pub format: Format,
    pub dialect: Dialect,
    pub schema: &'a Schema,
}

/// What the first pass found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub tally: Tally,
    /// Lines that can be kept.
    pub kept: i64,
    pub left_out: Arc<LeftOut>,
    /// A line that can be kept says what the label is, or that there is none.
    pub says_labels: bool,
    /// The first lines that can be kept, as many as were asked for.
    pub first: Vec<SampleLine>,
}

/// Which lines cannot be kept.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    /// In order.
    wrong: Vec<i64>,
    /// Each with the first line of its id, in order.
    repeated: Vec<(i64, i64)>,
}

/// Whether a line can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Kept,
    Wrong,
    /// Its id is on this line already.
    Repeats(i64),
}

impl LeftOut {
    /// Whether this line can be kept.
    pub(super) fn verdict(&self, line: i64) -> Verdict {
        if self.wrong.binary_search(&line).is_ok() {
            return Verdict::Wrong;
        }
        match self.repeated.binary_search_by_key(&line, |(line, _)| *line) {
            Ok(index) => Verdict::Repeats(self.repeated[index].1),
            Err(_) => Verdict::Kept,
        }
    }
}

/// What is wrong with a line whose id is on the line `first`.
pub(super) fn repeats(first: i64) -> Fault {
    Fault::at("/id", Code::DuplicateId, format!("the id is on line {first} already"))
}

/// Checks every line. An error means that the upload as a whole cannot be read.
pub(super) fn survey(reading: Reading<'_>, shown: usize) -> Result<Survey> {
    let mut found = Survey::default();
    let mut left_out = LeftOut::default();
    let mut ids = Ids::new(reading.file.parent().unwrap_or(Path::new(".")).to_owned());
    let mut failure = None;
    let columns = foreign::columns(reading.dialect)(reading.schema);
    records::read(reading.file, reading.format, &columns, |line, value| {
        found.tally.received += 1;
        let parsed = value.map_err(|fault| vec![fault]);
        match parsed.and_then(|value| foreign::parse(reading.dialect, reading.schema, line, value)) {
            Ok(parsed) => {
                found.kept += 1;
                found.says_labels |= parsed.label != GivenLabel::Absent;
                if let Err(error) = ids.add(parsed.key.as_str(), line) {
                    failure = Some(error);
                    return ControlFlow::Break(());
                }
                if found.first.len() < shown {
                    found.first.push(parsed);
                }
            }
            Err(faults) => {
                left_out.wrong.push(line);
                found.tally.reject(line, faults);
            }
        }
        ControlFlow::Continue(())
    })?;
    if let Some(failure) = failure {
        return Err(failure.into());
    }
    left_out.repeated = ids.repeated()?;
    for (line, first) in &left_out.repeated {
        found.kept -= 1;
        found.tally.reject(*line, vec![repeats(*first)]);
    }
    found.first.retain(|line| left_out.verdict(line.line) == Verdict::Kept);
    found.left_out = Arc::new(left_out);
    Ok(found)
}
