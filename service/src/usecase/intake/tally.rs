//! What became of the lines of an upload: how many were read and left out, and why.

use crate::error::Result;
use domain::problem::{Fault, Refusal};
use serde::{Deserialize, Serialize};

/// What a wrong line does to its upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnError {
    /// The upload is refused and nothing of it is kept.
    #[default]
    Abort,
    /// The line is left out.
    Skip,
}

/// A count of lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub received: i64,
    pub rejected: i64,
    faults: Vec<Fault>,
}

impl Tally {
    /// A line is left out.
    pub(super) fn reject(&mut self, line: i64, faults: Vec<Fault>) {
        self.rejected += 1;
        self.faults.extend(faults.into_iter().map(|fault| fault.on_line(line)));
        // Lines come in order, but for a second pass over them; the first faults of each pass are enough.
        if self.faults.len() > 3 * Refusal::MOST_FAULTS {
            self.shorten();
        }
    }

    /// Refuses the upload when a line was left out and must not be.
    pub(super) fn check(&mut self, on_error: OnError) -> Result<()> {
        self.shorten();
        if on_error == OnError::Skip || self.rejected == 0 {
            return Ok(());
        }
        Ok(Refusal::check(self.faults.clone())?)
    }

    /// The first faults by line.
    pub(super) fn faults(mut self) -> Vec<Fault> {
        self.shorten();
        self.faults
    }

    fn shorten(&mut self) {
        self.faults.sort_by_key(|fault| fault.line);
        self.faults.truncate(Refusal::MOST_FAULTS);
    }
}
