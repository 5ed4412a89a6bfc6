//! What one person answered elsewhere, as it comes with an upload.

use domain::{
    answer::{Answers, Verdict},
    name::AnnotatorName,
    time::Timestamp,
};

/// What one person answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The person, as the upload names them.
    pub annotator: AnnotatorName,
    /// What they said of the sample as a whole.
    pub verdict: Verdict,
    /// Their answers; none but where they answered.
    pub answers: Answers,
    /// What they remarked.
    pub note: Option<String>,
    /// When, where the upload says.
    pub created_at: Option<Timestamp>,
}

impl Given {
    /// Whether both say the same.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.verdict == other.verdict && self.answers == other.answers
    }

    /// Whether it says what this label says.
    pub(super) fn says(&self, label: &Answers) -> bool {
        self.verdict == Verdict::Answered && self.answers == *label
    }
}
