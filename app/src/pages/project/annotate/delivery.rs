//! One unsaved answer to the server, and what became of it.

use super::{
    api::{load_progress, skip_task, submit_annotation},
    state::{Act, Trouble, Unsaved},
    storage::Place,
};
use crate::error::{Answer, Failure, Reply};
use domain::{
    answer::Verdict,
    id::AnnotationId,
    problem::Code,
    view::annotate::{OwnAnnotation, Revealed, SubmitInput},
};
use leptos::task::spawn_local;

/// What became of an attempt to save.
pub enum Sent {
    /// The server has it.
    Saved(Option<AnnotationId>, Option<Revealed>),
    /// The server will not have it.
    Refused(Code),
    /// It is to be tried again.
    Again(Trouble),
}

/// Sends one.
pub async fn deliver(unsaved: &Unsaved, slug: String) -> Sent {
    match &unsaved.act {
        Act::Submit(input) => match submit_annotation(unsaved.lease.clone(), input.clone()).await {
            Ok(Reply::Done(submitted)) => Sent::Saved(Some(submitted.annotation), submitted.revealed),
            Ok(Reply::Refused(refused)) if refused.code == Code::AlreadyAnswered => {
                answered_before(unsaved, input, slug).await
            }
            other => unsent(other),
        },
        Act::Skip(reason) => match skip_task(unsaved.lease.clone(), reason.clone()).await {
            // Without its lease the task is gone, by an earlier attempt that had arrived or because time ran out.
            Ok(Reply::Refused(refused)) if refused.code == Code::LeaseLost => Sent::Saved(None, None),
            Ok(Reply::Done(())) => Sent::Saved(None, None),
            other => unsent(other),
        },
    }
}

/// Either an earlier attempt had arrived after all, or the same person gave another answer in another tab.
async fn answered_before(unsaved: &Unsaved, input: &SubmitInput, slug: String) -> Sent {
    let progress = load_progress(slug).await.ok().and_then(Reply::done);
    match progress.and_then(|progress| progress.undo).filter(|newest| newest.task == unsaved.task) {
        Some(newest) if !is_same(&newest, input) => Sent::Refused(Code::AlreadyAnswered),
        newest => Sent::Saved(newest.map(|newest| newest.annotation), None),
    }
}

fn is_same(recorded: &OwnAnnotation, input: &SubmitInput) -> bool {
    recorded.verdict == input.verdict.unwrap_or(Verdict::Answered)
        && recorded.answers == input.answers.clone().unwrap_or_default()
}

fn unsent<T>(answer: Answer<T>) -> Sent {
    match answer {
        Ok(Reply::Done(_)) => Sent::Saved(None, None),
        Ok(Reply::Refused(refused)) if refused.code == Code::Unauthenticated => {
            Sent::Again(Trouble::SignedOut)
        }
        Ok(Reply::Refused(refused)) => Sent::Refused(refused.code),
        Err(Failure::Unreachable | Failure::Unavailable | Failure::StorageFull | Failure::Internal) => {
            Sent::Again(Trouble::Unreachable)
        }
    }
}

/// Sends what was not saved when the screen was left, once each. What does not arrive stays kept for the screen's
/// next visit, which also says what was refused.
pub fn send_left_over(place: Place, slug: String, unsaved: Vec<Unsaved>) {
    spawn_local(async move {
        for unsaved in unsaved {
            match deliver(&unsaved, slug.clone()).await {
                Sent::Saved(..) => place.forget(&unsaved.lease),
                Sent::Refused(_) => {}
                Sent::Again(_) => break,
            }
        }
    });
}
