//! Inter-annotator agreement as it is shown.

use crate::{
    agreement::{
        Coverage, LabelConfusion, LabelMatrix, Level, PairAgreement, Ratings, Report, Statistic,
        krippendorff_alpha_at, percent_agreement,
    },
    id::TaskId,
    name::SampleKey,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Agreement on one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgreementView {
    /// The question.
    pub question: String,
    /// All statistics of it.
    #[serde(flatten)]
    pub report: Report,
    /// How much of what was answered they rest on.
    pub coverage: Coverage,
    /// The pairs of labels that were given to the same item, most frequent first.
    pub confusion: Vec<LabelConfusion>,
    /// How often each label stands beside each other.
    pub matrix: LabelMatrix,
    /// The tasks that cause the most disagreement.
    pub disputed: Vec<DisputedTask>,
    /// The same agreement, part by part.
    pub parts: Parts,
    /// When this was computed; of a large project it may be a while ago.
    pub computed_at: Timestamp,
}

impl AgreementView {
    /// The same with those pairs of people alone that share most items, at most so many, and how many are left out: 200
    /// people are 19,900 pairs.
    pub fn shortened(&self, most: usize) -> (Self, usize) {
        let mut pairs: Vec<&PairAgreement> = self.report.pairs.iter().collect();
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.shared));
        let left_out = pairs.len().saturating_sub(most);
        pairs.truncate(most);
        let report = Report { pairs: pairs.into_iter().cloned().collect(), ..self.report.without_pairs() };
        let short = Self {
            question: self.question.clone(),
            report,
            coverage: self.coverage,
            confusion: Vec::new(),
            matrix: self.matrix.clone(),
            disputed: self.disputed.clone(),
            parts: self.parts.clone(),
            computed_at: self.computed_at,
        };
        (short, left_out)
    }
}

/// A task on which annotators differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DisputedTask {
    pub task: TaskId,
    /// Its sample.
    pub sample: SampleKey,
    /// Its part of all disagreement, above 0 to 1.
    pub share: f64,
    /// What was answered, and how often, in the order of the labels.
    pub answers: Vec<AnswerCount>,
}

/// How often something was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerCount {
    pub label: String,
    pub count: u64,
}

/// Agreement by when and under what the answers were given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Parts {
    /// How long a part of `time` is.
    pub period: Period,
    /// By the day on which a part begins, in the project's time zone; a task counts where its last answer was given.
    pub time: Vec<Part>,
    /// By why the task was opened.
    pub reason: Vec<Part>,
    /// By the model whose prediction was the newest when the task was opened; empty where no model sent any.
    pub model: Vec<Part>,
    /// By the guideline that the answer was given under: answers under different ones are not compared.
    pub guideline_revision: Vec<Part>,
}

/// How long a part of the time is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Period {
    #[default]
    Day,
    Week,
    Month,
}

/// Agreement of some of the answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// What they have in common; null where they have no such thing, as tasks without a prediction have no model.
    pub key: Option<String>,
    /// How much of what was answered it rests on.
    pub coverage: Coverage,
    pub percent_agreement: Statistic,
    /// At the level of the report.
    pub krippendorff_alpha: Statistic,
}

impl Part {
    /// Of these answers.
    pub fn of(key: Option<String>, ratings: &Ratings, level: Level) -> Self {
        Self {
            key,
            coverage: Coverage::of(ratings),
            percent_agreement: percent_agreement(ratings),
            krippendorff_alpha: krippendorff_alpha_at(ratings, level),
        }
    }
}
