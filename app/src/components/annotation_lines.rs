//! Who answered what, and what was decided on it: one line each, for reviewers.

use crate::{
    components::{
        answer::AnswerText,
        badge::{Badge, OutcomeBadge, SimulatedBadge, Tone, verdict_text},
        time::Time,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{
    answer::Verdict,
    decision::DecisionKind,
    id::AnnotationId,
    schema::Schema,
    view::review::{AnnotationView, DecisionView, QuestionWeighed, Weighed},
};
use leptos::prelude::*;

/// One line for each annotation, with what it is worth where that is known.
#[component]
pub fn AnnotationLines<'a>(
    schema: &'a Schema,
    annotations: &'a [AnnotationView],
    #[prop(optional)] weighed: Option<&'a Weighed>,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    if annotations.is_empty() {
        return view! { <p class="lines-none">{tu_string!(i18n, evidence.no_answers)}</p> }.into_any();
    }
    let lines: Vec<_> = annotations
        .iter()
        .map(|annotation| {
            let answer = match annotation.verdict {
                Verdict::Answered => view! { <AnswerText schema answers=Some(&annotation.answers) /> }.into_any(),
                verdict => view! { <Badge text=verdict_text(i18n, verdict) tone=Tone::Warning /> }.into_any(),
            };
            let note = annotation.note.clone();
            let worth = weighed.and_then(|weighed| worth_of(weighed, annotation.annotation));
            let worth = worth.map(|nats| view! { " " <span class="line-worth">{worth_text(i18n, nats)}</span> });
            view! {
                <li class="line">
                    <span class="line-who">
                        {annotation.annotator.clone()} {annotation.simulated.then(|| view! { <SimulatedBadge /> })}
                    </span>
                    <span class="line-what">{answer} {worth}</span>
                    <span class="line-when"><Time at=annotation.created_at /></span>
                    {note.map(|note| view! { <p class="line-note" dir="auto">{note}</p> })}
                </li>
            }
        })
        .collect();
    view! { <ol class="lines">{lines}</ol> }.into_any()
}

/// What the annotation is worth for the most probable answers, over all questions.
fn worth_of(weighed: &Weighed, annotation: AnnotationId) -> Option<f64> {
    let of_question = |question: &QuestionWeighed| {
        question.annotations.iter().find(|worth| worth.annotation == annotation).map(|worth| worth.nats)
    };
    weighed.questions.values().filter_map(of_question).reduce(|sum, nats| sum + nats)
}

/// By which factor the odds of the most probable answer are greater or smaller.
pub fn worth_text(i18n: I18n, nats: f64) -> String {
    let factor = nats.abs().exp();
    let factor = match factor {
        factor if factor >= 1000.0 => "1000+".to_owned(),
        factor if factor >= 10.0 => format!("{factor:.0}"),
        factor => format!("{factor:.1}"),
    };
    if nats >= 0.0 {
        tu_string!(i18n, evidence.worth_for, factor = factor).to_string()
    } else {
        tu_string!(i18n, evidence.worth_against, factor = factor).to_string()
    }
}

/// One line for each decision; nothing where there is none.
#[component]
pub fn DecisionLines<'a>(schema: &'a Schema, decisions: &'a [DecisionView]) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let lines: Vec<_> = decisions
        .iter()
        .map(|decision| {
            let who = decision
                .decided_by
                .clone()
                .unwrap_or_else(|| tu_string!(i18n, evidence.by_policy).to_owned());
            let answers = decision
                .answers
                .as_ref()
                .map(|answers| view! { <AnswerText schema answers=Some(answers) /> });
            let own = decision.own_annotation.then(
                || view! { <Badge text=tu_string!(i18n, evidence.own_annotation) tone=Tone::Warning /> },
            );
            let note = decision.note.clone();
            view! {
                <li class="line">
                    <span class="line-who">{who} {own}</span>
                    <span class="line-what">
                        <span class="line-decision">{decision_text(i18n, decision)}</span>
                        {answers}
                        {decision.outcome.map(|outcome| view! { <OutcomeBadge outcome /> })}
                    </span>
                    <span class="line-when"><Time at=decision.created_at /></span>
                    {note.map(|note| view! { <p class="line-note" dir="auto">{note}</p> })}
                </li>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| view! { <ol class="lines">{lines}</ol> })
}

/// What a decision did, in a word or two.
pub fn decision_text(i18n: I18n, decision: &DecisionView) -> &'static str {
    match decision.decision {
        DecisionKind::Approve | DecisionKind::Correct if decision.answers.is_none() => {
            tu_string!(i18n, evidence.decided.remove)
        }
        DecisionKind::Approve => tu_string!(i18n, evidence.decided.approve),
        DecisionKind::Correct => tu_string!(i18n, evidence.decided.correct),
        DecisionKind::Return => tu_string!(i18n, evidence.decided.returned),
        DecisionKind::Dismiss => tu_string!(i18n, evidence.decided.dismiss),
        DecisionKind::Reopen => tu_string!(i18n, evidence.decided.reopen),
    }
}
