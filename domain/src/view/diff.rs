//! What differs between two versions, summed up; and which of the labels that differ are wanted.

use crate::{signal::SignalKind, view::version::DiffCount};
use serde::{Deserialize, Serialize};

/// What became of a sample's label between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DiffEffect {
    /// There was none, now there is one.
    Added,
    /// It became another.
    Changed,
    /// It went away.
    Removed,
    /// It was decided again and is what it was.
    Confirmed,
}

impl DiffEffect {
    /// Every effect.
    pub const ALL: [Self; 4] = [Self::Added, Self::Changed, Self::Removed, Self::Confirmed];

    /// The effect as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Confirmed => "confirmed",
        }
    }

    /// The effect of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.as_str() == text)
    }
}

/// Which reason a label has in its provenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffReason {
    /// The sample was in the queue for this.
    Of(SignalKind),
    /// It was not in the queue: the label came by an import or a revert, or there is none.
    None,
}

impl DiffReason {
    /// The word for no reason.
    pub const NONE: &'static str = "none";

    /// The reason of this name; `none` for none.
    pub fn parse(text: &str) -> Option<Self> {
        if text == Self::NONE { Some(Self::None) } else { SignalKind::parse(text).map(Self::Of) }
    }
}

/// An answer that a label must hold; none: it must not answer the question.
pub type Wanted = Option<String>;

/// Which of the labels between two versions are wanted; everything given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DiffFilter {
    /// What became of it; all that differ where absent.
    pub effect: Option<DiffEffect>,
    /// Why the sample was in the queue when the label after was decided.
    pub reason: Option<DiffReason>,
    /// A counted annotation of this annotator was behind the label after.
    pub annotator: Option<String>,
    /// The question that `before` and `after` answer.
    pub question: Option<String>,
    /// The answer before.
    pub before: Option<Wanted>,
    /// The answer after.
    pub after: Option<Wanted>,
}

/// How many labels that differ have one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReasonCount {
    /// Why the sample was in the queue; null where it was not, as with imports and reverts.
    pub reason: Option<SignalKind>,
    /// In how many samples.
    pub count: i64,
}

/// How many labels that differ one annotator had a part in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnotatorCount {
    /// The annotator's e-mail address or imported name.
    pub annotator: String,
    /// How many of their counted annotations were behind these labels.
    pub count: i64,
    /// How many of those say what the label says now.
    pub agreed: i64,
}

/// What differs between two versions, summed up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffSummary {
    /// The earlier side; 0 is the empty state.
    pub from: i64,
    /// The later side.
    pub to: i64,
    /// Labels that became another.
    pub changed: i64,
    /// Labels where there was none.
    pub added: i64,
    /// Labels that went away.
    pub removed: i64,
    /// Labels that were decided again in between and are what they were.
    pub confirmed: i64,
    /// How often each answer became which, the most frequent first.
    pub pairs: Vec<DiffCount>,
    /// The labels that differ by why their sample was in the queue, the most frequent first.
    pub by_reason: Vec<ReasonCount>,
    /// The labels that differ by whose answers were behind them, the most frequent first.
    pub by_annotator: Vec<AnnotatorCount>,
}
