//! The second pass over an upload: its lines, some at a time, read by a thread of its own that stays a little ahead of whoever
//! writes them.

use super::{
    columns::Columns,
    kind::{Kind, Line},
    object::Parsed,
    records,
    survey::{LeftOut, Verdict, repeats, unknown_sample},
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

/// How the lines of an upload are read.
#[derive(Clone, Debug)]
pub(super) struct Reading<K> {
    pub file: PathBuf,
    pub format: Format,
    pub columns: Columns,
    pub schema: Schema,
    pub kind: K,
}

impl<K: Kind> Reading<K> {
    /// The line that a record is.
    pub(super) fn parse(&self, line: i64, record: Value) -> Parsed<K::Line> {
        self.kind.parse(&self.schema, line, record)
    }
}

/// Some lines in order.
#[derive(Debug)]
pub(super) struct Batch<L> {
    pub lines: Vec<L>,
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

/// Reads the lines behind the line `after` that are not left out, until the receiver is dropped.
pub(super) fn read<K: Kind>(
    reading: Reading<K>,
    left_out: Arc<LeftOut>,
    after: i64,
) -> mpsc::Receiver<Result<Batch<K::Line>>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let sent = send(&reading, &left_out, after, &sender);
        drop(left_out);
        // Where nobody listens any more there is nobody to tell.
        let _ = match sent {
            Ok(rest) if rest.is_empty() => Ok(()),
            Ok(rest) => sender.blocking_send(Ok(rest)),
            Err(error) => sender.blocking_send(Err(error)),
        };
    });
    receiver
}

/// Sends full batches, and returns the last one.
fn send<K: Kind>(
    reading: &Reading<K>,
    left_out: &LeftOut,
    after: i64,
    sender: &mpsc::Sender<Result<Batch<K::Line>>>,
) -> Result<Batch<K::Line>> {
    let mut batch = Batch::new();
    let mut changed = false;
    records::read(&reading.file, reading.format, &reading.columns, |line, value| {
        if line <= after {
            return ControlFlow::Continue(());
        }
        let verdict = left_out.verdict(line);
        match (verdict, value) {
            (Verdict::Repeats(first), value) => {
                batch.reject(line, value.ok().as_ref(), vec![repeats(K::ONCE, first)]);
            }
            (Verdict::Wrong, Err(fault)) => batch.reject(line, None, vec![fault]),
            (Verdict::Wrong, Ok(value)) => {
                let parsed = reading.parse(line, value.clone());
                batch.reject(line, Some(&value), parsed.err().unwrap_or_default());
            }
            (Verdict::Kept | Verdict::Unknown, value) => {
                let record = (verdict == Verdict::Unknown).then(|| value.as_ref().ok().cloned()).flatten();
                match value.map_err(|fault| vec![fault]).and_then(|value| reading.parse(line, value)) {
                    Ok(parsed) if verdict == Verdict::Unknown => {
                        batch.reject(line, record.as_ref(), vec![unknown_sample(K::SAMPLES, parsed.key())]);
                    }
                    Ok(mut parsed) => {
                        if left_out.is_followed(line) {
                            parsed.is_followed();
                        }
                        batch.keep(parsed);
                    }
                    // It was right when it was checked.
                    Err(_) => {
                        changed = true;
                        return ControlFlow::Break(());
                    }
                }
            }
        }
        if batch.is_full() && sender.blocking_send(Ok(std::mem::replace(&mut batch, Batch::new()))).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    if changed {
        return Err(Error::internal("an upload is not what it was when it was checked"));
    }
    Ok(batch)
}

impl<L: Line> Batch<L> {
    fn new() -> Self {
        Self { lines: Vec::new(), rejects: Vec::new(), bytes: 0 }
    }

    fn keep(&mut self, line: L) {
        self.bytes += line.bytes();
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
                let before = self.rejects.partition_point(|reject| reject.line < next.number());
                let rest = self.rejects.split_off(before);
                std::mem::replace(&mut self.rejects, rest)
            }
        };
        Self { lines, rejects, bytes: 0 }
    }

    /// The last line that it goes up to.
    pub(super) fn last_line(&self) -> i64 {
        let kept = self.lines.last().map_or(0, Line::number);
        kept.max(self.rejects.last().map_or(0, |reject| reject.line))
    }
}
