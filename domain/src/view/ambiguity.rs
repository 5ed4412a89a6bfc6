//! Pairs of labels that annotators mix up, and the rules that reviewers write to tell them apart.

use crate::{
    agreement::Ambiguity,
    answer::Answers,
    id::{ChangeSetId, TaskId},
    name::SampleKey,
    time::Timestamp,
    view::{Page, review::ReviewItem},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The pairs of labels of one question that annotators gave to the same tasks, the most ambiguous first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AmbiguousPairs {
    /// The question.
    pub question: String,
    /// The revision of the guideline, which a rule must name.
    pub guideline_revision: i32,
    /// The pairs of this page.
    pub items: Vec<PairView>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
    /// When this was computed; of a large project it may be a while ago.
    pub computed_at: Timestamp,
}

/// A pair of labels that annotators mix up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PairView {
    /// How often, and how much more often than chance would have it.
    #[serde(flatten)]
    pub ambiguity: Ambiguity,
    /// How far its tasks are.
    pub tasks: PairTasks,
    /// The newest rule that tells the two apart, where there is one and it was not undone.
    pub rule: Option<PairRule>,
}

/// Where the tasks stand whose answers hold both labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PairTasks {
    /// Waiting for answers.
    pub open: i64,
    /// Waiting for a reviewer.
    pub in_review: i64,
    /// Approved or dismissed.
    pub decided: i64,
}

/// A rule that a reviewer wrote to tell two labels apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PairRule {
    /// The revision of the guideline that it made.
    pub guideline_revision: i32,
    /// The change set of the tasks that were decided by it.
    pub change_set: ChangeSetId,
}

/// The tasks of a pair of labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PairItems {
    /// The question.
    pub question: String,
    /// The pair; null where nobody gave both labels to one task.
    pub pair: Option<PairView>,
    /// The revision of the guideline, which a rule must name.
    pub guideline_revision: i32,
    /// The tasks of this page, the oldest first.
    pub items: Vec<ReviewItem>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

/// A rule to tell two labels apart, and the tasks that it decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleInput {
    /// The question.
    pub question: String,
    /// One of the two labels.
    pub a: String,
    /// The other.
    pub b: String,
    /// The revision of the guideline as it was read.
    pub guideline_revision: i32,
    /// The heading, at most 200 characters; the titles of the two labels where absent.
    #[serde(default)]
    pub title: Option<String>,
    /// What to do, as Markdown; at most 5000 characters.
    pub rule: String,
    /// The tasks, which become the rule's examples; 1 to 100.
    pub items: Vec<RuleItem>,
}

/// A task that a rule decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleItem {
    /// The task.
    pub task: TaskId,
    /// Its revision as it was read.
    pub rev: i32,
    /// The label, which answers the question with one of the two.
    pub answers: Answers,
}

/// A rule that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleWritten {
    /// The revision of the guideline that it made.
    pub guideline_revision: i32,
    /// The change set of the tasks that it decided.
    pub change_set: ChangeSetId,
    /// Tasks whose label it decided.
    pub decided: i64,
    /// Tasks that need another reviewer's decision too.
    pub in_part: i64,
}

/// A stored label of a pair that was made before the rule, and that nobody has looked at since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OlderLabel {
    /// The sample.
    pub id: SampleKey,
    /// Its fields; null after erasure.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub fields: Option<Map<String, Value>>,
    /// The label in the newest version.
    pub label: Answers,
    /// The revision of the guideline under which it was made.
    pub guideline_revision: i32,
    /// The version in which it took effect.
    pub version: i64,
}

/// The stored labels of a pair that could be challenged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OlderLabels {
    /// The newest rule for the pair; without one nothing is offered.
    pub rule: Option<PairRule>,
    /// How many there are.
    pub total: i64,
    /// Those of this page, by id.
    #[serde(flatten)]
    pub page: Page<OlderLabel>,
}

/// A rule in the guideline, with the samples that were decided by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleExamples {
    /// The question.
    pub question: String,
    /// One of the two labels.
    pub a: String,
    /// The other.
    pub b: String,
    /// Where it stands.
    pub rule: PairRule,
    /// When it was written.
    pub created_at: Timestamp,
    /// The samples with their labels, by task.
    pub examples: Vec<RuleExample>,
}

/// One example of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleExample {
    /// The sample.
    pub id: SampleKey,
    /// The task that was decided.
    pub task: TaskId,
    /// The label that the rule gives it.
    pub label: String,
}
