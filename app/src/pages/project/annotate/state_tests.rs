//! The screen's state under the accidents that happen: slow servers, lost leases, reloads.

use super::state::{Act, Lost, LostAct, State, TakeBack};
use domain::{
    id::{AnnotationId, NoticeId, TaskId},
    name::{NameError, SampleKey},
    problem::Code,
    time::Timestamp,
    view::annotate::{ClaimItem, Claimed, SampleContent, SubmitInput},
};

type Outcome = Result<(), NameError>;

fn item(task: i64) -> Result<ClaimItem, NameError> {
    Ok(ClaimItem {
        lease: format!("lease-{task}"),
        expires_at: Timestamp(0),
        task: TaskId(task),
        rev: 0,
        sample: SampleContent {
            id: SampleKey::parse(format!("s{task}"))?,
            fields: None,
            metadata: serde_json::Map::new(),
        },
        reason: None,
        revealed: None,
        schema_revision: 1,
        guideline_revision: 1,
    })
}

fn claimed(tasks: &[i64]) -> Result<Claimed, NameError> {
    let tasks = tasks.iter().copied().map(item).collect::<Result<_, _>>()?;
    Ok(Claimed { tasks, remaining: 9, paused: false, notice: None })
}

fn state(tasks: &[i64]) -> Result<State, NameError> {
    let mut state = State::default();
    state.claimed(claimed(tasks)?);
    Ok(state)
}

fn answer(state: &mut State) {
    state.act(Act::Submit(SubmitInput::default()), "Lost card".to_owned());
}

fn shown(state: &State) -> Option<i64> {
    state.current().map(|item| item.task.0)
}

#[test]
fn an_answer_brings_the_next_task_and_stays_until_it_is_saved() -> Outcome {
    let mut state = state(&[1, 2])?;
    answer(&mut state);
    assert_eq!((shown(&state), state.outbox.len(), state.today), (Some(2), 1, 1));
    state.saved("lease-1", Some(AnnotationId(7)), None);
    assert!(state.outbox.is_empty());
    assert_eq!(state.take_back(), TakeBack::Ask(AnnotationId(7)));
    Ok(())
}

#[test]
fn a_claim_that_was_under_way_does_not_bring_an_answered_task_back() -> Outcome {
    let mut state = state(&[1, 2])?;
    answer(&mut state);
    state.claimed(claimed(&[1, 2, 3])?);
    assert_eq!(state.queue.iter().map(|item| item.task.0).collect::<Vec<_>>(), [2, 3]);
    Ok(())
}

#[test]
fn a_refused_answer_is_kept_with_its_note_and_no_longer_counted() -> Outcome {
    let mut state = state(&[1, 2])?;
    let note = Some("both fit".to_owned());
    state.act(
        Act::Submit(SubmitInput { note: note.clone(), ..SubmitInput::default() }),
        "Lost card".to_owned(),
    );
    state.refused("lease-1", Code::LeaseLost);
    let what = LostAct::Answer("Lost card".to_owned());
    assert_eq!(state.lost, [Lost { what, note, code: Code::LeaseLost }]);
    assert_eq!((state.today, state.given.len()), (0, 0));
    Ok(())
}

#[test]
fn what_waits_is_taken_back_here_and_what_is_being_sent_later() -> Outcome {
    let mut state = state(&[1, 2, 3])?;
    answer(&mut state);
    assert_eq!(state.take_back(), TakeBack::Later(TaskId(1)));
    answer(&mut state);
    assert_eq!(state.take_back(), TakeBack::Done);
    assert_eq!((shown(&state), state.outbox.len(), state.today), (Some(2), 1, 1));
    Ok(())
}

#[test]
fn a_reload_takes_up_what_was_not_saved() -> Outcome {
    let mut before = state(&[1, 2])?;
    answer(&mut before);
    let mut after = state(&[1, 2])?;
    after.resume(before.outbox.into());
    assert_eq!((shown(&after), after.outbox.len(), after.today), (Some(2), 1, 1));
    Ok(())
}

#[test]
fn a_lease_that_ran_out_and_came_back_is_answered_under_the_new_one() -> Outcome {
    let mut state = state(&[1])?;
    let mut again = claimed(&[1])?;
    for item in &mut again.tasks {
        item.lease = "lease-1-again".to_owned();
    }
    state.claimed(again);
    assert!(!state.lease_lost("lease-1"));
    answer(&mut state);
    assert_eq!(state.outbox.front().map(|unsaved| unsaved.lease.as_str()), Some("lease-1-again"));
    Ok(())
}

#[test]
fn a_lost_lease_says_whether_it_was_in_front() -> Outcome {
    let mut state = state(&[1, 2])?;
    assert!(!state.lease_lost("lease-2"));
    assert!(state.lease_lost("lease-1"));
    assert_eq!(shown(&state), None);
    assert_eq!(state.to_claim(), Some(5));
    Ok(())
}

#[test]
fn a_notice_that_was_read_does_not_come_back_by_a_claim_that_was_under_way() -> Outcome {
    let mut state = state(&[1])?;
    let told = |notice: i64| -> Result<Claimed, NameError> {
        Ok(Claimed { notice: Some(NoticeId(notice)), paused: true, ..claimed(&[1])? })
    };
    state.claimed(told(3)?);
    assert_eq!((state.notice, state.paused, state.waiting), (Some(NoticeId(3)), true, 0));
    state.seen(NoticeId(3));
    state.claimed(told(3)?);
    assert_eq!(state.notice, None);
    state.claimed(told(4)?);
    assert_eq!(state.notice, Some(NoticeId(4)));
    Ok(())
}
