//! A reviewer's decisions and what each asks for.

use serde::{Deserialize, Serialize};

/// Of the labels that a task's decisions gave, the oldest first, those at the end that are one, with nothing else
/// decided since. None is a decision on no label.
pub fn standing<L: PartialEq>(labels: &[Option<L>]) -> &[Option<L>] {
    let Some(newest @ Some(_)) = labels.last() else { return &[] };
    let count = labels.iter().rev().take_while(|label| *label == newest).count();
    &labels[labels.len() - count..]
}

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

    /// Whether it decides on a label.
    pub fn decides_label(self) -> bool {
        matches!(self, Self::Approve | Self::Correct)
    }

    /// The kind of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::standing;

    #[test]
    fn another_label_and_a_decision_on_none_end_what_stood() {
        assert_eq!(standing(&[Some("a"), Some("b"), Some("b")]), [Some("b"), Some("b")]);
        assert_eq!(standing(&[Some("a"), None, Some("a")]), [Some("a")]);
        assert!(standing(&[Some("a"), None]).is_empty());
        assert!(standing::<&str>(&[]).is_empty());
    }
}
