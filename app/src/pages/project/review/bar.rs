//! The decision on the task that is shown: one form, whose buttons say what is decided. The keys press its buttons.

use super::{
    desk::Desk,
    item::approval_text,
    keys::of_option,
    order::{Own, takes_proposal},
};
use crate::{
    components::{
        form::{FormOutcome, Outcome, use_outcome},
        safe_textarea::SafeTextarea,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{
    schema::{Question, Schema},
    task::TaskState,
    view::review::ReviewItem,
};
use leptos::{form::ActionForm, prelude::*};

/// The ids of what the keys reach.
pub mod ids {
    /// The button that approves.
    pub const APPROVE: &str = "review-approve";
    /// The options of a correction.
    pub const CORRECT: &str = "review-correct";
    /// The button that corrects.
    pub const SEND: &str = "review-correct-send";
    /// The button that asks for one more answer.
    pub const RETURN: &str = "review-return";
    /// The button that leaves the label as it is.
    pub const DISMISS: &str = "review-dismiss";
    /// The button that takes a decision back.
    pub const REOPEN: &str = "review-reopen";
    /// The button that takes the last decision back.
    pub const UNDO: &str = "review-undo";
    /// The note's disclosure.
    pub const NOTE: &str = "review-note";
    /// The note itself.
    pub const NOTE_TEXT: &str = "note";
}

/// The bar.
#[component]
pub fn DecisionBar(desk: Desk, schema: StoredValue<Schema>, item: ReviewItem, own: Own) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = use_outcome("decide", desk.action.value());
    // What was done is told above the list.
    let refused = Signal::derive(move || outcome.get().filter(|outcome| *outcome != FormOutcome::Done));
    let slug = desk.slug.get_value();
    let state = item.state;
    let task = item.task;
    let onward = move || desk.query(if state == TaskState::InReview { desk.after(task) } else { Some(task) });
    let warning = match own {
        Own::Noted if state == TaskState::InReview => Some(tu_string!(i18n, review.own)),
        Own::Barred => Some(tu_string!(i18n, review.own_barred)),
        Own::Decided => Some(tu_string!(i18n, review.own_decided)),
        Own::No | Own::Noted => None,
    };
    let warning = warning.map(|text| view! { <p class="review-own">{text}</p> });
    let rev = item.rev;
    let buttons = match state {
        _ if own == Own::Barred => ().into_any(),
        TaskState::InReview => view! { <Decide desk schema item /> }.into_any(),
        TaskState::Approved | TaskState::Dismissed => {
            view! {
                <button class="button" id=ids::REOPEN name="decision" value="reopen" disabled=desk.action.pending()>
                    <kbd>"O"</kbd>
                    {tu_string!(i18n, review.reopen)}
                </button>
                <Note />
            }
                .into_any()
        }
        TaskState::Open => view! { <p class="review-nothing">{tu_string!(i18n, review.still_open)}</p> }.into_any(),
        TaskState::Superseded | TaskState::Known => {
            view! { <p class="review-nothing">{tu_string!(i18n, review.is_superseded)}</p> }.into_any()
        }
    };
    view! {
        <div class="decision-bar">
            <ActionForm action=desk.action>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="onward" value=onward />
                <input type="hidden" name="task" value=task.0 />
                <input type="hidden" name="rev" value=rev />
                {warning}
                <Outcome outcome=refused done="" />
                <div class="decision-buttons">{buttons}</div>
            </ActionForm>
        </div>
    }
}

#[component]
fn Decide(desk: Desk, schema: StoredValue<Schema>, item: ReviewItem) -> impl IntoView {
    let i18n = use_i18n();
    let pending = desk.action.pending();
    let is_conflict = item.consensus.conflict && !takes_proposal(&item);
    let approval = if is_conflict {
        tu_string!(i18n, review.approve).to_owned()
    } else {
        let label = schema.with_value(|schema| approval_text(schema, &item));
        let label = label.unwrap_or_else(|| tu_string!(i18n, review.consensus_remove).to_owned());
        tu_string!(i18n, review.approve_as, label = label).to_string()
    };
    let why_not = is_conflict.then(|| tu_string!(i18n, review.no_consensus));
    let seen = item.consensus.answers.as_ref().filter(|_| !takes_proposal(&item));
    let seen = seen.and_then(|answers| serde_json::to_string(answers).ok());
    view! {
        <input type="hidden" name="seen" value=seen />
        <button
            class="button button-primary"
            id=ids::APPROVE
            name="decision"
            value="approve"
            title=why_not
            disabled=move || is_conflict || pending.get()
        >
            <kbd>"A"</kbd>
            {approval}
        </button>
        <Correction desk schema />
        <button class="button" id=ids::RETURN name="decision" value="return" title=tu_string!(i18n, review.give_back_hint) disabled=pending>
            <kbd>"R"</kbd>
            {tu_string!(i18n, review.give_back)}
        </button>
        <button class="button" id=ids::DISMISS name="decision" value="dismiss" title=tu_string!(i18n, review.dismiss_hint) disabled=pending>
            <kbd>"D"</kbd>
            {tu_string!(i18n, review.dismiss)}
        </button>
        <Note />
    }
}

/// The options, for another label than the annotators'.
#[component]
fn Correction(desk: Desk, schema: StoredValue<Schema>) -> impl IntoView {
    let i18n = use_i18n();
    let pending = desk.action.pending();
    let questions = schema.with_value(|schema| {
        let has_keys = schema.questions.len() == 1;
        let questions = schema.questions.iter().enumerate();
        questions.map(|(place, question)| options(place, question, has_keys).into_any()).collect::<Vec<_>>()
    });
    view! {
        <details class="decision-more" id=ids::CORRECT>
            <summary class="button">
                <kbd>"C"</kbd>
                {tu_string!(i18n, review.correct)}
            </summary>
            <div class="correction">
                {questions}
                <div class="correction-send">
                    <button class="button button-primary" id=ids::SEND name="decision" value="correct" disabled=pending>
                        {tu_string!(i18n, review.correct_send)}
                    </button>
                    <button class="button button-danger" name="decision" value="remove" disabled=pending>
                        {tu_string!(i18n, review.remove)}
                    </button>
                    <span class="field-hint">{tu_string!(i18n, review.remove_hint)}</span>
                </div>
            </div>
        </details>
    }
}

fn options(place: usize, question: &Question, has_keys: bool) -> impl IntoView + use<> {
    let name = format!("choices[{place}]");
    let options: Vec<_> = question
        .offered()
        .enumerate()
        .map(|(index, option)| {
            let key = of_option(index).filter(|_| has_keys);
            let (name, value, title) = (name.clone(), option.value.clone(), option.title().to_owned());
            view! {
                <label class="correction-option">
                    <input type="radio" name=name value=value />
                    {key.map(|key| view! { <kbd>{key}</kbd> })}
                    <span>{title}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="correction-question">
            <legend class="field-label">{question.title().to_owned()}</legend>
            <div class="correction-options">{options}</div>
        </fieldset>
    }
}

#[component]
fn Note() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <details class="decision-more" id=ids::NOTE>
            <summary class="button button-quiet">
                <kbd>"N"</kbd>
                {tu_string!(i18n, review.note)}
            </summary>
            <SafeTextarea name=ids::NOTE_TEXT label=tu_string!(i18n, review.note_label) rows=3 />
        </details>
    }
}
