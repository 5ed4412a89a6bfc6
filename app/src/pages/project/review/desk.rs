//! The page's state in the browser: the list as it was read and as decisions changed it, the task that is shown,
//! and what just happened.

use super::{
    address::{Address, number},
    api::{Decide, Earlier, Screen, load_earlier, load_review_item},
    order::{self, Change, Step},
};
use crate::{address::pairs, error::Reply};
use domain::{id::TaskId, problem::Code, task::TaskState, view::review::ReviewItem};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// What just happened.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// This task was decided, or a decision on it taken back.
    Decided(Box<ReviewItem>),
    /// The task went back to the annotators, where the reader does not see it.
    Returned(String),
    /// A decision was refused because this task had changed.
    Changed(TaskId, Vec<Change>),
}

/// The review page. Small and copied; everything is in signals.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The list. Decided tasks stay in it, so that nothing jumps and a decision can be taken back.
    pub items: RwSignal<Vec<ReviewItem>>,
    /// The task that is shown.
    pub current: Memo<Option<ReviewItem>>,
    /// What just happened.
    pub news: RwSignal<Option<News>>,
    /// What the samples of the tasks that were shown went through before.
    pub earlier: RwSignal<Vec<Earlier>>,
    /// The decision that is being sent.
    pub action: ServerAction<Decide>,
    /// The address of the list.
    pub address: StoredValue<Address>,
    /// The project's name in addresses.
    pub slug: StoredValue<String>,
}

impl Desk {
    /// The desk with what the server gave.
    pub fn new(screen: &Screen) -> Self {
        let search = use_location().search;
        let address = Address::parse(&search.get_untracked());
        let state = address.state();
        let items = RwSignal::new(screen.items.clone());
        let current = Memo::new(move |_| {
            let wanted = search.with(|query| number(query, "task")).map(TaskId);
            items.with(|items| order::shown(items, wanted, state).cloned())
        });
        // A form without JavaScript says in the address that it was accepted.
        let is_done =
            search.with_untracked(|query| pairs(query).contains(&("done".to_owned(), "decide".to_owned())));
        let last = screen.last.clone().filter(|_| is_done);
        let desk = Self {
            items,
            current,
            news: RwSignal::new(last.map(|item| News::Decided(Box::new(item)))),
            earlier: RwSignal::new(screen.earlier.iter().cloned().collect()),
            action: ServerAction::new(),
            address: StoredValue::new(address),
            slug: StoredValue::new(screen.slug.clone()),
        };
        desk.follow_decisions();
        desk.follow_shown();
        desk
    }

    /// The state whose tasks are listed.
    pub fn state(&self) -> TaskState {
        self.address.with_value(Address::state)
    }

    /// The task to go on with after `task`.
    pub fn after(&self, task: TaskId) -> Option<TaskId> {
        self.items.with(|items| order::after(items, task, self.state()))
    }

    /// The address that shows `task`.
    pub fn path(&self, task: Option<TaskId>) -> String {
        self.slug.with_value(|slug| self.address.with_value(|address| address.path(slug, task)))
    }

    /// The query of the address that shows `task`.
    pub fn query(&self, task: Option<TaskId>) -> String {
        self.path(task).split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    /// Shows the neighbour of the task that is shown.
    pub fn step(&self, step: Step, navigate: &impl Fn(&str, NavigateOptions)) {
        let to = self.current.with_untracked(|current| {
            let task = current.as_ref()?.task;
            self.items.with_untracked(|items| order::neighbour(items, task, step))
        });
        if let Some(to) = to {
            self.show(to, navigate);
        }
    }

    fn show(&self, task: TaskId, navigate: &impl Fn(&str, NavigateOptions)) {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&self.path(Some(task)), options);
    }

    /// Takes in the answers to decisions as they come.
    fn follow_decisions(self) {
        let navigate = use_navigate();
        let sent = StoredValue::new(None::<TaskId>);
        Effect::new(move || {
            if let Some(task) = self.action.input().with(|input| input.as_ref().map(|input| input.task)) {
                sent.set_value(Some(TaskId(task)));
            }
        });
        Effect::new(move || {
            let answer = self.action.value().get();
            let Some(task) = sent.get_value() else { return };
            match answer {
                Some(Ok(Reply::Done(item))) => self.decided(task, item, &navigate),
                Some(Ok(Reply::Refused(refused))) if refused.code == Code::StaleRev => self.changed(task),
                _ => {}
            }
        });
        // What a form said of one task says nothing of the next.
        let shown = Memo::new(move |_| self.current.with(|current| current.as_ref().map(|item| item.task)));
        let forget = move |_: &Option<TaskId>, before: Option<&Option<TaskId>>, _: Option<()>| {
            if before.is_some() {
                self.action.value().set(None);
            }
        };
        Effect::watch(move || shown.get(), forget, false);
    }

    /// Reads what came before the task that is shown, once for each.
    fn follow_shown(self) {
        let shown = Memo::new(move |_| self.current.with(|current| current.as_ref().map(|item| item.task)));
        Effect::new(move || {
            let Some(task) = shown.get() else { return };
            if self.earlier.with_untracked(|all| all.iter().any(|one| one.task == task)) {
                return;
            }
            let slug = self.slug.get_value();
            spawn_local(async move {
                // Without it the task can still be decided.
                if let Ok(Reply::Done(Some(earlier))) = load_earlier(slug, task.0).await {
                    self.earlier.update(|all| all.push(earlier));
                }
            });
        });
    }

    /// A decision was recorded: the list takes it in, and the next task is shown.
    fn decided(self, task: TaskId, item: Option<ReviewItem>, navigate: &impl Fn(&str, NavigateOptions)) {
        let next = self.items.with_untracked(|items| order::after(items, task, self.state()));
        let is_shown =
            self.current.with_untracked(|current| current.as_ref().map(|item| item.task)) == Some(task);
        let is_decided = item.as_ref().is_none_or(|item| item.state != TaskState::InReview);
        self.news.set(Some(match &item {
            Some(item) => News::Decided(Box::new(item.clone())),
            None => News::Returned(self.name_of(task)),
        }));
        self.replace(task, item);
        match next.filter(|_| is_decided && is_shown) {
            Some(next) => self.show(next, navigate),
            // A task that was reopened is decided again.
            None if !is_decided => self.show(task, navigate),
            None => {}
        }
    }

    /// A decision was refused because the task had changed: it is read again, and the page says what changed.
    fn changed(self, task: TaskId) {
        let Some(before) =
            self.items.with_untracked(|items| items.iter().find(|item| item.task == task).cloned())
        else {
            return;
        };
        let slug = self.slug.get_value();
        spawn_local(async move {
            if let Ok(Reply::Done(now)) = load_review_item(slug, task.0).await {
                self.news.set(Some(News::Changed(task, order::changes(&before, now.as_ref()))));
                self.replace(task, now);
            }
        });
    }

    /// Puts the task into the list as it stands now, or takes out what may no longer be seen.
    fn replace(self, task: TaskId, now: Option<ReviewItem>) {
        self.items.update(|items| match (items.iter().position(|item| item.task == task), now) {
            (Some(at), Some(now)) => items[at] = now,
            (Some(at), None) => drop(items.remove(at)),
            (None, Some(now)) => items.insert(0, now),
            (None, None) => {}
        });
    }

    fn name_of(self, task: TaskId) -> String {
        let found = self.items.with_untracked(|items| {
            items.iter().find(|item| item.task == task).map(|item| item.sample.id.to_string())
        });
        found.unwrap_or_default()
    }
}
