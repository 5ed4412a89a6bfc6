//! Taking the newest answer back: here where it was not sent yet, else by the server, else as soon as it is saved.

use super::{
    api::undo_annotation,
    desk::{Desk, Message},
    state::{State, TakeBack},
};
use crate::error::Reply;
use domain::id::{AnnotationId, TaskId};
use leptos::{prelude::*, task::spawn_local};

impl Desk {
    /// Takes the newest answer back; where it is just being sent, as soon as it is saved.
    pub fn undo(self) {
        if self.undoing.get_untracked().is_some() {
            return;
        }
        self.is_used();
        let last = self.state.with_untracked(|state| state.given.last().cloned());
        let Some(last) = last else { return };
        let lease = self.state.with_untracked(|state| state.lease_of(last.task));
        match self.state.try_update(State::take_back) {
            Some(TakeBack::Done) => {
                if let Some(lease) = lease {
                    self.place().forget(&lease);
                }
                self.message.set(Some(Message::TakenBack(last.text)));
            }
            Some(TakeBack::Later(task)) => self.undoing.set(Some(task)),
            Some(TakeBack::Ask(annotation)) => self.ask_back(last.task, annotation, last.text),
            Some(TakeBack::Nothing) | None => {}
        }
    }

    /// Takes back the answer for which [`Desk::undo`] had to wait. One that was refused is no answer any more.
    pub(super) fn undo_what_is_saved(self) {
        let Some(task) = self.undoing.get_untracked() else { return };
        let (is_on_its_way, is_last) = self.state.with_untracked(|state| {
            (state.is_on_its_way(task), state.given.last().is_some_and(|given| given.task == task))
        });
        if !is_on_its_way {
            self.undoing.set(None);
            if is_last {
                self.undo();
            }
        }
    }

    fn ask_back(self, task: TaskId, annotation: AnnotationId, text: String) {
        self.undoing.set(Some(task));
        let slug = self.with_slug(str::to_owned);
        spawn_local(async move {
            let undone = undo_annotation(slug, annotation).await;
            if self.is_gone() {
                return;
            }
            self.undoing.set(None);
            self.message.set(Some(match undone {
                Ok(Reply::Done(item)) => {
                    self.state.update(|state| state.taken_back(item));
                    Message::TakenBack(text)
                }
                Ok(Reply::Refused(refused)) => {
                    self.state
                        .update(|state| state.given.retain(|given| given.annotation != Some(annotation)));
                    Message::Refused(refused.code)
                }
                Err(_) => Message::Failed,
            }));
        });
    }
}
