//! What reviewers send and are given.

use crate::{
    answer::{Answers, Verdict},
    consensus::Consensus,
    decision::DecisionKind,
    id::{AnnotationId, ChangeSetId, TaskId},
    name::ModelName,
    outcome::LabelOutcome,
    prediction::Probs,
    settings::ConsensusMethod,
    signal::{Reason, SignalKind},
    task::TaskState,
    time::Timestamp,
    view::{annotate::SampleContent, change_set::Proposal},
};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// One annotation, as reviewers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnotationView {
    /// The annotation.
    pub annotation: AnnotationId,
    /// The annotator's e-mail address or imported name.
    pub annotator: String,
    /// Whether a simulation gave it rather than a person.
    pub simulated: bool,
    /// The answers; empty unless the verdict is `answered`.
    pub answers: Answers,
    /// What it says about the task.
    pub verdict: Verdict,
    /// The remark.
    pub note: Option<String>,
    /// When it was given.
    pub created_at: Timestamp,
}

/// One prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PredictionView {
    /// The model and its version.
    pub model: ModelName,
    /// The question.
    pub question: String,
    /// The probabilities as sent.
    pub probs: Probs,
}

/// A decision on a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionView {
    /// What was decided.
    pub decision: DecisionKind,
    /// The reviewer's e-mail address; null for the policy.
    pub decided_by: Option<String>,
    /// Whether the reviewer had annotated the task.
    pub own_annotation: bool,
    /// The label decided on; null where it was removed or left alone.
    pub answers: Option<Answers>,
    /// What it did to the stored label of that time; null for `return` and `reopen`, and where it was not recorded.
    pub outcome: Option<LabelOutcome>,
    /// The remark.
    pub note: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// A task with everything that a reviewer needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewItem {
    /// The task.
    pub task: TaskId,
    /// Its revision, which a decision must name.
    pub rev: i32,
    /// Its state.
    pub state: TaskState,
    /// The sample.
    pub sample: SampleContent,
    /// Why it is in the queue.
    pub reason: Reason,
    /// The counted annotations, the oldest first.
    pub annotations: Vec<AnnotationView>,
    /// What they say together.
    pub consensus: Consensus,
    /// How they were weighed.
    pub weighed: Weighed,
    /// The label that a change set proposes, which `approve` takes while there is no annotation.
    pub proposal: Option<Proposal>,
    /// The newest prediction of each question.
    pub predictions: Vec<PredictionView>,
    /// The label in the newest version.
    pub stored_label: Option<Answers>,
    /// The version in which that label took effect.
    pub stored_version: Option<i64>,
    /// Decisions on the task so far, the oldest first.
    pub decisions: Vec<DecisionView>,
    /// How many reviewers stand behind a label, where it needs several.
    pub approvals: Option<Approvals>,
    /// When the task was opened.
    pub created_at: Timestamp,
}

/// How the answers to a task were weighed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Weighed {
    /// By what.
    pub method: ConsensusMethod,
    /// By question; one is absent where every answer counts the same, as long as nothing is known of who gave them.
    pub questions: BTreeMap<String, QuestionWeighed>,
}

/// How the answers to one question of a task were weighed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuestionWeighed {
    /// The most probable first; those below 0.001 are left out.
    pub probabilities: Vec<LabelProbability>,
    /// What each annotation is worth, in their order.
    pub annotations: Vec<Worth>,
    /// What the prediction is worth, where it votes, in nats.
    pub prediction: Option<f64>,
}

/// An answer and how probable it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelProbability {
    /// The answer.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub answer: serde_json::Value,
    /// In [0, 1].
    pub probability: f64,
}

/// What one annotation is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Worth {
    /// The annotation.
    pub annotation: AnnotationId,
    /// The weight of evidence for the most probable answer, in nats: by so much its log-odds would be less without this
    /// annotation. Negative: it speaks against that answer.
    pub nats: f64,
}

/// How far a label is that needs several reviewers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approvals {
    /// How many reviewers it needs.
    pub needed: u16,
    /// The reviewers who stand behind it so far.
    pub by: Vec<String>,
    /// The label they decided for; null where they remove it, or where nobody has decided yet.
    pub answers: Option<Answers>,
}

/// Which tasks of the review list are wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReviewFilter {
    /// The state; `in_review` where absent.
    pub state: Option<TaskState>,
    /// The order; `priority` where absent.
    pub order: Option<ReviewOrder>,
    /// Tasks whose annotations hold each of these option values (none, one or two).
    pub pair: Vec<String>,
    /// Tasks that this annotator answered.
    pub annotator: Option<String>,
    /// Tasks with this reason.
    pub reason: Option<SignalKind>,
    /// Tasks of this change set.
    pub change_set: Option<ChangeSetId>,
}

/// The order of the review list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReviewOrder {
    /// The queue's order.
    Priority,
    /// The longest waiting first.
    Oldest,
    /// Conflicts first, then the least agreement.
    Disagreement,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecisionInput {
    /// The task's revision as it was read.
    pub rev: i32,
    /// What is decided.
    pub decision: DecisionKind,
    /// For `correct`: the label, or null to remove it. For `approve`: the consensus that was seen, which must still hold.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Answers>))]
    pub answers: Option<Option<Answers>>,
    /// A remark, at most 2000 characters; needed to remove a label.
    #[serde(default)]
    pub note: Option<String>,
}

/// One decision of several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TaskDecisionInput {
    /// The task.
    pub task: TaskId,
    /// The task's revision as it was read.
    pub rev: i32,
    /// What is decided.
    pub decision: DecisionKind,
    /// For `correct`: the label, or null to remove it. For `approve`: the consensus that was seen, which must still hold.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Answers>))]
    pub answers: Option<Option<Answers>>,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
}

/// Several decisions, all or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecisionsInput {
    /// At most 500.
    pub decisions: Vec<TaskDecisionInput>,
}

/// A task after a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decided {
    /// The task.
    pub task: TaskId,
    /// Its revision after the decision.
    pub rev: i32,
    /// Its state after the decision.
    pub state: TaskState,
}

/// Tasks after several decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AllDecided {
    /// In the order of the input.
    pub decisions: Vec<Decided>,
}

/// Tells a null that was given from a key that was not.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Answers>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
