//! The screen's state in the browser, and its traffic with the server: one answer at a time is sent in the
//! background, failed ones are kept in the tab and tried again, and the next tasks are claimed ahead.

use super::{
    api::{Screen, claim_tasks, renew_lease, see_notice},
    delivery::{self, Sent, deliver},
    state::{Act, Lost, LostAct, State, Trouble},
    storage::Place,
    words,
};
use crate::{error::Reply, i18n::I18n};
use domain::{
    answer::{Answers, Verdict},
    id::{NoticeId, TaskId},
    problem::Code,
    schema::Schema,
    view::annotate::{ClaimItem, Claimed, SubmitInput},
};
use leptos::{html, prelude::*, task::spawn_local};
use std::{collections::BTreeMap, time::Duration};

/// The longest pause between two attempts to save.
const LONGEST_PAUSE: u64 = 30;

/// Whether tasks are being claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claiming {
    /// Not at the moment.
    Idle,
    /// They are.
    Running,
    /// The last claim brought nothing.
    Dry,
    /// The last claim was refused or failed.
    Failed(Option<Code>),
}

/// What to tell the annotator about something that they did not do just now.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// The task on the screen went to somebody else.
    TaskGone,
    /// This answer was taken back.
    TakenBack(String),
    /// Taking back was refused.
    Refused(Code),
    /// The server could not be reached.
    Failed,
    /// A question still needs an answer.
    Incomplete,
}

/// The annotation screen. Small and copied; everything is in signals, which end with the page: whatever goes on after
/// an answer of the server first makes sure that the page is still there.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Tasks, answers on their way, what can be taken back.
    pub state: RwSignal<State>,
    /// Whether tasks are being claimed.
    pub claiming: RwSignal<Claiming>,
    /// The last message.
    pub message: RwSignal<Option<Message>>,
    /// What is chosen so far, by the question's place; only with several questions.
    pub choices: RwSignal<BTreeMap<usize, String>>,
    /// The question that keys choose for.
    pub active: RwSignal<usize>,
    /// The note's text area.
    pub note: NodeRef<html::Textarea>,
    /// What opens the note.
    pub note_box: NodeRef<html::Details>,
    /// The project.
    pub screen: StoredValue<Screen>,
    i18n: I18n,
    sending: StoredValue<bool>,
    /// Whether what is asked was changed since the page was loaded; then nothing more is answered on it.
    pub outdated: RwSignal<bool>,
    /// The answer that is being taken back.
    pub(super) undoing: RwSignal<Option<TaskId>>,
    attempts: StoredValue<u32>,
    shown_at: StoredValue<i64>,
    active_at: StoredValue<i64>,
}

impl Desk {
    /// The screen as it was loaded; `first` comes first where it is held.
    pub fn new(i18n: I18n, screen: Screen, first: Option<i64>) -> Self {
        let mut state = State::default();
        state.today = screen.progress.today;
        let mut held = screen.held.clone();
        held.tasks.sort_by_key(|item| Some(item.task.0) != first);
        state.claimed(Claimed { remaining: screen.progress.waiting, ..held });
        if let Some(undo) = &screen.progress.undo {
            state.given.push(words::given(i18n, &screen.schema, undo));
        }
        Self {
            i18n,
            state: RwSignal::new(state),
            claiming: RwSignal::new(Claiming::Idle),
            message: RwSignal::new(None),
            choices: RwSignal::new(BTreeMap::new()),
            active: RwSignal::new(0),
            note: NodeRef::new(),
            note_box: NodeRef::new(),
            screen: StoredValue::new(screen),
            sending: StoredValue::new(false),
            outdated: RwSignal::new(false),
            undoing: RwSignal::new(None),
            attempts: StoredValue::new(0),
            shown_at: StoredValue::new(0),
            active_at: StoredValue::new(0),
        }
    }

    /// In the browser: takes up what this tab could not save, and keeps the held tasks held.
    pub fn begin(self) {
        self.is_used();
        let unsaved = self.place().load();
        self.state.update(|state| state.resume(unsaved));
        self.send();
        if self.state.with_untracked(|state| state.current().is_some()) {
            self.claim();
        }
        let seconds = self.screen.with_value(|screen| u64::from(screen.lease_seconds));
        let renewals =
            set_interval_with_handle(move || self.renew(), Duration::from_secs((seconds / 3).max(2)));
        on_cleanup(move || {
            if let Ok(renewals) = renewals {
                renewals.clear();
            }
            let left = self.state.with_untracked(|state| state.outbox.iter().cloned().collect());
            delivery::send_left_over(self.place(), self.with_slug(str::to_owned), left);
        });
    }

    /// Another task is shown: its time begins, and nothing is chosen yet.
    pub fn shows_another(self) {
        self.shown_at.set_value(now());
        self.choices.set(BTreeMap::new());
        self.active.set(0);
    }

    /// The annotator did something.
    pub fn is_used(self) {
        self.active_at.set_value(now());
    }

    /// The schema.
    pub fn with_schema<T>(self, read: impl FnOnce(&Schema) -> T) -> T {
        self.screen.with_value(|screen| read(&screen.schema))
    }

    pub(super) fn place(self) -> Place {
        self.screen.with_value(|screen| Place::of(screen.user.0, &screen.slug))
    }

    pub(super) fn with_slug<T>(self, read: impl FnOnce(&str) -> T) -> T {
        self.screen.with_value(|screen| read(&screen.slug))
    }

    /// Answers the only question with this value.
    pub fn answer(self, value: &str) {
        let answers = self.with_schema(|schema| {
            schema
                .questions
                .first()
                .map(|question| Answers(BTreeMap::from([(question.name.clone(), value.into())])))
        });
        self.submit(answers, Verdict::Answered);
    }

    /// Sends what is chosen, where every required question has an answer.
    pub fn confirm(self) {
        let chosen = self.choices.get_untracked();
        let answers = self.with_schema(|schema| {
            let complete = schema
                .questions
                .iter()
                .enumerate()
                .all(|(at, question)| !question.required || chosen.contains_key(&at));
            complete.then(|| self.chosen())
        });
        match answers {
            Some(answers) => self.submit(Some(answers), Verdict::Answered),
            None => self.message.set(Some(Message::Incomplete)),
        }
    }

    /// The answers that are chosen so far.
    fn chosen(self) -> Answers {
        let chosen = self.choices.get_untracked();
        self.with_schema(|schema| {
            let named = |(at, value): (&usize, &String)| {
                schema.questions.get(*at).map(|question| (question.name.clone(), value.clone().into()))
            };
            Answers(chosen.iter().filter_map(named).collect())
        })
    }

    /// Gives a verdict instead of answers.
    pub fn say(self, verdict: Verdict) {
        self.submit(None, verdict);
    }

    /// Skips the task.
    pub fn skip(self) {
        self.act(Act::Skip(self.note()), String::new());
    }

    fn submit(self, answers: Option<Answers>, verdict: Verdict) {
        let text = self.with_schema(|schema| words::answer(self.i18n, schema, answers.as_ref(), verdict));
        let duration = now() - self.shown_at.get_value();
        let input = SubmitInput {
            answers,
            verdict: Some(verdict),
            note: self.note(),
            duration_ms: Some(duration.clamp(0, 86_400_000)),
        };
        self.act(Act::Submit(input), text);
    }

    /// What is written in the note.
    fn note(self) -> Option<String> {
        let note = self.note.get_untracked()?.value().trim().to_owned();
        (!note.is_empty()).then_some(note)
    }

    fn act(self, act: Act, text: String) {
        let is_over = self.outdated.get_untracked();
        if is_over || self.state.with_untracked(|state| state.current().is_none()) {
            return;
        }
        self.message.set(None);
        self.is_used();
        self.state.update(|state| state.act(act, text));
        if let Some(unsaved) = self.state.with_untracked(|state| state.outbox.back().cloned()) {
            self.place().keep(&unsaved);
        }
        self.send();
        self.claim();
    }

    /// Tries to save again at once.
    pub fn send_now(self) {
        self.attempts.set_value(0);
        self.send();
    }

    /// Sends the oldest unsaved answer; when it is saved, the next.
    fn send(self) {
        if self.sending.get_value() {
            return;
        }
        let Some(next) = self.state.with_untracked(|state| state.outbox.front().cloned()) else { return };
        self.sending.set_value(true);
        let (slug, place) = (self.with_slug(str::to_owned), self.place());
        spawn_local(async move {
            let sent = deliver(&next, slug).await;
            if self.is_gone() {
                // What was refused is told by the next visit, which asks again.
                if let Sent::Saved(..) = sent {
                    place.forget(&next.lease);
                }
                return;
            }
            if !matches!(sent, Sent::Again(_)) {
                place.forget(&next.lease);
            }
            self.sending.set_value(false);
            match sent {
                Sent::Saved(annotation, revealed) => {
                    let revealed =
                        self.with_schema(|schema| words::revealed(self.i18n, schema, revealed.as_ref()?));
                    self.state.update(|state| state.saved(&next.lease, annotation, revealed));
                }
                Sent::Refused(code) => self.state.update(|state| state.refused(&next.lease, code)),
                Sent::Again(trouble) => return self.try_again(trouble),
            }
            self.attempts.set_value(0);
            self.undo_what_is_saved();
            self.send();
            self.claim();
        });
    }

    fn try_again(self, trouble: Trouble) {
        self.state.update(|state| state.trouble = Some(trouble));
        let attempts = self.attempts.get_value();
        self.attempts.set_value(attempts + 1);
        let pause = 1u64.checked_shl(attempts).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
        let again = move || {
            if !self.is_gone() {
                self.send();
            }
        };
        set_timeout(again, Duration::from_secs(pause));
    }

    /// Claims more tasks where it is time.
    pub fn claim(self) {
        let Some(count) = self.state.with_untracked(State::to_claim) else { return };
        if self.claiming.get_untracked() == Claiming::Running {
            return;
        }
        self.claiming.set(Claiming::Running);
        let slug = self.with_slug(str::to_owned);
        spawn_local(async move {
            let claimed = claim_tasks(slug, count).await;
            if self.is_gone() {
                return;
            }
            let outcome = match claimed {
                Ok(Reply::Done(claimed)) => {
                    self.outdated.update(|outdated| {
                        *outdated |= claimed.tasks.iter().any(|item| self.asks_otherwise(item))
                    });
                    self.state.update(|state| state.claimed(claimed));
                    if self.state.with_untracked(|state| state.current().is_none()) {
                        Claiming::Dry
                    } else {
                        Claiming::Idle
                    }
                }
                Ok(Reply::Refused(refused)) => Claiming::Failed(Some(refused.code)),
                Err(_) => Claiming::Failed(None),
            };
            self.claiming.set(outcome);
        });
    }

    /// A notice was read. Where that does not arrive, it comes again with the next visit.
    pub fn see(self, notice: NoticeId) {
        self.state.update(|state| state.seen(notice));
        let slug = self.with_slug(str::to_owned);
        spawn_local(async move {
            let _ = see_notice(slug, notice).await;
        });
    }

    /// Holds the tasks at hand for longer, as long as somebody is there.
    fn renew(self) {
        let seconds = self.screen.with_value(|screen| i64::from(screen.lease_seconds));
        let is_there = now() - self.active_at.get_value() < 1000 * seconds.max(60);
        if !is_there {
            return;
        }
        let leases: Vec<String> =
            self.state.with_untracked(|state| state.queue.iter().map(|item| item.lease.clone()).collect());
        for lease in leases {
            spawn_local(async move {
                let Ok(Reply::Refused(refused)) = renew_lease(lease.clone()).await else { return };
                let is_lost = matches!(refused.code, Code::LeaseLost | Code::NotFound | Code::WrongState);
                if is_lost && self.state.try_update(|state| state.lease_lost(&lease)) == Some(true) {
                    self.keep_draft(refused.code);
                    self.message.set(Some(Message::TaskGone));
                    self.claim();
                }
            });
        }
    }

    /// Shows what was chosen and written for a task that was lost before it was sent.
    fn keep_draft(self, code: Code) {
        let chosen = self.chosen();
        let text = if chosen.is_empty() {
            String::new()
        } else {
            self.with_schema(|schema| words::answer(self.i18n, schema, Some(&chosen), Verdict::Answered))
        };
        let note = self.note();
        if note.is_some() || !text.is_empty() {
            self.state.update(|state| state.lost.push(Lost { what: LostAct::Draft(text), note, code }));
        }
    }

    /// Whether the page was left.
    pub(super) fn is_gone(self) -> bool {
        self.state.is_disposed()
    }

    /// Whether the task is asked under another schema or guideline than the page shows.
    fn asks_otherwise(self, item: &ClaimItem) -> bool {
        self.screen.with_value(|screen| {
            (item.schema_revision, item.guideline_revision)
                != (screen.schema_revision, screen.guideline_revision)
        })
    }
}

/// The browser's time in milliseconds; only differences count.
fn now() -> i64 {
    crate::clock::now().0 / 1000
}
