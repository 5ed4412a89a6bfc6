//! Change sets: many decisions that somebody prepared at once and that reviewers make.

use crate::{answer::Answers, id::ChangeSetId, problem::Code, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What a change set proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeSetKind {
    /// The labels from before one annotator's answers since a time.
    UndoAnnotator,
    /// Nothing any more: tasks that were decided together with a rule that tells two labels apart.
    Rule,
}

impl ChangeSetKind {
    /// The kind as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UndoAnnotator => "undo_annotator",
            Self::Rule => "rule",
        }
    }

    /// The kind of this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::UndoAnnotator, Self::Rule].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Whose answers shall be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeSetInput {
    /// The annotator's e-mail address or imported name.
    pub annotator: String,
    /// From when on; an answer of just this time is meant too.
    pub since: Timestamp,
    /// Why, for the reviewer; at most 2000 characters.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a change set would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeSetPreview {
    /// Samples whose label is meant.
    pub matched: i64,
    /// How many of them would get a task in review.
    pub tasks_opened: i64,
    /// How many of them have an active task already, and would be left alone.
    pub already_active: i64,
}

/// A change set that was prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeSetPrepared {
    /// Its number.
    pub change_set: ChangeSetId,
    /// Samples whose label is meant.
    pub matched: i64,
    /// How many of them got a task in review.
    pub tasks_opened: i64,
    /// How many of them had an active task already, and were left alone.
    pub already_active: i64,
}

/// One change set, with how far its review is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeSetView {
    /// Its number.
    pub change_set: ChangeSetId,
    /// What it proposes.
    pub kind: ChangeSetKind,
    /// Whose answers it undoes; null for another kind.
    pub annotator: Option<String>,
    /// From when on; null for another kind.
    pub since: Option<Timestamp>,
    /// The rule, where it is one's.
    pub rule: Option<RuleOfSet>,
    /// Why; of a rule, its heading.
    pub note: Option<String>,
    /// Who prepared it; null for the command line.
    pub author: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// Samples whose label was meant; of a rule, those that were decided.
    pub matched: i64,
    /// How many of them got a task in review.
    pub tasks_opened: i64,
    /// How many of them had an active task already, and were left alone.
    pub already_active: i64,
    /// Where its tasks stand now.
    pub progress: ChangeSetProgress,
}

/// The rule whose tasks a change set holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleOfSet {
    /// The question.
    pub question: String,
    /// One of the two labels that it tells apart.
    pub a: String,
    /// The other.
    pub b: String,
    /// The revision of the guideline that it made.
    pub guideline_revision: i32,
    /// When it was undone, where it was.
    pub undone_at: Option<Timestamp>,
    /// With which code undoing it is refused, by whomever; null where it can be undone.
    pub undo_refused: Option<Code>,
}

/// A rule that was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeSetUndone {
    /// Tasks that are in review again.
    pub reopened: i64,
    /// Tasks that somebody changed since, and that were left alone.
    pub left_alone: i64,
    /// The new revision of the guideline, without the rule; null where the guideline was changed since, and stays.
    pub guideline_revision: Option<i32>,
}

/// How many tasks of a change set stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeSetProgress {
    /// Returned, and waiting for answers.
    pub open: i64,
    /// Waiting for a reviewer.
    pub in_review: i64,
    /// A label, or its removal, is approved.
    pub approved: i64,
    /// The label stays as it is.
    pub dismissed: i64,
    /// Returned, and closed since, as with an erased sample.
    pub superseded: i64,
}

/// The label that a change set proposes for a task's sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// The change set.
    pub change_set: ChangeSetId,
    /// The label; null proposes to remove it.
    pub label: Option<Answers>,
    /// Who prepared it; null for the command line.
    pub author: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// Proposals that were approved together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposalsApproved {
    /// How many were approved now.
    pub approved: i64,
    /// How many are left that the caller could approve.
    pub left: i64,
}
