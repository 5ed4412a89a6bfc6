//! A reviewer's decisions and what each asks for.

use serde::{Deserialize, Serialize};

/// Of a task's decisions, the oldest first, those at the end that stand behind one label, with nothing else decided
/// since. `label` is none for a decision on no label.
pub fn standing<'a, D, L: PartialEq>(decisions: &'a [D], label: impl Fn(&'a D) -> Option<L>) -> &'a [D] {
    let Some(newest) = decisions.last().and_then(&label) else { return &[] };
    let agrees = |decision: &&'a D| label(decision).is_some_and(|label| label == newest);
    let count = decisions.iter().rev().take_while(agrees).count();
    &decisions[decisions.len() - count..]
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
        let label = |decision: &Option<&'static str>| *decision;
        assert_eq!(standing(&[Some("a"), Some("b"), Some("b")], label), [Some("b"), Some("b")]);
        assert_eq!(standing(&[Some("a"), None, Some("a")], label), [Some("a")]);
        assert!(standing(&[Some("a"), None], label).is_empty());
        assert!(standing(&[], label).is_empty());
    }
}
