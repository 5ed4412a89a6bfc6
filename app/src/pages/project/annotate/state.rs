//! What the annotation screen holds between the server's answers: the tasks at hand, the answers on their way,
//! and what can be taken back. Pure: it sends nothing and reads no clock.
//!
//! An answer leaves the outbox only when the server has recorded or refused it; nothing is dropped silently.

use domain::{
    id::{AnnotationId, NoticeId, TaskId},
    problem::Code,
    view::annotate::{ClaimItem, Claimed, SubmitInput},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};

/// How many tasks are held at once, so that the next is there at once.
const HELD_AT_ONCE: usize = 5;
/// How few may be left before more are claimed.
const TOO_FEW: usize = 3;

/// What the annotator did with a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Act {
    /// Answered it.
    Submit(SubmitInput),
    /// Skipped it, and why.
    Skip(Option<String>),
}

/// Something that the server has not recorded yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unsaved {
    /// The lease that it is given under.
    pub lease: String,
    /// The task.
    pub task: TaskId,
    /// What was done.
    pub act: Act,
    /// The answer in words, for messages.
    pub text: String,
    /// The task as it was shown, to put it back. Never stored.
    #[serde(skip)]
    pub item: Option<ClaimItem>,
}

/// An answer that was given, for taking it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Its task.
    pub task: TaskId,
    /// The annotation, once it is recorded.
    pub annotation: Option<AnnotationId>,
    /// The answer in words.
    pub text: String,
    /// What the project reveals after the answer, in words.
    pub revealed: Option<String>,
}

/// What cannot be recorded any more, and is shown so that nothing typed is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// What was done with the task.
    pub what: LostAct,
    /// The note that was written with it.
    pub note: Option<String>,
    /// Why.
    pub code: Code,
}

/// What was done with a task that was lost, in words.
#[derive(Clone, Debug, PartialEq)]
pub enum LostAct {
    /// It was answered.
    Answer(String),
    /// It was skipped.
    Skip,
    /// Nothing yet: this was chosen, perhaps nothing.
    Draft(String),
}

/// Why answers cannot be saved at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The server does not answer; it is tried again.
    Unreachable,
    /// The session has ended.
    SignedOut,
}

/// How the last answer can be taken back.
#[derive(Clone, Debug, PartialEq)]
pub enum TakeBack {
    /// It had not been sent: it is back already.
    Done,
    /// It is on its way; ask again when this task's answer is saved.
    Later(TaskId),
    /// The server has to take it back.
    Ask(AnnotationId),
    /// There is none.
    Nothing,
}

/// What the screen holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Tasks at hand; the first is shown.
    pub queue: VecDeque<ClaimItem>,
    /// What is on its way, the oldest first.
    pub outbox: VecDeque<Unsaved>,
    /// What was refused and not yet acknowledged.
    pub lost: Vec<Lost>,
    /// What can be taken back, the newest last.
    pub given: Vec<Given>,
    /// Own answers today.
    pub today: i64,
    /// About how many tasks wait.
    pub waiting: i64,
    /// Whether nothing more is served until a manager says so.
    pub paused: bool,
    /// A notice that was not seen yet.
    pub notice: Option<NoticeId>,
    /// Why nothing can be saved at the moment.
    pub trouble: Option<Trouble>,
    /// The last notice that was seen here: a claim that was under way may name it once more.
    seen: Option<NoticeId>,
    /// Leases that were dealt with and must not come back by a claim that was under way.
    dealt_with: BTreeSet<String>,
}

impl State {
    /// The task that is shown.
    pub fn current(&self) -> Option<&ClaimItem> {
        self.queue.front()
    }

    /// Puts the current task into the outbox; the next one becomes current.
    pub fn act(&mut self, act: Act, text: String) {
        let Some(item) = self.queue.pop_front() else { return };
        self.dealt_with.insert(item.lease.clone());
        if matches!(act, Act::Submit(_)) {
            self.today += 1;
            self.given.push(Given { task: item.task, annotation: None, text: text.clone(), revealed: None });
        }
        self.outbox.push_back(Unsaved {
            lease: item.lease.clone(),
            task: item.task,
            act,
            text,
            item: Some(item),
        });
    }

    /// Takes up what an earlier page of this browser tab could not save.
    pub fn resume(&mut self, unsaved: Vec<Unsaved>) {
        for unsaved in unsaved {
            self.queue.retain(|item| item.lease != unsaved.lease);
            self.dealt_with.insert(unsaved.lease.clone());
            // It may have arrived just before the page was loaded: then the server has counted it.
            let is_counted = self.given.iter().any(|given| given.task == unsaved.task);
            if matches!(unsaved.act, Act::Submit(_)) && !is_counted {
                self.today += 1;
                self.given.push(Given {
                    task: unsaved.task,
                    annotation: None,
                    text: unsaved.text.clone(),
                    revealed: None,
                });
            }
            self.outbox.push_back(unsaved);
        }
    }

    /// The server has recorded it.
    pub fn saved(&mut self, lease: &str, annotation: Option<AnnotationId>, revealed: Option<String>) {
        self.trouble = None;
        let Some(unsaved) = self.take_from_outbox(lease) else { return };
        if let Some(given) = self.given.iter_mut().rev().find(|given| given.task == unsaved.task) {
            given.annotation = annotation;
            given.revealed = revealed;
        }
    }

    /// The server has refused it for good.
    pub fn refused(&mut self, lease: &str, code: Code) {
        self.trouble = None;
        let Some(unsaved) = self.take_from_outbox(lease) else { return };
        self.forget_given(unsaved.task);
        let (what, note) = match unsaved.act {
            Act::Submit(input) => (LostAct::Answer(unsaved.text), input.note),
            Act::Skip(reason) => (LostAct::Skip, reason),
        };
        self.lost.push(Lost { what, note, code });
    }

    /// A held task is held no longer; whether it was the one that is shown.
    pub fn lease_lost(&mut self, lease: &str) -> bool {
        let was_current = self.current().is_some_and(|item| item.lease == lease);
        self.dealt_with.insert(lease.to_owned());
        self.queue.retain(|item| item.lease != lease);
        was_current
    }

    /// Takes the newest answer back, as far as that is possible here.
    pub fn take_back(&mut self) -> TakeBack {
        let Some(last) = self.given.last() else { return TakeBack::Nothing };
        if let Some(annotation) = last.annotation {
            return TakeBack::Ask(annotation);
        }
        let task = last.task;
        if !self.is_on_its_way(task) {
            return TakeBack::Nothing;
        }
        // The first of the outbox is being sent; what an earlier page left has no task to put back.
        let waits =
            |(at, unsaved): &(usize, &Unsaved)| *at > 0 && unsaved.task == task && unsaved.item.is_some();
        let waiting = self.outbox.iter().enumerate().find(waits).map(|(at, _)| at);
        match waiting.and_then(|at| self.outbox.remove(at)).and_then(|unsaved| unsaved.item) {
            Some(item) => {
                self.dealt_with.remove(&item.lease);
                self.taken_back(item);
                TakeBack::Done
            }
            None => TakeBack::Later(task),
        }
    }

    /// The lease under which an answer to the task is on its way.
    pub fn lease_of(&self, task: TaskId) -> Option<String> {
        self.outbox.iter().rfind(|unsaved| unsaved.task == task).map(|unsaved| unsaved.lease.clone())
    }

    /// Whether an answer to the task is not saved yet.
    pub fn is_on_its_way(&self, task: TaskId) -> bool {
        self.outbox.iter().any(|unsaved| unsaved.task == task)
    }

    /// The newest answer was taken back: its task is current again.
    pub fn taken_back(&mut self, item: ClaimItem) {
        self.forget_given(item.task);
        self.queue.retain(|held| held.task != item.task);
        self.queue.push_front(item);
    }

    /// What a claim brought.
    pub fn claimed(&mut self, claimed: Claimed) {
        self.waiting = if claimed.paused { 0 } else { claimed.remaining };
        self.paused = claimed.paused;
        self.notice = claimed.notice.filter(|notice| self.seen != Some(*notice));
        for item in claimed.tasks {
            if self.dealt_with.contains(&item.lease) {
                continue;
            }
            // A lease that ran out may have come back as another one on the same task.
            match self.queue.iter_mut().find(|held| held.task == item.task) {
                Some(held) => held.lease = item.lease,
                None => self.queue.push_back(item),
            }
        }
    }

    /// A notice was read.
    pub fn seen(&mut self, notice: NoticeId) {
        self.seen = Some(notice);
        self.notice = None;
    }

    /// How many tasks to claim in all, when it is time for more.
    pub fn to_claim(&self) -> Option<i64> {
        let on_their_way = self.outbox.len();
        (self.queue.len() < TOO_FEW).then(|| i64::try_from(HELD_AT_ONCE + on_their_way).unwrap_or(1).min(50))
    }

    fn take_from_outbox(&mut self, lease: &str) -> Option<Unsaved> {
        let at = self.outbox.iter().position(|unsaved| unsaved.lease == lease)?;
        self.outbox.remove(at)
    }

    fn forget_given(&mut self, task: TaskId) {
        if let Some(at) = self.given.iter().rposition(|given| given.task == task) {
            self.given.remove(at);
            self.today = (self.today - 1).max(0);
        }
    }
}
