//! How far apart two labels are, and sums of it that take one pass where the form of the distance allows it.
//!
//! A distance is finite, symmetric, 0 from a label to itself and positive to others. Labels are categories in
//! ascending order of their positions. What a distance is used for stands with the statistics.

use super::ratings::LabelCount;

/// The distance between categories.
pub(super) trait Distance {
    fn between(&self, a: u32, b: u32) -> f64;

    /// The sum over all ordered pairs of answers with these labels.
    fn within(&self, counts: &[LabelCount]) -> f64 {
        let later = |place: usize| counts[place + 1..].iter();
        let pairs = counts.iter().enumerate().flat_map(|(place, a)| later(place).map(move |b| (a, b)));
        2.0 * pairs
            .map(|(a, b)| a.count as f64 * b.count as f64 * self.between(a.label, b.label))
            .sum::<f64>()
    }

    /// For each category the sum of its distances to all answers, of which there are so many by category.
    fn to_all(&self, totals: &[f64]) -> Vec<f64> {
        let used: Vec<(u32, f64)> = (0..)
            .zip(totals)
            .filter(|(_, total)| **total > 0.0)
            .map(|(other, total)| (other, *total))
            .collect();
        let mut sums = vec![0.0; totals.len()];
        for &(label, _) in &used {
            sums[label as usize] =
                used.iter().map(|(other, total)| total * self.between(label, *other)).sum();
        }
        sums
    }
}

/// 0 between equal labels and 1 between others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nominal;

impl Distance for Nominal {
    fn between(&self, a: u32, b: u32) -> f64 {
        if a == b { 0.0 } else { 1.0 }
    }

    fn within(&self, counts: &[LabelCount]) -> f64 {
        let size = size(counts);
        size * size - counts.iter().map(|each| (each.count as f64).powi(2)).sum::<f64>()
    }

    fn to_all(&self, totals: &[f64]) -> Vec<f64> {
        let all: f64 = totals.iter().sum();
        totals.iter().map(|total| all - total).collect()
    }
}

/// The difference of the positions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Linear<'a>(pub(super) &'a [f64]);

impl Distance for Linear<'_> {
    fn between(&self, a: u32, b: u32) -> f64 {
        (self.0[a as usize] - self.0[b as usize]).abs()
    }

    /// Each gap between neighbours is crossed by the pairs that lie on both sides of it.
    fn within(&self, counts: &[LabelCount]) -> f64 {
        let (size, mut below, mut sum) = (size(counts), 0.0, 0.0);
        for pair in counts.windows(2) {
            below += pair[0].count as f64;
            sum += self.between(pair[0].label, pair[1].label) * below * (size - below);
        }
        2.0 * sum
    }
}

/// The squared difference of the positions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Squared<'a>(pub(super) &'a [f64]);

impl Distance for Squared<'_> {
    fn between(&self, a: u32, b: u32) -> f64 {
        (self.0[a as usize] - self.0[b as usize]).powi(2)
    }

    /// Twice the size times the squares about the mean.
    fn within(&self, counts: &[LabelCount]) -> f64 {
        let size = size(counts);
        let mean =
            counts.iter().map(|each| each.count as f64 * self.0[each.label as usize]).sum::<f64>() / size;
        let squares = |each: &LabelCount| each.count as f64 * (self.0[each.label as usize] - mean).powi(2);
        // One label is its own mean, but for rounding.
        if counts.len() < 2 { 0.0 } else { 2.0 * size * counts.iter().map(squares).sum::<f64>() }
    }

    fn to_all(&self, totals: &[f64]) -> Vec<f64> {
        let all: f64 = totals.iter().sum();
        let mean = totals.iter().zip(self.0).map(|(total, at)| total * at).sum::<f64>() / all;
        let squares: f64 = totals.iter().zip(self.0).map(|(total, at)| total * (at - mean).powi(2)).sum();
        self.0.iter().map(|at| all * (at - mean).powi(2) + squares).collect()
    }
}

/// The pairs of categories in the stretch from one to the other: d(d + 1) / 2 for categories d steps apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps;

impl Distance for Steps {
    fn between(&self, a: u32, b: u32) -> f64 {
        let steps = f64::from(a.abs_diff(b));
        steps * (steps + 1.0) / 2.0
    }

    /// Twice the distance is the square of the steps plus the steps, and their sums over all earlier labels follow
    /// from how many answers these have, the sum of their ranks and that of the squares.
    fn within(&self, counts: &[LabelCount]) -> f64 {
        let first = counts.first().map_or(0, |each| each.label);
        let (mut below, mut ranks, mut squares, mut sum) = (0.0, 0.0, 0.0, 0.0);
        for each in counts {
            let (count, rank) = (each.count as f64, f64::from(each.label - first));
            let squared = below * rank * rank - 2.0 * rank * ranks + squares;
            sum += count * (squared + below * rank - ranks);
            below += count;
            ranks += count * rank;
            squares += count * rank * rank;
        }
        sum
    }
}

/// The squared quotient of difference and sum, for numbers from zero upwards.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ratio<'a>(pub(super) &'a [f64]);

impl Distance for Ratio<'_> {
    fn between(&self, a: u32, b: u32) -> f64 {
        let (a, b) = (self.0[a as usize], self.0[b as usize]);
        if a == b { 0.0 } else { ((a - b) / (a + b)).powi(2) }
    }
}

/// Any distance.
#[derive(Debug, Clone, Copy)]
pub(super) struct By<F>(pub(super) F);

impl<F: Fn(u32, u32) -> f64> Distance for By<F> {
    fn between(&self, a: u32, b: u32) -> f64 {
        (self.0)(a, b)
    }
}

fn size(counts: &[LabelCount]) -> f64 {
    counts.iter().map(|each| each.count as f64).sum()
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_map;
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    proptest! {
        #[test]
        fn sums_in_one_pass_are_the_sums_of_all_pairs(counts in btree_map(0..9_u32, 1..20_u64, 1..9)) {
            let positions = [-3.5, -1.0, 0.0, 0.25, 2.0, 5.0, 5.5, 9.0, 40.0];
            let counts: Vec<LabelCount> =
                counts.into_iter().map(|(label, count)| LabelCount { label, count }).collect();
            let mut totals = [0.0; 9];
            for each in &counts {
                totals[each.label as usize] = each.count as f64;
            }
            let distances: [&dyn Distance; 4] = [&Nominal, &Linear(&positions), &Squared(&positions), &Steps];
            for distance in distances {
                let all = By(|a, b| distance.between(a, b));
                let (found, expected) = (distance.within(&counts), all.within(&counts));
                prop_assert!((found - expected).abs() <= 1e-9 * (1.0 + expected), "{found} {expected}");
                for (label, (found, expected)) in distance.to_all(&totals).iter().zip(all.to_all(&totals)).enumerate() {
                    let same = (found - expected).abs() <= 1e-9 * (1.0 + expected);
                    prop_assert!(same || totals[label] == 0.0, "{found} {expected}");
                }
            }
        }
    }
}
