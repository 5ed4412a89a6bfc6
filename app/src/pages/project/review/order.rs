//! Which task of the list comes next, and what changed in one. Pure.

use domain::{answer::Answers, id::TaskId, task::TaskState, view::review::ReviewItem};

/// Which way through the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Down.
    Next,
    /// Up.
    Previous,
}

/// The task that is shown: the one that was asked for, else the first in `state`, else the first.
pub fn shown(items: &[ReviewItem], wanted: Option<TaskId>, state: TaskState) -> Option<&ReviewItem> {
    let find = |wanted: TaskId| items.iter().find(|item| item.task == wanted);
    wanted.and_then(find).or_else(|| items.iter().find(|item| item.state == state)).or_else(|| items.first())
}

/// The neighbour of a task in the list.
pub fn neighbour(items: &[ReviewItem], task: TaskId, step: Step) -> Option<TaskId> {
    let at = items.iter().position(|item| item.task == task)?;
    let to = match step {
        Step::Next => at + 1,
        Step::Previous => at.checked_sub(1)?,
    };
    items.get(to).map(|item| item.task)
}

/// The task to go on with after `task`: the next one below in `state`, else the first above.
pub fn after(items: &[ReviewItem], task: TaskId, state: TaskState) -> Option<TaskId> {
    let at = items.iter().position(|item| item.task == task).map_or(0, |at| at + 1);
    let waits = |item: &&ReviewItem| item.state == state && item.task != task;
    let (above, below) = items.split_at(at.min(items.len()));
    below.iter().find(waits).or_else(|| above.iter().find(waits)).map(|item| item.task)
}

/// Who reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// Their e-mail address: they may have answered a task themselves.
    pub email: String,
    /// Whether nobody decides what they answered themselves.
    pub four_eyes: bool,
}

/// What it means that the reviewer answered a task themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// They did not.
    No,
    /// They did, and a decision says so.
    Noted,
    /// They did, so somebody else has to decide.
    Barred,
    /// They have decided it already, and another reviewer has to agree.
    Decided,
}

impl Reviewer {
    /// Whether the task is their own.
    pub fn own(&self, item: &ReviewItem) -> Own {
        let answered = item.annotations.iter().any(|annotation| annotation.annotator == self.email);
        let decided = item.approvals.as_ref().is_some_and(|approvals| approvals.by.contains(&self.email));
        match (answered, self.four_eyes) {
            (true, true) => Own::Barred,
            _ if decided => Own::Decided,
            (false, _) => Own::No,
            (true, false) => Own::Noted,
        }
    }
}

/// Whether approving takes what a change set proposes, because nobody has answered.
pub fn takes_proposal(item: &ReviewItem) -> bool {
    item.annotations.is_empty() && item.proposal.is_some()
}

/// The tasks that the reviewer can approve all at once: in review, with a consensus or a proposal.
pub fn approvable(items: &[ReviewItem], reviewer: &Reviewer) -> Vec<Approvable> {
    let can = |item: &&ReviewItem| {
        let has_label = takes_proposal(item) || !item.consensus.conflict;
        item.state == TaskState::InReview
            && has_label
            && !matches!(reviewer.own(item), Own::Barred | Own::Decided)
    };
    let seen = |item: &ReviewItem| item.consensus.answers.clone().filter(|_| !takes_proposal(item));
    let approvable = |item: &ReviewItem| Approvable { task: item.task, rev: item.rev, seen: seen(item) };
    items.iter().filter(can).map(approvable).collect()
}

/// A task that can be approved, as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Approvable {
    pub task: TaskId,
    pub rev: i32,
    /// The consensus that was shown.
    pub seen: Option<Answers>,
}

/// What changed in a task between two readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It waits for answers again, and the reader may not see it.
    Hidden,
    /// It is in another state.
    State,
    /// It has more or fewer answers: how many before and now.
    Answers(i64, i64),
    /// So many decisions were made.
    Decisions(i64),
}

/// Every change from `before` to `now`.
pub fn changes(before: &ReviewItem, now: Option<&ReviewItem>) -> Vec<Change> {
    let Some(now) = now else { return vec![Change::Hidden] };
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let answers = (count(before.annotations.len()), count(now.annotations.len()));
    let decisions = count(now.decisions.len()) - count(before.decisions.len());
    let mut changes = Vec::new();
    if decisions > 0 {
        changes.push(Change::Decisions(decisions));
    }
    if before.state != now.state {
        changes.push(Change::State);
    }
    if answers.0 != answers.1 {
        changes.push(Change::Answers(answers.0, answers.1));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::{Change, Own, Reviewer, Step, after, approvable, changes, neighbour, shown};
    use domain::{
        answer::{Answers, Verdict},
        consensus::Consensus,
        id::{AnnotationId, TaskId},
        name::SampleKey,
        signal::{Reason, SignalKind},
        task::TaskState,
        time::Timestamp,
        view::{
            annotate::SampleContent,
            review::{AnnotationView, ReviewItem, Weighed},
        },
    };
    use std::collections::BTreeMap;

    fn item(task: i64, state: TaskState, conflict: bool) -> Option<ReviewItem> {
        Some(ReviewItem {
            approvals: None,
            task: TaskId(task),
            rev: 1,
            state,
            sample: SampleContent {
                id: SampleKey::parse(task.to_string()).ok()?,
                fields: None,
                metadata: serde_json::Map::new(),
            },
            reason: Reason {
                kind: SignalKind::Audit,
                score: 0.0,
                question: None,
                detail: serde_json::Value::Null,
            },
            annotations: Vec::new(),
            consensus: Consensus { answers: None, posterior: BTreeMap::new(), conflict },
            weighed: Weighed::default(),
            proposal: None,
            predictions: Vec::new(),
            stored_label: None,
            stored_version: None,
            decisions: Vec::new(),
            created_at: Timestamp(0),
        })
    }

    fn reviewer(four_eyes: bool) -> Reviewer {
        Reviewer { email: "rita@example.org".to_owned(), four_eyes }
    }

    fn list() -> Vec<ReviewItem> {
        let states = [
            (1, TaskState::InReview, false),
            (2, TaskState::Approved, false),
            (3, TaskState::InReview, true),
            (4, TaskState::InReview, false),
        ];
        states.into_iter().filter_map(|(task, state, conflict)| item(task, state, conflict)).collect()
    }

    #[test]
    fn the_next_undecided_task_comes_by_itself_and_the_list_is_gone_round() {
        let items = list();
        assert_eq!(after(&items, TaskId(1), TaskState::InReview), Some(TaskId(3)));
        assert_eq!(after(&items, TaskId(4), TaskState::InReview), Some(TaskId(1)));
        assert_eq!(after(&items, TaskId(1), TaskState::Dismissed), None);
        assert_eq!(after(&[], TaskId(1), TaskState::InReview), None);
    }

    #[test]
    fn steps_end_at_the_ends_of_the_list() {
        let items = list();
        assert_eq!(neighbour(&items, TaskId(1), Step::Previous), None);
        assert_eq!(neighbour(&items, TaskId(1), Step::Next), Some(TaskId(2)));
        assert_eq!(neighbour(&items, TaskId(4), Step::Next), None);
        assert_eq!(
            shown(&items, Some(TaskId(9)), TaskState::Approved).map(|item| item.task),
            Some(TaskId(2))
        );
    }

    fn tasks(items: &[ReviewItem], reviewer: &Reviewer) -> Vec<TaskId> {
        approvable(items, reviewer).into_iter().map(|one| one.task).collect()
    }

    #[test]
    fn only_undecided_tasks_with_a_consensus_are_approved_together() {
        assert_eq!(tasks(&list(), &reviewer(false)), [TaskId(1), TaskId(4)]);
    }

    #[test]
    fn with_four_eyes_ones_own_tasks_are_not_approved_together() {
        let mut items = list();
        if let Some(first) = items.first_mut() {
            first.annotations.push(AnnotationView {
                annotation: AnnotationId(1),
                annotator: "rita@example.org".to_owned(),
                simulated: false,
                answers: Answers::default(),
                verdict: Verdict::Answered,
                note: None,
                created_at: Timestamp(0),
            });
        }
        assert_eq!(tasks(&items, &reviewer(true)), [TaskId(4)]);
        assert_eq!(approvable(&items, &reviewer(false)).len(), 2);
        assert_eq!(items.first().map(|item| reviewer(false).own(item)), Some(Own::Noted));
    }

    #[test]
    fn a_changed_task_says_what_changed() {
        let (before, now) = (item(1, TaskState::InReview, false), item(1, TaskState::Approved, false));
        let told = before.as_ref().map(|before| (changes(before, now.as_ref()), changes(before, None)));
        assert_eq!(told, Some((vec![Change::State], vec![Change::Hidden])));
    }
}
