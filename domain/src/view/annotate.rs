//! What annotators send and are given.

use crate::{
    answer::{Answers, Verdict},
    id::{AnnotationId, NoticeId, TaskId},
    name::SampleKey,
    prediction::Probs,
    signal::Reason,
    task::TaskState,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What is shown of a sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SampleContent {
    /// Its id.
    pub id: SampleKey,
    /// Its fields; null after erasure.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub fields: Option<Map<String, Value>>,
    /// Its metadata, as far as the reader may see it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub metadata: Map<String, Value>,
}

/// What a blind project keeps from annotators.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revealed {
    /// The newest prediction of each question.
    pub prediction: Option<BTreeMap<String, Probs>>,
    /// The stored label.
    pub label: Option<Answers>,
}

/// A task that the caller holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimItem {
    /// The lease, for submit, skip, release and renew.
    pub lease: String,
    /// When the lease ends.
    pub expires_at: Timestamp,
    /// The task.
    pub task: TaskId,
    /// The task's revision.
    pub rev: i32,
    /// The sample.
    pub sample: SampleContent,
    /// Why it is in the queue; null unless the project reveals it.
    pub reason: Option<Reason>,
    /// Prediction and stored label; null unless the project reveals them.
    pub revealed: Option<Revealed>,
    /// The schema revision to answer under.
    pub schema_revision: i32,
    /// The guideline revision to answer under.
    pub guideline_revision: i32,
}

/// The tasks that the caller holds after a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Claimed {
    /// Held tasks, the ones held longest first.
    pub tasks: Vec<ClaimItem>,
    /// About how many tasks wait for the caller.
    pub remaining: i64,
    /// Whether the caller is paused: what they hold they may finish, and nothing more is served until a manager resumes them.
    #[serde(default)]
    pub paused: bool,
    /// A notice to the caller that they have not seen yet; null where there is none.
    #[serde(default)]
    pub notice: Option<NoticeId>,
}

/// How many tasks to claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClaimInput {
    /// 1 to 50; 1 where absent.
    #[serde(default)]
    pub count: Option<i64>,
}

impl ClaimInput {
    /// The count, said or not.
    pub fn wanted(self) -> i64 {
        self.count.unwrap_or(1)
    }
}

/// An annotation to submit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SubmitInput {
    /// The answers; only with the verdict `answered`.
    #[serde(default)]
    pub answers: Option<Answers>,
    /// `answered` where absent.
    #[serde(default)]
    pub verdict: Option<Verdict>,
    /// A remark for the reviewer, at most 2000 characters.
    #[serde(default)]
    pub note: Option<String>,
    /// How long the answer took, in milliseconds.
    #[serde(default)]
    pub duration_ms: Option<i64>,
}

/// A recorded annotation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submitted {
    /// The annotation, for undo.
    pub annotation: AnnotationId,
    /// Its task.
    pub task: TaskId,
    /// The task's revision after it.
    pub rev: i32,
    /// The task's state after it.
    pub task_state: TaskState,
    /// Prediction and stored label, where the project reveals them after the answer.
    pub revealed: Option<Revealed>,
}

/// Why a task is skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SkipInput {
    /// A remark, at most 2000 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A renewed lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Renewed {
    /// When the lease now ends.
    pub expires_at: Timestamp,
}

/// What became of an own answer, as far as its author may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The label became what they answered.
    Accepted,
    /// The label became something else.
    Changed,
    /// The reviewer left the label as it was.
    Dismissed,
}

/// One of one's own answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnAnnotation {
    /// The annotation.
    pub annotation: AnnotationId,
    /// Its task.
    pub task: TaskId,
    /// The sample.
    pub sample: SampleContent,
    /// The answers.
    pub answers: Answers,
    /// What it says about the task.
    pub verdict: Verdict,
    /// The remark.
    pub note: Option<String>,
    /// When it was given.
    pub created_at: Timestamp,
    /// When it was taken back, where it was.
    pub withdrawn_at: Option<Timestamp>,
    /// Whether it can still be taken back.
    pub can_undo: bool,
    /// What became of it; null before the decision.
    pub outcome: Option<Outcome>,
    /// The reviewer's note where the task was returned.
    pub reviewer_note: Option<String>,
}

/// Where an annotator stands today; for the bar above the sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Own annotations since midnight in the project's time zone.
    pub today: i64,
    /// About how many tasks wait for the caller.
    pub waiting: i64,
    /// The newest own annotation that can be taken back.
    pub undo: Option<OwnAnnotation>,
}
