//! The states of a task and the arrows between them.
//!
//! This table is the only place that knows them; the service applies an arrow by compare-and-set on the
//! task's `rev`, to which every arrow adds 1.

use serde::{Deserialize, Serialize};

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Waiting for answers.
    Open,
    /// Waiting for a reviewer.
    InReview,
    /// A label, or its removal, is approved.
    Approved,
    /// The label stays as it is.
    Dismissed,
    /// Its reasons went away before anybody answered.
    Superseded,
    /// Outside the rounds of the queue: its answers are known, and whoever is asked is compared with them. No arrow leads
    /// here or from here, and nobody is told of it.
    #[serde(skip)]
    Known,
}

/// Who approved a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// A person.
    Reviewer,
    /// The review policy.
    Policy,
}

/// What a task begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// A reason to ask people about the sample.
    Reason,
    /// A label that a change set proposes.
    ChangeSet,
}

/// What happens to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The last slot was answered, or no eligible member is left.
    Answered,
    /// As `Answered`, and the policy approves it without a reviewer.
    AnsweredAndApproved,
    /// Its signals fell or its content changed while nothing was held or answered.
    SignalsFell,
    /// An annotator took an answer back.
    Undone,
    /// The reviewer asks for one more answer.
    Returned,
    /// The reviewer approves or corrects.
    Decided,
    /// The same, and the label needs another reviewer too.
    DecidedInPart,
    /// The reviewer leaves the label as it is.
    Dismissed,
    /// A decision is taken back before the cut.
    Reopened,
}

impl TaskState {
    /// Every state that is told: all but [`Self::Known`].
    pub const ALL: [Self; 5] =
        [Self::Open, Self::InReview, Self::Approved, Self::Dismissed, Self::Superseded];

    /// The state as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::Dismissed => "dismissed",
            Self::Superseded => "superseded",
            Self::Known => "known",
        }
    }

    /// The state of this name, of those that are told.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The state that is stored under this name.
    pub fn stored(text: &str) -> Option<Self> {
        Self::parse(text).or((text == Self::Known.as_str()).then_some(Self::Known))
    }

    /// The state of a new task.
    pub fn first(beginning: Beginning) -> Self {
        match beginning {
            Beginning::Reason => Self::Open,
            Beginning::ChangeSet => Self::InReview,
        }
    }

    /// The state after `event`; `None` where the table has no such arrow. `decided_by` is who approved the
    /// task, where it is approved.
    pub fn after(self, event: Event, decided_by: Option<DecidedBy>) -> Option<Self> {
        match (self, event) {
            (Self::Open, Event::Answered) => Some(Self::InReview),
            (Self::Open, Event::AnsweredAndApproved) => Some(Self::Approved),
            (Self::Open, Event::SignalsFell) => Some(Self::Superseded),
            (Self::InReview, Event::Undone) => Some(Self::Open),
            (Self::Approved, Event::Undone) if decided_by == Some(DecidedBy::Policy) => Some(Self::Open),
            (Self::InReview, Event::Returned) => Some(Self::Open),
            (Self::InReview, Event::Decided) => Some(Self::Approved),
            (Self::InReview, Event::DecidedInPart) => Some(Self::InReview),
            (Self::InReview, Event::Dismissed) => Some(Self::Dismissed),
            (Self::Approved | Self::Dismissed, Event::Reopened) => Some(Self::InReview),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DecidedBy, Event, TaskState};

    #[test]
    fn a_person_s_decision_ends_undo_but_the_policy_s_does_not() {
        let undone = |by| TaskState::Approved.after(Event::Undone, Some(by));
        assert_eq!(undone(DecidedBy::Policy), Some(TaskState::Open));
        assert_eq!(undone(DecidedBy::Reviewer), None);
    }

    #[test]
    fn a_superseded_task_stays_so() {
        let events = [Event::Answered, Event::Undone, Event::Returned, Event::Decided, Event::Reopened];
        assert!(events.into_iter().all(|event| TaskState::Superseded.after(event, None).is_none()));
    }

    #[test]
    fn only_a_task_in_review_can_be_decided() {
        let decidable =
            TaskState::ALL.into_iter().filter(|state| state.after(Event::Decided, None).is_some());
        assert_eq!(decidable.collect::<Vec<_>>(), [TaskState::InReview]);
    }

    #[test]
    fn a_known_answer_task_stays_outside_the_rounds_and_is_told_to_nobody() {
        let events = [
            Event::Answered,
            Event::AnsweredAndApproved,
            Event::SignalsFell,
            Event::Undone,
            Event::Returned,
            Event::Decided,
            Event::DecidedInPart,
            Event::Dismissed,
            Event::Reopened,
        ];
        assert!(events.into_iter().all(|event| TaskState::Known.after(event, None).is_none()));
        assert_eq!(TaskState::stored("known"), Some(TaskState::Known));
        assert_eq!(TaskState::parse("known"), None);
        assert!(serde_json::to_string(&TaskState::Known).is_err());
        assert!(serde_json::from_str::<TaskState>("\"known\"").is_err());
    }
}
