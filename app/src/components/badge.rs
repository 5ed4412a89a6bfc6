//! Small marks: states, roles, reasons. Each carries its word; colour only helps.

use crate::i18n::{I18n, tu_string, use_i18n};
use domain::{access::Role, answer::Verdict, outcome::LabelOutcome, signal::SignalKind, task::TaskState};
use leptos::prelude::*;

/// How a mark looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Grey: a plain fact.
    #[default]
    Plain,
    /// The accent: what is current or waiting for a person.
    Accent,
    /// Green: settled.
    Good,
    /// Amber: look at it.
    Warning,
    /// Red: lost or wrong.
    Bad,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "badge",
            Self::Accent => "badge badge-accent",
            Self::Good => "badge badge-good",
            Self::Warning => "badge badge-warning",
            Self::Bad => "badge badge-bad",
        }
    }
}

/// A small mark.
#[component]
pub fn Badge(#[prop(into)] text: String, #[prop(optional)] tone: Tone) -> impl IntoView {
    view! { <span class=tone.class()>{text}</span> }
}

/// Where a task stands.
#[component]
pub fn TaskStateBadge(state: TaskState) -> impl IntoView {
    let i18n = use_i18n();
    let (text, tone) = match state {
        TaskState::Open => (tu_string!(i18n, common.task_state.open), Tone::Plain),
        TaskState::InReview => (tu_string!(i18n, common.task_state.in_review), Tone::Accent),
        TaskState::Approved => (tu_string!(i18n, common.task_state.approved), Tone::Good),
        TaskState::Dismissed => (tu_string!(i18n, common.task_state.dismissed), Tone::Plain),
        TaskState::Superseded => (tu_string!(i18n, common.task_state.superseded), Tone::Plain),
        TaskState::Known => (tu_string!(i18n, common.task_state.known), Tone::Plain),
    };
    view! { <Badge text tone /> }
}

/// What a decision did to the stored label.
#[component]
pub fn OutcomeBadge(outcome: LabelOutcome) -> impl IntoView {
    let i18n = use_i18n();
    let (text, tone) = match outcome {
        LabelOutcome::Corrected => (tu_string!(i18n, evidence.outcome.corrected), Tone::Warning),
        LabelOutcome::Removed => (tu_string!(i18n, evidence.outcome.removed), Tone::Warning),
        LabelOutcome::Added => (tu_string!(i18n, evidence.outcome.added), Tone::Accent),
        LabelOutcome::Upheld => (tu_string!(i18n, evidence.outcome.upheld), Tone::Good),
        LabelOutcome::Unlabelled => (tu_string!(i18n, evidence.outcome.unlabelled), Tone::Plain),
    };
    view! { <Badge text tone /> }
}

/// Marks what a simulation made.
#[component]
pub fn SimulatedBadge() -> impl IntoView {
    let i18n = use_i18n();
    view! { <Badge text=tu_string!(i18n, common.simulated) tone=Tone::Warning /> }
}

/// The word for a role; without one it is an admin's.
pub fn role_text(i18n: I18n, role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Annotator) => tu_string!(i18n, common.role.annotator),
        Some(Role::Reviewer) => tu_string!(i18n, common.role.reviewer),
        Some(Role::Manager) => tu_string!(i18n, common.role.manager),
        None => tu_string!(i18n, common.role.admin),
    }
}

/// The words for a verdict.
pub fn verdict_text(i18n: I18n, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Answered => tu_string!(i18n, common.verdict.answered),
        Verdict::Ambiguous => tu_string!(i18n, common.verdict.ambiguous),
        Verdict::NoneFits => tu_string!(i18n, common.verdict.none_fits),
        Verdict::BadSample => tu_string!(i18n, common.verdict.bad_sample),
    }
}

/// The words for a reason.
pub fn reason_text(i18n: I18n, kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::PredictionUncertain => tu_string!(i18n, common.reason.prediction_uncertain),
        SignalKind::LabelSuspect => tu_string!(i18n, common.reason.label_suspect),
        SignalKind::UserReport => tu_string!(i18n, common.reason.user_report),
        SignalKind::ImportConflict => tu_string!(i18n, common.reason.import_conflict),
        SignalKind::Challenge => tu_string!(i18n, common.reason.challenge),
        SignalKind::Audit => tu_string!(i18n, common.reason.audit),
        SignalKind::Unlabelled => tu_string!(i18n, common.reason.unlabelled),
    }
}
