//! Splits: which samples train a model, which tune it, and which judge it.
//!
//! A sample's split is a hash of its id, or of a metadata value that several samples share, so that what belongs together
//! stays together. It needs no state, and no label, prediction or later sample changes it.

use crate::{
    canonical,
    name::is_text,
    problem::{Code, Fault},
    rank::rank,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a sample is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// To fit a model.
    Train,
    /// To choose between models.
    Validation,
    /// To judge the chosen one.
    Test,
}

impl Split {
    /// Every split.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// The split as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }

    /// The split of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|split| split.as_str() == text)
    }
}

/// Which samples train a model and which judge it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SplitSettings {
    /// The share of samples for validation; in [0, 1].
    pub validation: f64,
    /// The share of samples for the test; in [0, 1]. The rest is for training.
    pub test: f64,
    /// The metadata key whose samples stay together, such as a conversation's; null: every sample by itself.
    pub by: Option<String>,
    /// How many different reviewers a label of the test split needs; 1 to 5.
    pub test_reviewers: u16,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self { validation: 0.1, test: 0.1, by: None, test_reviewers: 1 }
    }
}

impl SplitSettings {
    /// The split of a sample with this id and metadata. A sample without the key of `by` goes by its id.
    ///
    /// Of the rank of the sample in [0, 1), the test split has the lowest part and validation the next one.
    pub fn of(&self, salt: &str, sample: &str, metadata: &Map<String, Value>) -> Split {
        let together = self.by.as_deref().and_then(|key| metadata.get(key));
        let text = match together {
            Some(value) => format!("split\nmetadata\n{}", canonical::text(value)),
            None => format!("split\nid\n{sample}"),
        };
        let rank = rank(salt, &text);
        if rank < self.test {
            Split::Test
        } else if rank < self.test + self.validation {
            Split::Validation
        } else {
            Split::Train
        }
    }

    /// Whether both put every sample into the same split.
    pub fn splits_as(&self, other: &Self) -> bool {
        (self.validation, self.test, &self.by) == (other.validation, other.test, &other.by)
    }

    /// How many different reviewers a label of this split needs.
    pub fn reviewers(&self, split: Split) -> u16 {
        if split == Split::Test { self.test_reviewers } else { 1 }
    }

    /// Everything that is out of its range.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (at, share) in [("/validation", self.validation), ("/test", self.test)] {
            if !(0.0..=1.0).contains(&share) {
                faults.push(Fault::at(at, Code::OutOfRange, "must be between 0 and 1"));
            }
        }
        if faults.is_empty() && self.validation + self.test > 1.0 {
            let detail = "validation and test together are more than 1";
            faults.push(Fault::at("/test", Code::OutOfRange, detail));
        }
        if self.by.as_deref().is_some_and(|key| !is_text(key, 200)) {
            let detail = "must be 1 to 200 characters without control characters";
            faults.push(Fault::at("/by", Code::InvalidName, detail));
        }
        if !(1..=5).contains(&self.test_reviewers) {
            faults.push(Fault::at("/test_reviewers", Code::OutOfRange, "must be between 1 and 5"));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::{Split, SplitSettings};
    use rstest::rstest;
    use serde_json::{Map, json};

    fn split_of(settings: &SplitSettings, id: &str) -> Split {
        settings.of("salt", id, &Map::new())
    }

    #[test]
    fn each_split_has_its_share_of_the_samples() {
        let settings = SplitSettings { validation: 0.2, test: 0.1, ..SplitSettings::default() };
        let count = |split| (0..20_000).filter(|n| split_of(&settings, &format!("s{n}")) == split).count();
        assert!((1850..2150).contains(&count(Split::Test)));
        assert!((3800..4200).contains(&count(Split::Validation)));
    }

    #[test]
    fn samples_of_one_conversation_stay_together_and_one_without_goes_by_its_id() {
        let settings = SplitSettings { by: Some("talk".to_owned()), test: 0.5, ..SplitSettings::default() };
        let talk = |value: serde_json::Value| Map::from_iter([("talk".to_owned(), value)]);
        for talk in [talk(json!("a")), talk(json!(7)), talk(json!(null))] {
            let splits = (0..50).map(|n| settings.of("salt", &format!("s{n}"), &talk));
            assert_eq!(splits.collect::<std::collections::HashSet<_>>().len(), 1);
        }
        let alone = (0..50).map(|n| split_of(&settings, &format!("s{n}")));
        assert!(alone.collect::<std::collections::HashSet<_>>().len() > 1);
    }

    #[test]
    fn shares_of_nothing_and_everything_are_exact() {
        let none = SplitSettings { validation: 0.0, test: 0.0, ..SplitSettings::default() };
        let all = SplitSettings { validation: 0.0, test: 1.0, ..SplitSettings::default() };
        for n in 0..200 {
            assert_eq!(split_of(&none, &format!("s{n}")), Split::Train);
            assert_eq!(split_of(&all, &format!("s{n}")), Split::Test);
        }
    }

    #[rstest]
    #[case(json!({"test": 1.2}), "/test")]
    #[case(json!({"validation": -0.1}), "/validation")]
    #[case(json!({"validation": 0.6, "test": 0.6}), "/test")]
    #[case(json!({"by": ""}), "/by")]
    #[case(json!({"test_reviewers": 0}), "/test_reviewers")]
    #[case(json!({"test_reviewers": 6}), "/test_reviewers")]
    fn what_is_out_of_range_is_named(
        #[case] settings: serde_json::Value,
        #[case] pointer: &str,
    ) -> Result<(), serde_json::Error> {
        let settings: SplitSettings = serde_json::from_value(settings)?;
        let pointers: Vec<_> = settings.faults().into_iter().filter_map(|fault| fault.pointer).collect();
        assert_eq!(pointers, [pointer]);
        Ok(())
    }
}
