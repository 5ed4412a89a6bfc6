//! A project's settings: which samples are queued, how they are reviewed, what annotators may see.
//!
//! Every key has a default and unknown keys are refused.

use crate::{
    id::TaskId,
    name::is_text,
    overlap::Overlap,
    problem::{Code, Fault},
    rank::rank,
    score::{LabelScore, PredictionScore},
    split::SplitSettings,
};
use serde::{Deserialize, Serialize};

/// A project's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Which samples are queued, and for how many answers.
    pub queue: QueueSettings,
    /// What a reviewer must see.
    pub review: ReviewSettings,
    /// How several answers become one label.
    pub consensus: ConsensusSettings,
    /// When annotators see the prediction, the stored label and the reason.
    pub reveal: Reveal,
    /// The metadata keys that annotators see.
    pub show_metadata: Vec<String>,
    /// The time zone of days on pages, an IANA name.
    pub time_zone: String,
    /// Which samples train a model and which judge it.
    pub split: SplitSettings,
    /// What the data card of each version says beside its figures.
    pub card: CardSettings,
    /// Tasks whose answers are known, and what follows from the results.
    pub quality: QualitySettings,
}

/// Tasks whose answers are known, and what follows from the results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct QualitySettings {
    /// The share of claimed places that known-answer tasks get, in [0, 1]. 0: none.
    pub known_answer_rate: f64,
    /// Who is surely right less often than this, in [0, 1], gets a notice, as do the managers. Null: nobody.
    pub level: Option<f64>,
    /// Whether a notice also pauses whom it is about.
    pub pause: bool,
}

/// What the data card of each version says beside its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CardSettings {
    /// The licence of the data: an identifier of SPDX or another name, at most 200 characters. Null: not stated.
    pub licence: Option<String>,
    /// Limits that the figures do not show, as plain text, at most 5000 characters.
    pub limits: Option<String>,
}

const LONGEST_LICENCE: usize = 200;
const LONGEST_LIMITS: usize = 5_000;

impl CardSettings {
    /// Everything that is wrong with them; pointers begin at the group.
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.licence.as_deref().is_some_and(|licence| !is_text(licence, LONGEST_LICENCE)) {
            let detail = format!("must be 1 to {LONGEST_LICENCE} characters without control characters");
            faults.push(Fault::at("/licence", Code::InvalidName, detail));
        }
        if let Some(limits) = &self.limits {
            if limits.chars().count() > LONGEST_LIMITS {
                let detail = format!("at most {LONGEST_LIMITS} characters");
                faults.push(Fault::at("/limits", Code::TooLong, detail));
            }
            if limits.contains('\0') {
                faults.push(Fault::at("/limits", Code::InvalidText, "U+0000 is not allowed in text"));
            }
        }
        faults
    }
}

/// Which samples are queued, and for how many answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct QueueSettings {
    /// What is looked for.
    pub target: Target,
    /// How the uncertainty of a prediction is measured.
    pub prediction_score: PredictionScore,
    /// How the suspicion against a stored label is measured.
    pub label_score: LabelScore,
    /// A signal at or above it makes a task; in [0, 1].
    pub threshold: f64,
    /// With the target `both`: the share of claims that suspected labels get, in [0, 1], beside reports, challenges and the
    /// audit slice. Null: the greater score comes first, whatever it is about.
    pub label_share: Option<f64>,
    /// The share of all samples in the audit slice; in [0, 1].
    pub audit_rate: f64,
    /// Independent answers per task (k).
    pub overlap: Overlap,
    /// How long a lease lasts; 5 to 86400 seconds.
    pub lease_seconds: u32,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Wrong predictions.
    Prediction,
    /// Wrong stored labels.
    Label,
    /// Both.
    Both,
}

/// What a reviewer must see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ReviewSettings {
    /// Which tasks need a reviewer.
    pub require: Require,
    /// With `conflicts`: the share of unanimous tasks that a reviewer sees all the same; in [0, 1].
    pub sample_rate: f64,
    /// Whether deciding a task one has annotated is forbidden.
    pub four_eyes: bool,
}

/// Which tasks need a reviewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Require {
    /// Every task.
    All,
    /// Those that are not unanimous, and a random share of the others.
    Conflicts,
}

/// How several answers become one label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ConsensusSettings {
    /// By what the answers are weighed.
    pub method: ConsensusMethod,
    /// Whether the newest prediction counts as one more voter.
    pub prediction_votes: bool,
}

/// By what answers are weighed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConsensusMethod {
    /// Every answer counts the same.
    Majority,
    /// Each annotator has a confusion matrix of their own, estimated from all answers.
    DawidSkene,
    /// The same, held to what all annotators have in common where one's answers are few.
    #[default]
    Robust,
}

impl ConsensusMethod {
    /// Every method.
    pub const ALL: [Self; 3] = [Self::Majority, Self::DawidSkene, Self::Robust];

    /// The method as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Majority => "majority",
            Self::DawidSkene => "dawid_skene",
            Self::Robust => "robust",
        }
    }
}

/// When annotators see the prediction, the stored label and the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reveal {
    /// Never.
    Blind,
    /// After they have answered.
    AfterAnswer,
    /// With the sample.
    Always,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            queue: QueueSettings::default(),
            review: ReviewSettings::default(),
            consensus: ConsensusSettings::default(),
            reveal: Reveal::Blind,
            show_metadata: Vec::new(),
            time_zone: "UTC".to_owned(),
            split: SplitSettings::default(),
            card: CardSettings::default(),
            quality: QualitySettings::default(),
        }
    }
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self {
            target: Target::Prediction,
            prediction_score: PredictionScore::Margin,
            label_score: LabelScore::SelfConfidence,
            threshold: 0.5,
            label_share: None,
            audit_rate: 0.05,
            overlap: Overlap::Fixed(2),
            lease_seconds: 900,
        }
    }
}

impl Default for ReviewSettings {
    fn default() -> Self {
        Self { require: Require::All, sample_rate: 0.1, four_eyes: false }
    }
}

impl ReviewSettings {
    /// Whether the policy lets a task through where all answers are the same; a random but steady share of them goes to review.
    pub fn lets_through(&self, salt: &str, task: TaskId) -> bool {
        self.require == Require::Conflicts && rank(salt, &format!("review\n{task}")) >= self.sample_rate
    }
}

impl Target {
    /// Whether uncertain predictions make tasks.
    pub fn wants_predictions(self) -> bool {
        matches!(self, Self::Prediction | Self::Both)
    }

    /// Whether suspicious stored labels make tasks.
    pub fn wants_labels(self) -> bool {
        matches!(self, Self::Label | Self::Both)
    }
}

impl Settings {
    /// Everything that is out of its range; pointers begin at the settings.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (at, value) in [
            ("/queue/threshold", self.queue.threshold),
            ("/queue/label_share", self.queue.label_share.unwrap_or_default()),
            ("/queue/audit_rate", self.queue.audit_rate),
            ("/review/sample_rate", self.review.sample_rate),
            ("/quality/known_answer_rate", self.quality.known_answer_rate),
            ("/quality/level", self.quality.level.unwrap_or_default()),
        ] {
            if !(0.0..=1.0).contains(&value) {
                faults.push(Fault::at(at, Code::OutOfRange, "must be between 0 and 1"));
            }
        }
        faults.extend(self.queue.overlap.faults().into_iter().map(|fault| fault.below("/queue/overlap")));
        if !(5..=86_400).contains(&self.queue.lease_seconds) {
            faults.push(Fault::at(
                "/queue/lease_seconds",
                Code::OutOfRange,
                "must be between 5 and 86400 seconds",
            ));
        }
        for (index, key) in self.show_metadata.iter().enumerate() {
            if !is_text(key, 200) {
                faults.push(Fault::at(
                    format!("/show_metadata/{index}"),
                    Code::InvalidName,
                    "must be 1 to 200 characters without control characters",
                ));
            }
        }
        let zone = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
        if !is_text(&self.time_zone, 64) || !self.time_zone.chars().all(zone) {
            faults.push(Fault::at(
                "/time_zone",
                Code::InvalidName,
                "must be an IANA time zone, such as Asia/Seoul",
            ));
        }
        faults.extend(self.split.faults().into_iter().map(|fault| fault.below("/split")));
        faults.extend(self.card.faults().into_iter().map(|fault| fault.below("/card")));
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::{Settings, Target};

    #[test]
    fn everything_has_a_default_and_unknown_keys_are_refused() -> Result<(), serde_json::Error> {
        let settings: Settings = serde_json::from_str(r#"{"queue": {"target": "both"}}"#)?;
        assert_eq!(settings.queue.target, Target::Both);
        assert_eq!(settings.queue.lease_seconds, 900);
        assert!(settings.faults().is_empty());
        assert!(serde_json::from_str::<Settings>(r#"{"queue": {"treshold": 0.4}}"#).is_err());
        assert!(serde_json::from_str::<Settings>(r#"{"quality": {"rate": 0.1}}"#).is_err());
        Ok(())
    }

    #[test]
    fn shares_of_known_answers_are_between_0_and_1() -> Result<(), serde_json::Error> {
        for (quality, at) in [
            (r#"{"known_answer_rate": 1.5}"#, "/quality/known_answer_rate"),
            (r#"{"level": -0.1}"#, "/quality/level"),
        ] {
            let settings: Settings = serde_json::from_str(&format!(r#"{{"quality": {quality}}}"#))?;
            let at = Some(at.to_owned());
            assert_eq!(settings.faults().into_iter().map(|fault| fault.pointer).collect::<Vec<_>>(), [at]);
        }
        Ok(())
    }
}
