//! The second pass over an upload of samples: its lines, some at a time, read by a thread of its own that stays a little
//! ahead of whoever writes them.

use super::{
    foreign::{self, Dialect},
    records,
    sample_lines::SampleLine,
    survey::{LeftOut, Verdict, repeats},
};
use crate::{
    error::{Error, Result},
    format::Format,
};
use domain::{problem::Fault, schema::Schema};
use serde_json::Value;
use std::{ops::ControlFlow, path::PathBuf, sync::Arc};
use tokio::sync::mpsc;

/// How many lines a batch has at most.
pub(super) const MOST_LINES: usize = 2_000;
/// How many bytes of text, about.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// How many batches wait to be written.
const AHEAD: usize = 2;

/// Some lines in order.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub lines: Vec<SampleLine>,
    pub rejects: Vec<Reject>,
    bytes: usize,
}

/// A line that is left out.
#[derive(Debug)]
pub(super) struct Reject {
    pub line: i64,
    /// What stands there, where it is JSON or a record of CSV.
    pub record: Option<String>,
    pub faults: Vec<Fault>,
}

/// What is read, and from where on.
#[derive(Debug)]
pub(super) struct Source {
    pub file: PathBuf,
    pub format: Format,
    pub dialect: Dialect,
    pub schema: Schema,
    pub left_out: Arc<LeftOut>,
    /// Lines up to this one are passed over.
    pub after: i64,
}

/// Reads the lines until the receiver is dropped.
pub(super) fn read(source: Source) -> mpsc::Receiver<Result<Batch>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        // Where nobody listens any more there is nobody to tell.
        let _ = match send(&source, &sender) {
            Ok(rest) if rest.is_empty() => Ok(()),
            Ok(rest) => sender.blocking_send(Ok(rest)),
            Err(error) => sender.blocking_send(Err(error)),
        };
    });
    receiver
}

/// Sends full batches, and returns the last one.
fn send(source: &Source, sender: &mpsc::Sender<Result<Batch>>) -> Result<Batch> {
    let mut batch = Batch::default();
    let mut changed = false;
    let columns = foreign::columns(source.dialect)(&source.schema);
    records::read(&source.file, source.format, &columns, |line, value| {
        if line <= source.after {
            return ControlFlow::Continue(());
        }
        match source.left_out.verdict(line) {
            Verdict::Kept => match value
                .map_err(|fault| vec![fault])
                .and_then(|value| foreign::parse(source.dialect, &source.schema, line, value))
            {
                Ok(parsed) => batch.keep(parsed),
                // It was right when it was checked.
                Err(_) => {
                    changed = true;
                    return ControlFlow::Break(());
                }
            },
            Verdict::Repeats(first) => batch.reject(line, value.ok().as_ref(), vec![repeats(first)]),
            Verdict::Wrong => match value {
                Err(fault) => batch.reject(line, None, vec![fault]),
                Ok(value) => {
                    let parsed = foreign::parse(source.dialect, &source.schema, line, value.clone());
                    batch.reject(line, Some(&value), parsed.err().unwrap_or_default());
                }
            },
        }
        if batch.is_full() && sender.blocking_send(Ok(std::mem::take(&mut batch))).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    if changed {
        return Err(Error::internal("an upload is not what it was when it was checked"));
    }
    Ok(batch)
}

impl Batch {
    fn keep(&mut self, line: SampleLine) {
        let predictions = line.predictions.iter().map(|sent| sent.probs.len() + 100).sum::<usize>();
        self.bytes += line.fields.len() + line.metadata.len() + predictions;
        self.lines.push(line);
    }

    fn reject(&mut self, line: i64, record: Option<&Value>, faults: Vec<Fault>) {
        let record = record.map(Value::to_string);
        self.bytes += record.as_ref().map_or(0, String::len);
        self.rejects.push(Reject { line, record, faults });
    }

    fn is_full(&self) -> bool {
        self.lines.len() + self.rejects.len() >= MOST_LINES || self.bytes >= MOST_BYTES
    }

    /// Whether all of it was taken.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.rejects.is_empty()
    }

    /// Splits off the first lines, at most `most`, and what is left out before the line after them.
    pub(super) fn take(&mut self, most: usize) -> Self {
        let rest = self.lines.split_off(most.min(self.lines.len()));
        let lines = std::mem::replace(&mut self.lines, rest);
        let rejects = match self.lines.first() {
            None => std::mem::take(&mut self.rejects),
            Some(next) => {
                let before = self.rejects.partition_point(|reject| reject.line < next.line);
                let rest = self.rejects.split_off(before);
                std::mem::replace(&mut self.rejects, rest)
            }
        };
        Self { lines, rejects, bytes: 0 }
    }

    /// The last line that it goes up to.
    pub(super) fn last_line(&self) -> i64 {
        let kept = self.lines.last().map_or(0, |line| line.line);
        kept.max(self.rejects.last().map_or(0, |reject| reject.line))
    }
}
