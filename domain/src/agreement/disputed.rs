//! Which items the disagreement comes from: where to look first when alpha is low.
//!
//! **Definition.** An item of r answers has the disagreement d = Σ δ / (r − 1), over all ordered pairs of its answers,
//! with the distance δ of [`super::krippendorff_alpha_at`] at the same level. Alpha's observed disagreement is the sum
//! of the d over all items, divided by the answers that can be paired; an item's share is its part of that sum.
//!
//! **Range** of a share: above 0 to 1; items whose answers all agree are not listed. The shares of all items add up
//! to 1. **Undefined** where alpha is: then nothing is listed.
//!
//! **Source.** Hayes and Krippendorff (2007), <https://doi.org/10.1080/19312450709336664>.

use super::kinds::Kinds;
use super::krippendorff::Alpha;
use super::ratings::Ratings;
use super::scale::{Level, Scale};

/// An item on which annotators differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disputed {
    /// Its place in [`Ratings::items`].
    pub item: u32,
    /// Its part of all disagreement.
    pub share: f64,
}

/// The items that cause the most disagreement, at most so many; of equal ones the last come first.
///
/// Of two answers that differ and three of which one differs, the ordered pairs are 2 and 4, divided by 1 and 2:
///
/// ```
/// use domain::agreement::{Level, Ratings, RatingsError, most_disputed};
///
/// let said = ["xy", "xx", "xxy"];
/// let answers = said.iter().enumerate().flat_map(|(item, said)| {
///     said.chars().zip(["A", "B", "C"]).map(move |(label, person)| (item, person, label.to_string()))
/// });
/// let disputed = most_disputed(&Ratings::from_answers(answers)?, Level::Nominal, 10);
/// assert_eq!(disputed.iter().map(|each| (each.item, each.share)).collect::<Vec<_>>(), [(2, 0.5), (0, 0.5)]);
/// # Ok::<(), RatingsError>(())
/// ```
pub fn most_disputed(ratings: &Ratings, level: Level, most: usize) -> Vec<Disputed> {
    let scale = Scale::of(ratings, level);
    let kinds = Kinds::of(ratings.items(), &scale);
    let sample = kinds.everything();
    let Ok(alpha) = Alpha::of(&kinds, &scale) else { return Vec::new() };
    let by_kind = alpha.disagreement(&sample);
    let whole: f64 = sample.kinds().zip(&by_kind).map(|(kind, each)| kind.items * each).sum();
    let mut items: Vec<Disputed> = (0..)
        .zip(kinds.of_items())
        .map(|(item, kind)| Disputed { item, share: by_kind[*kind as usize] / whole })
        .filter(|each| each.share > 0.0)
        .collect();
    let order = |a: &Disputed, b: &Disputed| b.share.total_cmp(&a.share).then(b.item.cmp(&a.item));
    if items.len() > most {
        items.select_nth_unstable_by(most, order);
        items.truncate(most);
    }
    items.sort_unstable_by(order);
    items
}

#[cfg(test)]
mod tests {
    use super::super::ratings::RatingsError;
    use super::*;

    fn ratings(said: &[&str]) -> Result<Ratings, RatingsError> {
        let answers = said.iter().enumerate().flat_map(|(item, said)| {
            said.chars().zip(["A", "B", "C"]).map(move |(label, person)| (item, person, label.to_string()))
        });
        Ratings::from_answers(answers)
    }

    #[test]
    fn what_lies_further_apart_weighs_more_where_labels_are_numbers() -> Result<(), RatingsError> {
        let ratings = ratings(&["12", "13", "22", "33"])?;
        let shares =
            |level| most_disputed(&ratings, level, 9).iter().map(|each| each.share).collect::<Vec<_>>();
        assert_eq!(shares(Level::Nominal), [0.5, 0.5]);
        assert_eq!(shares(Level::Interval), [0.8, 0.2]);
        assert!(most_disputed(&ratings, Level::Ordinal, 1)[0].share > 0.5);
        Ok(())
    }

    #[test]
    fn where_alpha_is_undefined_nothing_is_disputed() -> Result<(), RatingsError> {
        for said in [&["xx", "xx"][..], &["x", "y"], &[]] {
            assert_eq!(most_disputed(&ratings(said)?, Level::Nominal, 9), []);
        }
        assert_eq!(most_disputed(&ratings(&["xy"])?, Level::Interval, 9), []);
        Ok(())
    }
}
