//! What labels mean beyond being equal or not: their order, or the numbers that they are.
//!
//! At nominal level labels are only equal or different. At the other levels labels that are the same number, like
//! `1` and `1.0`, are one label, and every label has a position. Nothing here knows of a statistic.

use serde::{Deserialize, Serialize};

use super::ratings::Ratings;
use super::statistic::Undefined;

/// The level of measurement of the labels (Stevens 1946, <https://doi.org/10.1126/science.103.2684.677>).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementLevel))]
pub enum Level {
    /// Labels are equal or not.
    #[default]
    Nominal,
    /// Labels have an order: by number where all are numbers, else that of [`Ratings::labels`], which
    /// [`Ratings::from_indexes`] keeps as it was given.
    Ordinal,
    /// Labels are numbers whose differences mean something.
    Interval,
    /// Labels are numbers from zero upwards, whose quotients mean something.
    Ratio,
}

impl Level {
    /// Every level, the least first.
    pub const ALL: [Self; 4] = [Self::Nominal, Self::Ordinal, Self::Interval, Self::Ratio];

    /// The level as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nominal => "nominal",
            Self::Ordinal => "ordinal",
            Self::Interval => "interval",
            Self::Ratio => "ratio",
        }
    }

    /// The level of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

/// The labels of some ratings as categories in ascending order.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    pub(super) level: Level,
    /// By label, its category.
    categories: Vec<u32>,
    count: u32,
    /// By category, ascending; or why there are none.
    positions: Result<Vec<f64>, Undefined>,
}

impl Scale {
    pub(super) fn of(ratings: &Ratings, level: Level) -> Self {
        let without = |reason| {
            let categories: Vec<u32> = (0..).zip(ratings.labels()).map(|(label, _)| label).collect();
            Self { level, count: categories.len() as u32, categories, positions: Err(reason) }
        };
        let numbers: Option<Vec<f64>> = ratings.labels().iter().map(|label| number(label)).collect();
        match (level, numbers) {
            (Level::Nominal, _) => without(Undefined::UnorderedLabels),
            (Level::Interval | Level::Ratio, None) => without(Undefined::NonNumericLabels),
            (Level::Ratio, Some(numbers)) if numbers.iter().any(|number| *number < 0.0) => {
                without(Undefined::NegativeLabels)
            }
            (Level::Ordinal, None) => {
                let scale = without(Undefined::UnorderedLabels);
                let ranks = scale.categories.iter().map(|category| f64::from(*category)).collect();
                Self { positions: Ok(ranks), ..scale }
            }
            (_, Some(numbers)) => Self::by_number(level, &numbers),
        }
    }

    fn by_number(level: Level, numbers: &[f64]) -> Self {
        let mut distinct = numbers.to_vec();
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup();
        let categories =
            numbers.iter().map(|number| distinct.partition_point(|other| other < number) as u32).collect();
        let count = distinct.len() as u32;
        if level == Level::Ordinal {
            distinct = (0..count).map(f64::from).collect();
        }
        Self { level, categories, count, positions: Ok(moderate(distinct)) }
    }

    pub(super) fn category(&self, label: u32) -> u32 {
        self.categories[label as usize]
    }

    /// The number of categories.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// Where the categories stand: ranks at ordinal level, numbers above it.
    pub(super) fn positions(&self) -> Result<&[f64], Undefined> {
        self.positions.as_deref().map_err(|reason| *reason)
    }
}

/// Zero has one sign here, so that equal numbers have equal bits.
fn number(label: &str) -> Option<f64> {
    label.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number + 0.0)
}

/// Squares of these and their sums neither overflow nor vanish.
const MODERATE: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// The same numbers times a power of two, which no statistic here sees.
fn moderate(numbers: Vec<f64>) -> Vec<f64> {
    let largest = numbers.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
    if largest == 0.0 || MODERATE.contains(&largest) {
        return numbers;
    }
    let factor = 2.0_f64.powi(if largest > 1.0 { -800 } else { 800 });
    numbers.into_iter().map(|number| number * factor).collect()
}

#[cfg(test)]
mod tests {
    use super::super::ratings::RatingsError;
    use super::*;

    fn scale(labels: &[&str], level: Level) -> Result<Scale, RatingsError> {
        let answers = (0_u32..).zip(labels).map(|(item, label)| (item, "a", *label));
        Ok(Scale::of(&Ratings::from_answers(answers)?, level))
    }

    #[test]
    fn numbers_stand_in_their_order_and_equal_ones_are_one_label() -> Result<(), RatingsError> {
        let scale = scale(&["10", "2", "2.0", "-0", "0"], Level::Interval)?;
        // By their bytes the labels are -0, 0, 10, 2, 2.0.
        assert_eq!([0, 1, 2, 3, 4].map(|label| scale.category(label)), [0, 0, 2, 1, 1]);
        assert_eq!((scale.count(), scale.positions()), (3, Ok([0.0, 2.0, 10.0].as_slice())));
        Ok(())
    }

    #[test]
    fn words_have_an_order_but_no_numbers() -> Result<(), RatingsError> {
        let words = ["low", "mid", "high"];
        assert_eq!(scale(&words, Level::Ordinal)?.positions(), Ok([0.0, 1.0, 2.0].as_slice()));
        for level in [Level::Interval, Level::Ratio] {
            assert_eq!(scale(&words, level)?.positions(), Err(Undefined::NonNumericLabels));
            assert_eq!(scale(&["1", "NaN"], level)?.positions(), Err(Undefined::NonNumericLabels));
            assert_eq!(scale(&["1", "1e999"], level)?.positions(), Err(Undefined::NonNumericLabels));
        }
        assert_eq!(scale(&words, Level::Nominal)?.positions(), Err(Undefined::UnorderedLabels));
        Ok(())
    }

    #[test]
    fn quotients_need_numbers_from_zero_upwards() -> Result<(), RatingsError> {
        assert_eq!(scale(&["-1", "1"], Level::Ratio)?.positions(), Err(Undefined::NegativeLabels));
        assert!(scale(&["-1", "1"], Level::Interval)?.positions().is_ok());
        Ok(())
    }

    #[test]
    fn extreme_numbers_become_moderate() -> Result<(), RatingsError> {
        for labels in [["1e308", "-1.5e308"], ["3e-310", "1e-308"]] {
            let scale = scale(&labels, Level::Interval)?;
            let positions = scale.positions().unwrap_or_default();
            assert!(positions.iter().all(|position| (position * position * 1e12).is_normal()));
            assert!(positions[0] < positions[1]);
        }
        Ok(())
    }
}
