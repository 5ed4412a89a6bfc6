//! Samples and their whole history.

use crate::{
    answer::Answers,
    decision::DecisionKind,
    id::TaskId,
    name::SampleKey,
    outcome::LabelOutcome,
    provenance::Provenance,
    signal::Reason,
    task::TaskState,
    time::Timestamp,
    view::review::{AnnotationView, DecisionView, PredictionView},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One sample of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SampleSummary {
    /// Its id.
    pub id: SampleKey,
    /// Its fields in the newest content revision; null after erasure.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub fields: Option<Map<String, Value>>,
    /// Its metadata.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub metadata: Map<String, Value>,
    /// The label in the newest version.
    pub label: Option<Answers>,
    /// The state of its newest task, where there is one.
    pub task_state: Option<TaskState>,
    /// When it was first received.
    pub created_at: Timestamp,
}

/// A sample with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SampleDetail {
    /// Its id.
    pub id: SampleKey,
    /// Its fields in the newest content revision; null after erasure.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub fields: Option<Map<String, Value>>,
    /// Its metadata in the newest content revision.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub metadata: Map<String, Value>,
    /// Its content revisions, the newest first.
    pub revisions: Vec<ContentRevision>,
    /// Its predictions, the newest first.
    pub predictions: Vec<PredictionView>,
    /// The label in the newest version.
    pub label: Option<Answers>,
    /// Its tasks, the newest first.
    pub tasks: Vec<SampleTask>,
    /// Every label that was ever decided for it, the newest first.
    pub history: Vec<LabelHistory>,
    /// When it was first received.
    pub created_at: Timestamp,
    /// When its content was erased, where it was.
    pub erased_at: Option<Timestamp>,
    /// All its counted annotations, the oldest first.
    pub annotations: Vec<AnnotationView>,
}

/// One content revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContentRevision {
    /// Its number, from 1.
    pub revision: i32,
    /// Its address.
    pub hash: String,
    /// Its fields; null after erasure.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub fields: Option<Map<String, Value>>,
    /// When it was received.
    pub created_at: Timestamp,
}

/// One task of a sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SampleTask {
    /// The task.
    pub task: TaskId,
    /// Its state.
    pub state: TaskState,
    /// Why it was opened.
    pub reason: Reason,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Its counted annotations.
    pub annotations: Vec<AnnotationView>,
    /// Its decisions.
    pub decisions: Vec<DecisionView>,
}

/// Whether a label of a sample took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LabelStatus {
    /// It is or was in a version.
    InVersion,
    /// It enters the next version that is cut.
    Staged,
    /// It never took effect: its decision was taken back before the cut.
    TakenBack,
    /// It never took effect: the sample was decided again before the cut.
    Replaced,
}

/// One label that a sample had, will have, or would have had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelHistory {
    /// Whether it took effect.
    pub status: LabelStatus,
    /// The version in which it took effect; null while it is staged, and where it never did.
    pub version: Option<i64>,
    /// The version that ended it; null while it stands.
    pub until: Option<i64>,
    /// The label; null where it was removed.
    pub label: Option<Answers>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// What the decision did to the label stored before; null where no decision of review made it.
    pub outcome: Option<LabelOutcome>,
    /// Who decided it; of an import or a revert, whose it was. Null for the policy and the command line.
    pub decided_by: Option<String>,
    /// What the reviewer or the policy decided; null where no decision made it.
    pub decision: Option<DecisionKind>,
    /// The task that was decided.
    pub task: Option<TaskId>,
    /// What the reviewer remarked; null after erasure.
    pub note: Option<String>,
    /// When it was decided or imported.
    pub created_at: Timestamp,
}

/// Which samples are wanted; everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SampleFilter {
    /// The stored label holds these answers.
    pub label: Option<Answers>,
    /// The stored label was decided under an older schema revision.
    pub schema_revision_below: Option<i32>,
    /// The stored label was decided under an older guideline revision.
    pub guideline_revision_below: Option<i32>,
    /// The label changed after the first of these versions, up to the second.
    pub changed_between: Option<[String; 2]>,
    /// The metadata hold these values.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub metadata: Option<Map<String, Value>>,
    /// The id or a field's text holds this, in any case.
    pub q: Option<String>,
}

/// The most samples that one challenge names.
pub const MOST_AT_ONCE: u16 = 10_000;

/// Samples to challenge: named, or found by a filter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ChallengeInput {
    /// Sample ids.
    pub ids: Option<Vec<String>>,
    /// Or a filter.
    pub filter: Option<SampleFilter>,
    /// Why, for the reviewer; at most 2000 characters.
    pub note: Option<String>,
}
