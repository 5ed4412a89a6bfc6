//! The answers of a project's people as they are shown: to its managers, and to each of them their own.

use crate::{
    id::AnnotatorId,
    quality::{Accuracy, Proportion, Quality},
    settings::ConsensusMethod,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// All people whose answers to a question count, in the order of their names: this is no ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnnotatorList {
    /// The question.
    pub question: String,
    /// By what accuracies were estimated.
    pub method: ConsensusMethod,
    /// When the figures were computed.
    pub computed_at: Timestamp,
    pub annotators: Vec<AnnotatorLine>,
}

/// One page of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnotatorPage {
    /// The question.
    pub question: String,
    /// By what accuracies were estimated.
    pub method: ConsensusMethod,
    /// When the figures were computed.
    pub computed_at: Timestamp,
    /// The people of this page.
    pub items: Vec<AnnotatorLine>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnotatorLine {
    pub annotator: AnnotatorId,
    /// The user's e-mail address or the imported name.
    pub name: String,
    /// Whether it is a simulated account.
    pub simulated: bool,
    /// Counted answers to the question.
    pub answers: i64,
    /// The probability of a right answer, as the project's method of consensus estimates it.
    pub accuracy: Accuracy,
    /// Answers that are the final label, among those to approved tasks.
    pub agreement_with_final: Proportion,
    /// Half of the answers took less, in milliseconds; null where no time is known.
    pub median_ms: Option<f64>,
}

/// One person's answers to a question, for the project's managers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnotatorView {
    pub annotator: AnnotatorId,
    /// The user's e-mail address or the imported name.
    pub name: String,
    /// Whether it is a simulated account.
    pub simulated: bool,
    /// The question.
    pub question: String,
    /// By what accuracy was estimated.
    pub method: ConsensusMethod,
    /// When the figures were computed.
    pub computed_at: Timestamp,
    #[serde(flatten)]
    pub quality: Quality,
}

/// One's own answers to a question: of approved tasks alone, but for how many there are and how long they took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnWork {
    /// The question.
    pub question: String,
    /// By what accuracy was estimated.
    pub method: ConsensusMethod,
    /// When the figures were computed.
    pub computed_at: Timestamp,
    #[serde(flatten)]
    pub quality: Quality,
}
