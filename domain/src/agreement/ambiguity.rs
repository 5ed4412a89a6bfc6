//! Which pairs of labels cause more disagreement than chance: what a guideline fails to tell apart.
//!
//! **Definition.** Over the items with two or more answers, *observed* is the cell of the two labels in Krippendorff's
//! coincidence matrix: an item of m answers, cₐ of them the one label and c_b the other, adds cₐ·c_b / (m − 1), so that
//! it weighs m/2 pairs of answers in all and an item of two answers one. D is the sum over all pairs of labels.
//! *Expected* is D·nₐ·n_b / S, where nₐ is how often a label was given to these items and S the sum of n_c·n_d over all
//! pairs of labels: the same disagreement, spread over the pairs by nothing but how common their labels are. It is what
//! the coincidence matrix expects, nₐ·n_b / (n − 1), times 1 − α. *Excess* is observed − expected.
//!
//! Not the expectation itself is taken away, which is that of people who answer at random: people who mostly agree stay
//! below it for every pair of common labels, and pairs that nobody ever mixed up would come before those that they do.
//!
//! **Range.** Observed is above 0, as pairs that never met are left out; the excess lies between −D and D, and over all
//! pairs of labels, also those left out, it adds up to 0. More is more ambiguous.
//!
//! **Assumes** items drawn independently and annotators that could be exchanged for one another, as α does. Any number
//! of annotators and missing answers; items with one answer drop out.
//!
//! **Undefined** for nothing that is listed; nothing is listed where nobody disagrees. Of two labels in all there is one
//! pair, to which chance gives all disagreement: its excess is 0. The interval is by linearisation of the excess as a
//! function of sums over items, with Student's t; for pairs of few items it is rough, and there is none with fewer than
//! two items and where the excess cannot vary.
//!
//! **Source.** Hayes and Krippendorff (2007), *Answering the call for a standard reliability measure for coding data*,
//! Communication Methods and Measures 1(1), <https://doi.org/10.1080/19312450709336664>, for the matrix and what it
//! expects.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::interval::t_quantile;
use super::ratings::{Item, Ratings};

/// Below this share of what it is the rest of, a variance is rounding alone.
const NO_VARIANCE: f64 = 1e-12;

/// Two labels that annotators gave to the same items, and how much more often than chance would have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementAmbiguity))]
pub struct Ambiguity {
    /// The first of the two in the order of the labels.
    pub a: String,
    pub b: String,
    /// Disagreeing pairs of answers, in which an item of m answers weighs m/2.
    pub observed: f64,
    /// What it would be if the same disagreement hit labels by how common they are.
    pub expected: f64,
    /// Observed − expected: the disagreement beyond chance.
    pub excess: f64,
    /// The 95% confidence interval of the excess.
    pub ci95: Option<[f64; 2]>,
    /// Observed / expected.
    pub ratio: f64,
    /// The pair's part of all observed disagreement, above 0 and at most 1.
    pub share: f64,
    /// Items to which both labels were given.
    pub items: u64,
}

/// A pair of labels with the items to which both were given, by their place in [`Ratings::items`], ascending.
#[derive(Debug, Clone, PartialEq)]
pub struct AmbiguousPair {
    pub ambiguity: Ambiguity,
    pub items: Vec<u32>,
}

/// The pairs of labels that were given to the same items, the greatest excess first, then in the order of the labels.
///
/// Four observers and twelve units with missing answers: the coincidence matrix in Krippendorff (2011), *Computing
/// Krippendorff's Alpha-Reliability*, section C, has 4/3 at labels 1 and 2 and at 2 and 3 and 1/3 at the other pairs,
/// and the labels 9, 13, 10, 5 and 3 times. So D = 4 and S = 608.
///
/// ```
/// use domain::agreement::{Ratings, RatingsError, ambiguous_pairs};
///
/// let observers = ["123321412...", "1233224125..", ".33323422513", "12332441251."];
/// let answers = observers.iter().zip(["A", "B", "C", "D"]).flat_map(|(row, observer)| {
///     let given = row.chars().enumerate().filter(|(_, label)| *label != '.');
///     given.map(move |(unit, label)| (unit, observer, label.to_string()))
/// });
/// let pairs = ambiguous_pairs(&Ratings::from_answers(answers)?);
/// let names: Vec<_> = pairs.iter().map(|pair| (&*pair.ambiguity.a, &*pair.ambiguity.b)).collect();
/// assert_eq!(names, [("1", "2"), ("2", "3"), ("1", "4"), ("3", "4"), ("2", "4"), ("1", "3")]);
/// let first = &pairs[0].ambiguity;
/// assert!((first.observed - 4.0 / 3.0).abs() < 1e-12);
/// assert!((first.expected - 4.0 * 9.0 * 13.0 / 608.0).abs() < 1e-12);
/// assert!((first.share - 1.0 / 3.0).abs() < 1e-12);
/// assert_eq!(pairs[0].items, [5, 7]);
/// # Ok::<(), RatingsError>(())
/// ```
pub fn ambiguous_pairs(ratings: &Ratings) -> Vec<AmbiguousPair> {
    let totals = Totals::of(ratings);
    if totals.disagreement <= 0.0 {
        return Vec::new();
    }
    let (cells, labels) = totals.cells(ratings);
    let mut pairs: Vec<((u32, u32), AmbiguousPair)> = cells
        .into_iter()
        .map(|((a, b), cell)| ((a, b), totals.pair(ratings, [a, b], cell, &labels)))
        .collect();
    pairs.sort_unstable_by(|(labels, one), (others, other)| {
        let by_excess = other.ambiguity.excess.total_cmp(&one.ambiguity.excess);
        by_excess.then_with(|| labels.cmp(others))
    });
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

/// What an item adds to the cell of two of its labels.
fn coincidence(item: &Item<'_>, a: u64, b: u64) -> f64 {
    (a * b) as f64 / (item.size() - 1.0)
}

/// The pairs of different labels of an item, as `(labels, counts)`.
fn pairs_of<'a>(item: &Item<'a>) -> impl Iterator<Item = ((u32, u32), [u64; 2])> + use<'a> {
    let counts = item.counts;
    counts.iter().enumerate().flat_map(move |(place, a)| {
        counts[place + 1..].iter().map(|b| ((a.label, b.label), [a.count, b.count]))
    })
}

/// The sums over all items with two or more answers.
#[derive(Debug)]
struct Totals {
    items: f64,
    /// By label, how often it was given.
    given: Vec<f64>,
    answers: f64,
    /// D.
    disagreement: f64,
    /// S.
    products: f64,
}

/// The sums of one pair of labels over the items that have both: x is what an item adds to the cell, v the part of its
/// influence that is in proportion to nₐ·n_b.
#[derive(Debug, Default)]
struct Cell {
    items: Vec<u32>,
    x: f64,
    xx: f64,
    xv: f64,
    xa: f64,
    xb: f64,
    ab: f64,
}

/// The sums of one label c over the items that have it.
#[derive(Debug, Clone, Copy, Default)]
struct OfLabel {
    cc: f64,
    cv: f64,
}

/// The sums of the labels, and that of v² over all items.
#[derive(Debug)]
struct Labels {
    of: Vec<OfLabel>,
    vv: f64,
}

impl Totals {
    fn of(ratings: &Ratings) -> Self {
        let mut given = vec![0.0; ratings.labels().len()];
        let (mut items, mut disagreement) = (0.0, 0.0);
        for item in ratings.shared_items() {
            items += 1.0;
            disagreement += pairs_of(&item).map(|(_, [a, b])| coincidence(&item, a, b)).sum::<f64>();
            for each in item.counts {
                given[each.label as usize] += each.count as f64;
            }
        }
        let answers: f64 = given.iter().sum();
        let equal: f64 = given.iter().map(|count| count * count).sum();
        Self { items, given, answers, disagreement, products: (answers * answers - equal) / 2.0 }
    }

    /// The sums by pair and by label. Only pairs that met take space.
    fn cells(&self, ratings: &Ratings) -> (HashMap<(u32, u32), Cell>, Labels) {
        let mut cells: HashMap<(u32, u32), Cell> = HashMap::new();
        let mut labels = Labels { of: vec![OfLabel::default(); self.given.len()], vv: 0.0 };
        let rate = self.disagreement / self.products;
        let shared = (0..).zip(ratings.items()).filter(|(_, item)| item.answers.len() >= 2);
        for (place, item) in shared {
            let own: f64 = pairs_of(&item).map(|(_, [a, b])| coincidence(&item, a, b)).sum();
            let moved = item.counts.iter().map(|each| {
                let count = each.count as f64;
                count * (self.answers - self.given[each.label as usize])
            });
            let v = (rate * moved.sum::<f64>() - own) / self.products;
            labels.vv += v * v;
            for each in item.counts {
                let count = each.count as f64;
                let sums = &mut labels.of[each.label as usize];
                sums.cc += count * count;
                sums.cv += count * v;
            }
            for (pair, [a, b]) in pairs_of(&item) {
                let x = coincidence(&item, a, b);
                let (a, b) = (a as f64, b as f64);
                let cell = cells.entry(pair).or_default();
                cell.items.push(place);
                cell.x += x;
                cell.xx += x * x;
                cell.xv += x * v;
                cell.xa += x * a;
                cell.xb += x * b;
                cell.ab += a * b;
            }
        }
        (cells, labels)
    }

    fn pair(&self, ratings: &Ratings, [a, b]: [u32; 2], cell: Cell, labels: &Labels) -> AmbiguousPair {
        let [given_a, given_b] = [a, b].map(|label| self.given[label as usize]);
        let expected = self.disagreement * given_a * given_b / self.products;
        let excess = cell.x - expected;
        let name = |label: u32| ratings.labels()[label as usize].clone();
        let width = self.width([a, b], &cell, labels, excess);
        let range = |value: f64| value.clamp(-self.disagreement, self.disagreement);
        let ambiguity = Ambiguity {
            a: name(a),
            b: name(b),
            observed: cell.x,
            expected,
            excess,
            ci95: width.map(|width| [range(excess - width), range(excess + width)]),
            ratio: cell.x / expected,
            share: (cell.x / self.disagreement).min(1.0),
            items: cell.items.len() as u64,
        };
        AmbiguousPair { ambiguity, items: cell.items }
    }

    /// Half of the interval. An item moves the excess by u = x + P·v − k·(n_b·cₐ + nₐ·c_b), where P is nₐ·n_b and k is
    /// D/S; u² is multiplied out, so that items with neither label need no look.
    fn width(&self, [a, b]: [u32; 2], cell: &Cell, labels: &Labels, excess: f64) -> Option<f64> {
        if self.items < 2.0 {
            return None;
        }
        let [given_a, given_b] = [a, b].map(|label| self.given[label as usize]);
        let [of_a, of_b] = [a, b].map(|label| labels.of[label as usize]);
        let product = given_a * given_b;
        let rate = self.disagreement / self.products;
        let (to_a, to_b) = (rate * given_b, rate * given_a);
        let terms = [
            cell.xx,
            product * product * labels.vv,
            to_a * to_a * of_a.cc,
            to_b * to_b * of_b.cc,
            2.0 * product * cell.xv,
            -2.0 * to_a * cell.xa,
            -2.0 * to_b * cell.xb,
            -2.0 * product * to_a * of_a.cv,
            -2.0 * product * to_b * of_b.cv,
            2.0 * to_a * to_b * cell.ab,
            -excess * excess / self.items,
        ];
        let squares: f64 = terms.iter().sum();
        let size: f64 = terms.iter().map(|term| term.abs()).sum();
        let variance = squares * self.items / (self.items - 1.0);
        (squares > NO_VARIANCE * size).then(|| t_quantile(self.items as u64 - 1) * variance.sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::super::bootstrap::{Draws, Replicates};
    use super::super::ratings::RatingsError;
    use super::*;

    type Labelled = (&'static [&'static str], usize);

    fn ratings(items: &[Labelled]) -> Result<Ratings, RatingsError> {
        let items = items.iter().flat_map(|(labels, times)| std::iter::repeat_n(*labels, *times));
        Ratings::from_answers(items.enumerate().flat_map(|(item, labels)| {
            labels.iter().enumerate().map(move |(annotator, label)| (item, annotator.to_string(), *label))
        }))
    }

    /// `a` and `b` are common and mixed up; `c` is as clear as can be.
    const MIXED_UP: [Labelled; 6] = [
        (&["a", "a"], 40),
        (&["b", "b"], 35),
        (&["c", "c"], 15),
        (&["a", "b"], 10),
        (&["c", "c", "a"], 1),
        (&["b"], 7),
    ];

    #[test]
    fn what_people_mix_up_comes_before_what_they_never_do() -> Result<(), RatingsError> {
        let pairs = ambiguous_pairs(&ratings(&MIXED_UP)?);
        let found: Vec<_> = pairs.iter().map(|pair| (&*pair.ambiguity.a, &*pair.ambiguity.b)).collect();
        assert_eq!(found, [("a", "b"), ("a", "c")]);
        let [first, second] = [&pairs[0].ambiguity, &pairs[1].ambiguity];
        // a 91, b 80 and c 32 times; D = 10 + 1.
        let products = 91.0 * 80.0 + 91.0 * 32.0 + 80.0 * 32.0;
        assert!((first.expected - 11.0 * 91.0 * 80.0 / products).abs() < 1e-12);
        assert!((first.observed, second.observed) == (10.0, 1.0));
        assert!(first.excess > 0.0 && second.excess < 0.0);
        assert!((first.ratio - first.observed / first.expected).abs() < 1e-12);
        assert!((first.share + second.share - 1.0).abs() < 1e-12);
        assert_eq!((first.items, second.items), (10, 1));
        Ok(())
    }

    #[test]
    fn the_interval_is_that_of_resampled_items() -> Result<(), RatingsError> {
        let ratings = ratings(&MIXED_UP)?;
        let ci95 = ambiguous_pairs(&ratings)[0].ambiguity.ci95.unwrap_or_default();
        let all: Vec<Vec<&str>> = ratings
            .items()
            .map(|item| item.answers.iter().map(|each| &*ratings.labels()[each.label as usize]).collect())
            .collect();
        let shared: Vec<&Vec<&str>> = all.iter().filter(|labels| labels.len() > 1).collect();
        let mut draws = Draws::of(5, &vec![1; shared.len()]);
        let mut replicates = Replicates::default();
        for _ in 0..4_000 {
            let drawn = draws.next();
            let items = shared
                .iter()
                .zip(drawn)
                .flat_map(|(item, times)| std::iter::repeat_n(*item, *times as usize));
            let answers = items.enumerate().flat_map(|(item, labels)| {
                labels.iter().enumerate().map(move |(annotator, label)| (item, annotator.to_string(), *label))
            });
            let pairs = ambiguous_pairs(&Ratings::from_answers(answers)?);
            let same = pairs.iter().find(|pair| (&*pair.ambiguity.a, &*pair.ambiguity.b) == ("a", "b"));
            replicates.push(same.map(|pair| pair.ambiguity.excess));
        }
        let resampled = replicates.ci95().unwrap_or_default();
        let (width, expected) = (ci95[1] - ci95[0], resampled[1] - resampled[0]);
        assert!((width / expected - 1.0).abs() < 0.15, "{ci95:?} {resampled:?}");
        Ok(())
    }

    #[test]
    fn degenerate_answers_give_no_number_that_is_none() -> Result<(), RatingsError> {
        let nobody: [&[Labelled]; 4] =
            [&[], &[(&["a"], 3)], &[(&["a", "a"], 3)], &[(&["a"], 1), (&["b"], 1)]];
        for items in nobody {
            assert_eq!(ambiguous_pairs(&ratings(items)?), []);
        }
        let cases: [&[Labelled]; 3] = [
            &[(&["a", "b"], 1)],
            &[(&["a", "b"], 5), (&["a", "a"], 3)],
            &[(&["a", "b", "c", "d"], 1), (&["a", "b"], 1)],
        ];
        for items in cases {
            let pairs = ambiguous_pairs(&ratings(items)?);
            assert!(!pairs.is_empty());
            for Ambiguity { observed, expected, excess, ratio, share, ci95, .. } in
                pairs.iter().map(|pair| &pair.ambiguity)
            {
                let numbers = [*observed, *expected, *excess, *ratio, *share];
                assert!(numbers.iter().chain(ci95.iter().flatten()).all(|number| number.is_finite()));
                assert!(*share > 0.0 && *share <= 1.0);
            }
        }
        // Of two labels in all, chance explains everything.
        let two = ambiguous_pairs(&ratings(&[(&["a", "b"], 5), (&["a", "a"], 3)])?);
        assert!(two[0].ambiguity.excess.abs() < 1e-12 && two[0].ambiguity.ci95.is_none());
        Ok(())
    }
}
