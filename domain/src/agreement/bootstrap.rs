//! 95% confidence intervals by resampling items with replacement.
//!
//! **Definition.** From n items n are drawn with replacement, with all their answers, and the statistic is computed
//! on them; over many such draws the interval goes from the 2.5th to the 97.5th percentile. Which labels are
//! possible is not drawn anew.
//!
//! A mean of kappas of many pairs who share few items each is drawn too low, always in the same direction, and by
//! more than it varies: a pair's items repeat in a draw, as if it shared fewer still. For it the percentiles are
//! moved by what the mean of all draws is off the estimate, and tell how it varies alone.
//!
//! **Assumes** that items stand for an unlimited population and annotators are taken as they are. For few items it
//! is too narrow.
//!
//! **Undefined** for fewer than two items, where all draws say the same, and where the statistic is undefined in
//! more than one draw of twenty.
//!
//! **Source.** Efron and Tibshirani (1986), *Bootstrap methods for standard errors, confidence intervals, and other
//! measures of statistical accuracy*, Statistical Science 1(1), <https://doi.org/10.1214/ss/1177013815>.

use serde::{Deserialize, Serialize};

use super::interval::Range;
use super::random::Random;

/// How items are resampled. The same answers, however ordered, and the same seed give the same interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementBootstrap))]
pub struct Bootstrap {
    /// How often.
    pub replicates: u32,
    /// Where the random numbers begin.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { replicates: 1_000, seed: 1 }
    }
}

/// Items being drawn.
#[derive(Debug)]
pub(super) struct Draws {
    random: Random,
    /// By item, what it counts for.
    row_of: Vec<u32>,
    drawn: Vec<u32>,
}

impl Draws {
    /// Draws from rows that stand for so many items each.
    pub(super) fn of(seed: u64, items: &[u32]) -> Self {
        let row_of = (0..).zip(items).flat_map(|(row, times)| std::iter::repeat_n(row, *times as usize));
        Self { random: Random::new(seed), row_of: row_of.collect(), drawn: vec![0; items.len()] }
    }

    /// How often each row was drawn, this time.
    pub(super) fn next(&mut self) -> &[u32] {
        self.drawn.fill(0);
        let items = self.row_of.len() as u32;
        for _ in 0..items {
            self.drawn[self.row_of[self.random.below(items) as usize] as usize] += 1;
        }
        &self.drawn
    }
}

/// What a statistic was in each draw.
#[derive(Debug, Default)]
pub(super) struct Replicates {
    values: Vec<f64>,
    undefined: usize,
}

impl Replicates {
    pub(super) fn push(&mut self, value: Option<f64>) {
        match value {
            Some(value) => self.values.push(value),
            None => self.undefined += 1,
        }
    }

    /// The percentiles, moved so that the mean of the draws falls on `value`.
    pub(super) fn ci95_about(self, value: f64, range: Range) -> Option<[f64; 2]> {
        let off = value - self.values.iter().sum::<f64>() / self.values.len() as f64;
        self.ci95().map(|ends| ends.map(|end| range.clamp(end + off)))
    }

    /// The percentiles.
    pub(super) fn ci95(mut self) -> Option<[f64; 2]> {
        if self.undefined * 20 > self.values.len() + self.undefined {
            return None;
        }
        self.values.sort_unstable_by(f64::total_cmp);
        let ends = [self.percentile(0.025)?, self.percentile(0.975)?];
        (ends[0] < ends[1]).then_some(ends)
    }

    /// Between the two values next to it in proportion.
    fn percentile(&self, share: f64) -> Option<f64> {
        let place = share * self.values.len().checked_sub(1)? as f64;
        let (below, part) = (place.floor(), place.fract());
        let low = *self.values.get(below as usize)?;
        let high = self.values.get(below as usize + 1).copied().unwrap_or(low);
        Some(low + part * (high - low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_draw_has_as_many_items_as_there_are() {
        let mut draws = Draws::of(3, &[2, 1, 4]);
        let mut sums = [0; 3];
        for _ in 0..1_000 {
            let drawn = draws.next();
            assert_eq!(drawn.iter().sum::<u32>(), 7);
            sums.iter_mut().zip(drawn).for_each(|(sum, each)| *sum += each);
        }
        for (sum, expected) in sums.into_iter().zip([2_000_u32, 1_000, 4_000]) {
            assert!(sum.abs_diff(expected) < 150, "{sums:?}");
        }
    }

    #[test]
    fn the_interval_leaves_out_the_ends() {
        let ci95 = |values: &[Option<f64>]| {
            let mut replicates = Replicates::default();
            values.iter().for_each(|value| replicates.push(*value));
            replicates.ci95()
        };
        let values: Vec<Option<f64>> = (0..=1_000).rev().map(|value| Some(f64::from(value))).collect();
        assert_eq!(ci95(&values), Some([25.0, 975.0]));
        assert_eq!(ci95(&[]), None);
        assert_eq!(ci95(&[Some(0.5); 9]), None);
        assert_eq!(ci95(&[Some(0.5), Some(0.6), None]), None);
    }
}
