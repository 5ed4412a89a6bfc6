//! Why something about a person's answers has no value.

use serde::{Deserialize, Serialize};

/// The reason. The codes are stable: the API shows them and the pages translate them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorUndefined))]
pub enum Undefined {
    /// No task is decided that the person answered.
    NothingDecided,
    /// Nobody else answered the same tasks, or the others said nothing that most of them agree on.
    NobodyElse,
    /// All people only ever gave one label.
    NoVariation,
    /// The majority counts everybody alike, so it learns nothing of anybody.
    MethodWeighsNobody,
    /// More labels than can be learned from.
    TooManyLabels,
    /// So few that a share could tell about a single task.
    TooFew,
    /// Of no answer it is known how long it took.
    NoTimes,
    /// Nothing was decided of earlier weeks.
    NothingEarlier,
}

impl Undefined {
    /// Every reason, so that translations and documents can be held against the list.
    pub const ALL: [Self; 8] = [
        Self::NothingDecided,
        Self::NobodyElse,
        Self::NoVariation,
        Self::MethodWeighsNobody,
        Self::TooManyLabels,
        Self::TooFew,
        Self::NoTimes,
        Self::NothingEarlier,
    ];

    /// The stable code, the same as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::NothingDecided => "nothing_decided",
            Self::NobodyElse => "nobody_else",
            Self::NoVariation => "no_variation",
            Self::MethodWeighsNobody => "method_weighs_nobody",
            Self::TooManyLabels => "too_many_labels",
            Self::TooFew => "too_few",
            Self::NoTimes => "no_times",
            Self::NothingEarlier => "nothing_earlier",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Undefined;

    #[test]
    fn a_reason_prints_as_its_code() -> Result<(), serde_json::Error> {
        for reason in Undefined::ALL {
            assert_eq!(serde_json::to_value(reason)?, reason.code());
        }
        Ok(())
    }
}
