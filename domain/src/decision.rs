//! A reviewer's decisions and what each asks for.

use serde::{Deserialize, Serialize};

/// What a reviewer decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// The consensus becomes the label.
    Approve,
    /// Other answers become the label, or the label is removed.
    Correct,
    /// One more answer is asked for.
    Return,
    /// The label stays as it is.
    Dismiss,
    /// An earlier decision is taken back before the cut.
    Reopen,
}

impl DecisionKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Approve, Self::Correct, Self::Return, Self::Dismiss, Self::Reopen];

    /// The kind as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Correct => "correct",
            Self::Return => "return",
            Self::Dismiss => "dismiss",
            Self::Reopen => "reopen",
        }
    }

    /// The kind of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
