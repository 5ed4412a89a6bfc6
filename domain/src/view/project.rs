//! Projects as they are shown.

use crate::{
    access::Role,
    estimate::Tally,
    id::ProjectId,
    name::{Email, Slug},
    schema::Schema,
    settings::Settings,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A project with all of its set-up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectView {
    /// Its number, which enters version digests.
    pub id: ProjectId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// What is shown and asked.
    pub schema: Schema,
    /// Instructions in Markdown.
    pub guideline: String,
    /// Queue policy, review and more.
    pub settings: Settings,
    /// Grows by one with every change of the project; `PATCH` needs it.
    pub rev: i32,
    /// The schema's revision, from 1.
    pub schema_revision: i32,
    /// The guideline's revision, from 1.
    pub guideline_revision: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was archived, where it was.
    pub archived_at: Option<Timestamp>,
    /// The caller's role; null for an admin who is no member.
    pub role: Option<Role>,
}

/// One project of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectSummary {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// The caller's role; null for an admin who is no member.
    pub role: Option<Role>,
    /// Its revision.
    pub rev: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was archived, where it was.
    pub archived_at: Option<Timestamp>,
}

/// A project to create.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// What is shown and asked.
    pub schema: Schema,
    /// Instructions in Markdown.
    #[serde(default)]
    pub guideline: String,
    /// Queue policy, review and more.
    #[serde(default)]
    pub settings: Settings,
}

/// A change of a project; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProjectPatch {
    /// The revision that the change was made on.
    pub rev: i32,
    /// A new name.
    #[serde(default)]
    pub name: Option<String>,
    /// A new schema; becomes a new revision where it differs.
    #[serde(default)]
    pub schema: Option<Schema>,
    /// A new guideline; becomes a new revision where it differs.
    #[serde(default)]
    pub guideline: Option<String>,
    /// Settings to change, merged key by key into those that stand.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Settings>))]
    pub settings: Option<serde_json::Value>,
}

/// A member to add or change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MemberInput {
    /// The e-mail address of an existing user.
    pub email: Email,
    /// Their role.
    pub role: Role,
}

/// The loop as it stands, for the project's home page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Samples in the project.
    pub samples: i64,
    /// Tasks waiting for answers.
    pub open: i64,
    /// Tasks waiting for a reviewer.
    pub in_review: i64,
    /// Of those, the ones whose annotations conflict.
    pub conflicts: i64,
    /// Decisions waiting for a cut.
    pub staged: i64,
    /// The newest version, where there is one.
    pub version: Option<i64>,
    /// Labels in the newest version.
    pub labels: i64,
    /// Counted annotations.
    pub annotations: i64,
    /// Members by role.
    pub annotators: i64,
    /// Reviewers and managers.
    pub reviewers: i64,
    /// Annotations of simulated annotators, counted in `annotations`.
    pub simulated_annotations: i64,
    /// Krippendorff's alpha of the first question.
    pub alpha: OverviewAlpha,
    /// What the adaptive overlap spared, where the project has one.
    pub adaptive: Option<AnswersSaved>,
    /// What the audit slice says, question by question; nothing for those who may not read agreement.
    pub audits: Vec<QuestionAudit>,
}

/// Krippendorff's alpha, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum OverviewAlpha {
    /// The answers determine none, or the reader may not read agreement.
    #[default]
    None,
    /// Many answers are being compared for the first time.
    Computing,
    /// Its value.
    Value(f64),
}

/// The answers that tasks took which nobody is asked about any more, beside those that a fixed overlap takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswersSaved {
    /// The tasks.
    pub tasks: i64,
    /// Their answers; those beyond `fixed` for one task are left out.
    pub answers: i64,
    /// The answers that each would have with a fixed overlap: the most that are asked for, or one of each member where
    /// there are fewer.
    pub fixed: i64,
}

impl AnswersSaved {
    /// How many answers fewer than with the fixed overlap.
    pub fn saved(self) -> i64 {
        self.tasks * self.fixed - self.answers
    }
}

/// What the fully decided beginning of the audit order says about one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionAudit {
    /// The question's heading.
    pub question: String,
    /// Samples that had a stored label, and those whose answer to the question the decision changed.
    pub labels: Tally,
    /// Samples that had a prediction when they were decided, and those where its most probable option was wrong.
    pub predictions: Tally,
}

/// How many samples a threshold would queue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueueForecast {
    /// Samples in the project.
    pub samples: i64,
    /// For each threshold from 0 to 1 in steps of 0.05: `(threshold, samples with a signal at or above it)`.
    pub by_threshold: Vec<(f64, i64)>,
    /// Samples in the audit slice at the current rate.
    pub audit: i64,
}
