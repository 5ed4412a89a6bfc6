//! The task at hand: sample, questions, verdicts, note; or what to do when there is none.
//!
//! One form. Without JavaScript each of its buttons posts it; in the browser the same buttons answer in the
//! background.

use super::{
    desk::{Claiming, Desk},
    keys,
    question::Questions,
    sample::Sample,
};
use crate::{
    components::{badge::verdict_text, safe_textarea::SafeTextarea},
    i18n::{I18n, tu_string, use_i18n},
    refusal_text,
};
use domain::{answer::Verdict, view::annotate::ClaimItem};
use leptos::prelude::*;

/// The first held task, or the way to one.
#[component]
pub fn CurrentTask(desk: Desk) -> impl IntoView {
    let state = desk.state;
    // By task, not by lease: a lease may be replaced under somebody who is writing a note.
    let task = Memo::new(move |_| state.with(|state| state.current().map(|item| item.task)));
    // Keyed, so that nothing of the one before stays: neither its note nor what was chosen.
    view! {
        <For
            each=move || task.get()
            key=|task| *task
            children=move |_| {
                let item = state.with_untracked(|state| state.current().cloned());
                item.map(|item| view! { <Task desk item /> })
            }
        />
        <Show when=move || task.get().is_none()>
            <NoTask desk />
        </Show>
    }
}

#[component]
fn Task(desk: Desk, item: ClaimItem) -> impl IntoView {
    let i18n = use_i18n();
    let slug = desk.screen.with_value(|screen| screen.slug.clone());
    let lease = item.lease.clone();
    let several = desk.with_schema(|schema| schema.questions.len() > 1);
    desk.shows_another();
    let confirm = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if several {
            desk.confirm();
        }
    };
    view! {
        <form class="task" method="post" action="/api/submit_and_claim_next" on:submit=confirm>
            <input type="hidden" name="slug" value=slug />
            <input type="hidden" name="lease" value=lease />
            <Sample desk item />
            <Questions desk />
            {several
                .then(|| {
                    view! {
                        <button class="button button-primary task-submit">
                            {tu_string!(i18n, annotate.submit)}
                            <kbd>"Enter"</kbd>
                        </button>
                    }
                })}
            <div class="verdicts" role="group" aria-label=tu_string!(i18n, annotate.verdicts)>
                {[Verdict::Ambiguous, Verdict::NoneFits, Verdict::BadSample]
                    .map(|verdict| {
                        view! {
                            <button
                                class="verdict"
                                name="verdict"
                                value=verdict.as_str()
                                title=verdict_hint(i18n, verdict)
                                on:click=move |event| {
                                    event.prevent_default();
                                    desk.say(verdict);
                                }
                            >
                                <kbd aria-hidden="true">{keys::of_verdict(verdict)}</kbd>
                                {verdict_text(i18n, verdict)}
                            </button>
                        }
                    })
                    .collect_view()}
                <details class="note" node_ref=desk.note_box>
                    <summary class="verdict note-summary">
                        <kbd aria-hidden="true">"N"</kbd>
                        {tu_string!(i18n, annotate.note)}
                    </summary>
                    <SafeTextarea
                        name="note"
                        label=tu_string!(i18n, annotate.note_label)
                        rows=2
                        node_ref=desk.note
                        class="note-text"
                    />
                </details>
                <button
                    class="verdict verdict-skip"
                    formaction="/api/skip_and_claim_next"
                    title=tu_string!(i18n, annotate.keys.skip)
                    on:click=move |event| {
                        event.prevent_default();
                        desk.skip();
                    }
                >
                    <kbd aria-hidden="true">"S"</kbd>
                    {tu_string!(i18n, annotate.skip)}
                </button>
            </div>
        </form>
    }
}

/// What a verdict means.
pub fn verdict_hint(i18n: I18n, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Answered => tu_string!(i18n, annotate.keys.confirm),
        Verdict::Ambiguous => tu_string!(i18n, annotate.hint.ambiguous),
        Verdict::NoneFits => tu_string!(i18n, annotate.hint.none_fits),
        Verdict::BadSample => tu_string!(i18n, annotate.hint.bad_sample),
    }
}

/// No task is held: begin, or there is nothing to do.
#[component]
fn NoTask(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let slug = desk.screen.with_value(|screen| screen.slug.clone());
    let state = desk.state;
    let waiting = Memo::new(move |_| state.with(|state| state.waiting));
    let paused = Memo::new(move |_| state.with(|state| state.paused));
    let title = move || match (desk.claiming.get(), waiting.get()) {
        (Claiming::Running, _) => tu_string!(i18n, annotate.fetching),
        (Claiming::Dry | Claiming::Idle, _) if paused.get() => tu_string!(i18n, annotate.paused),
        (Claiming::Failed(Some(code)), _) => refusal_text::of(i18n, code),
        (Claiming::Failed(None), _) => tu_string!(i18n, common.error.unreachable),
        (Claiming::Dry, _) | (Claiming::Idle, 0) => tu_string!(i18n, annotate.nothing),
        (Claiming::Idle, _) => tu_string!(i18n, annotate.ready),
    };
    let text = move || match (desk.claiming.get(), waiting.get()) {
        (Claiming::Dry | Claiming::Idle, _) if paused.get() => tu_string!(i18n, annotate.paused_text),
        (Claiming::Dry, _) | (Claiming::Idle, 0) => tu_string!(i18n, annotate.nothing_text),
        (Claiming::Idle, _) => tu_string!(i18n, annotate.ready_text),
        _ => "",
    };
    let button = move || match (desk.claiming.get(), waiting.get()) {
        (Claiming::Idle, 1..) => tu_string!(i18n, annotate.start),
        _ => tu_string!(i18n, annotate.look_again),
    };
    let pending = move || desk.claiming.get() == Claiming::Running;
    view! {
        <section class="state">
            <h2 class="state-title">{title}</h2>
            <p class="state-text">{text}</p>
            <form method="post" action="/api/claim_tasks">
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="count" value="1" />
                <button
                    class="button button-primary button-big"
                    disabled=pending
                    on:click=move |event| {
                        event.prevent_default();
                        desk.claim();
                    }
                >
                    {button}
                </button>
            </form>
        </section>
    }
}
