//! How much is measured.

use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Size {
    /// A minute or two: shows that nothing broke, not that the goals are met
    Quick,
    /// A million samples, as the goals say
    Full,
}

impl Size {
    fn choose<T>(self, quick: T, full: T) -> T {
        match self {
            Self::Quick => quick,
            Self::Full => full,
        }
    }

    /// Samples of the import that is held against bare inserts.
    pub fn small_import(self) -> usize {
        self.choose(5_000, 100_000)
    }

    /// Samples of the big project.
    pub fn samples(self) -> usize {
        self.choose(20_000, 1_000_000)
    }

    /// Labels of the store that a large one is compared with.
    pub fn few_labels(self) -> usize {
        self.choose(5_000, 100_000)
    }

    /// Labels that a cut changes.
    pub fn changes(self) -> usize {
        self.choose(1_000, 10_000)
    }

    /// Samples of the small project that claims are compared with.
    pub fn few_samples(self) -> usize {
        self.choose(1_000, 10_000)
    }

    /// How many tasks at the top of a queue somebody has answered.
    pub fn answered(self) -> usize {
        self.choose(10_000, 50_000)
    }

    /// How long each loop runs.
    pub fn loop_time(self) -> Duration {
        Duration::from_secs(self.choose(5, 30))
    }

    /// How many requests of one kind are timed one after the other.
    pub fn repetitions(self) -> usize {
        self.choose(60, 300)
    }

    /// Items of three answers each whose agreement is computed.
    pub fn items(self) -> usize {
        self.choose(10_000, 333_333)
    }

    pub fn annotators(self) -> usize {
        100
    }
}
