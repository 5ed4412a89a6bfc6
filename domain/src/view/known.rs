//! Known answers: which samples have them, and how often each person's answer equals them.

use crate::{answer::Answers, id::NoticeId, name::SampleKey, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Samples to mark as known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KnownAnswersInput {
    /// 1 to 500 samples.
    pub samples: Vec<KnownAnswerInput>,
}

/// A sample to mark as known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KnownAnswerInput {
    /// Its id.
    pub id: String,
    /// The answers that are right; where absent or null, the approved label, or else the stored one.
    #[serde(default)]
    pub answers: Option<Answers>,
}

/// What marking did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownAnswersMarked {
    /// Samples that are marked by it.
    pub marked: i64,
    /// Samples that were marked before and have other answers or another content now.
    pub changed: i64,
    /// Samples that were marked just so before.
    pub unchanged: i64,
}

/// Why a known answer is not asked for at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeptBack {
    /// The sample has a task that is open or in review, so its label is in doubt, and people may be asked about it anyway.
    InQueue,
    /// The sample has another content than the one that was marked.
    ContentChanged,
    /// The schema does not take these answers any more.
    NotOffered,
}

/// A sample whose answers are known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownAnswer {
    /// The sample's id.
    pub sample: SampleKey,
    /// The answers that are right.
    pub answers: Answers,
    /// Why it is not asked for at present; null where it is.
    pub kept_back: Option<KeptBack>,
    /// How many people have answered it.
    pub answered: i64,
    /// How many of them answered every known question right.
    pub right: i64,
    /// Who marked it; null for the command line.
    pub marked_by: Option<String>,
    /// When.
    pub marked_at: Timestamp,
}

/// How many of some answers are right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accuracy {
    /// Those that are right.
    pub right: i64,
    /// All of them.
    pub of: i64,
    /// The share; null where there are none.
    pub value: Option<f64>,
    /// Its 95% interval by Wilson.
    pub ci95: Option<[f64; 2]>,
}

/// One person's results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownResults {
    /// Their e-mail address, or the name from an import.
    pub annotator: String,
    /// Of their last results, at most 30, those since a manager last closed a notice about them.
    pub accuracy: Accuracy,
    /// Question by question.
    pub questions: BTreeMap<String, Accuracy>,
    /// The notice about them that is open, where there is one.
    pub notice: Option<NoticeId>,
    /// Since when they are paused, where they are.
    pub paused_at: Option<Timestamp>,
}
