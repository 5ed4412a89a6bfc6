//! What the servers said: the acknowledged, the refused, and what nobody can know.

use std::collections::BTreeMap;

/// How a request ended for whoever sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome<T> {
    /// Acknowledged.
    Yes(T),
    /// Refused for good, with the code.
    No(String),
    /// No answer, or one that says "later": it may have taken effect or not.
    Unknown,
}

/// One answer that was sent; each carries a note of its own, by which it is found again.
#[derive(Debug)]
pub(crate) struct Submission {
    pub person: usize,
    pub task: i64,
    pub note: String,
    /// With the annotation's id.
    pub outcome: Outcome<i64>,
}

#[derive(Debug)]
pub(crate) struct Undoing {
    pub annotation: i64,
    pub outcome: Outcome<()>,
}

#[derive(Debug)]
pub(crate) struct Skipping {
    pub person: usize,
    pub task: i64,
    pub outcome: Outcome<()>,
}

/// What one or many clients were told.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub submissions: Vec<Submission>,
    pub undoings: Vec<Undoing>,
    pub skips: Vec<Skipping>,
    /// Ids of samples whose import was acknowledged.
    pub imported: Vec<String>,
    /// What a client saw that must not be.
    pub faults: Vec<String>,
    /// How often each kind of thing happened.
    pub counts: BTreeMap<&'static str, u64>,
}

impl Record {
    pub fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    pub fn extend(&mut self, other: Self) {
        self.submissions.extend(other.submissions);
        self.undoings.extend(other.undoings);
        self.skips.extend(other.skips);
        self.imported.extend(other.imported);
        self.faults.extend(other.faults);
        for (what, count) in other.counts {
            *self.counts.entry(what).or_default() += count;
        }
    }

    pub fn summary(&self) -> String {
        let counts: Vec<String> = self.counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
        counts.join(", ")
    }
}
