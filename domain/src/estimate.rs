//! Rates of errors and the differences between them, each with its interval.

use serde::{Deserialize, Serialize};

/// The normal quantile of a two-sided 95% interval.
const Z: f64 = 1.959_963_984_540_054;

/// How many of some samples had an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Those with an error.
    pub errors: i64,
    /// All of them.
    pub of: i64,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, is: Found) {
        self.of += 1;
        self.errors += i64::from(is == Found::Wrong);
    }

    /// The rate; none where nothing was counted.
    pub fn rate(self) -> Option<Rate> {
        Rate::of(self.errors, self.of)
    }

    /// How many times as high this rate is as `other`; none where one of the two is undefined or the other is 0.
    ///
    /// ```
    /// use domain::estimate::Tally;
    ///
    /// let found = Tally { errors: 21, of: 50 };
    /// assert!((found.times(Tally { errors: 10, of: 100 }).unwrap() - 4.2).abs() < 1e-12);
    /// assert_eq!(found.times(Tally { errors: 0, of: 100 }), None);
    /// assert_eq!(Tally::default().times(found), None);
    /// ```
    pub fn times(self, other: Self) -> Option<f64> {
        let (rate, other) = (self.rate()?, other.rate()?);
        (other.value > 0.0).then(|| rate.value / other.value)
    }
}

/// What a decision says about one label or prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It was an error.
    Wrong,
    /// It was right.
    Right,
}

/// A rate of errors, with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The share of errors, in [0, 1].
    pub value: f64,
    /// Wilson's score interval.
    pub ci95: [f64; 2],
}

impl Rate {
    /// The rate of `errors` among `audited` samples; none where nothing was audited or the numbers contradict each
    /// other.
    ///
    /// The interval is Wilson's score interval without continuity correction. Unlike the interval around the observed
    /// share it stays in [0, 1], has a width where no error or nothing but errors was found, and covers close to 95%
    /// for small samples. It assumes independent draws from one population.
    ///
    /// E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22:209–212,
    /// <https://doi.org/10.1080/01621459.1927.10502953>. The values below: R. G. Newcombe (1998), Two-sided confidence
    /// intervals for the single proportion, Statistics in Medicine 17:857–872, table I, method 3.
    ///
    /// ```
    /// use domain::estimate::Rate;
    ///
    /// let published = [(81, 263, [0.2553, 0.3662]), (15, 148, [0.0624, 0.1605]), (0, 20, [0.0, 0.1611])];
    /// for (errors, audited, ci95) in published {
    ///     let rate = Rate::of(errors, audited).unwrap();
    ///     assert!((rate.ci95[0] - ci95[0]).abs() < 5e-5 && (rate.ci95[1] - ci95[1]).abs() < 5e-5);
    /// }
    /// assert_eq!(Rate::of(0, 0), None);
    /// ```
    pub fn of(errors: i64, audited: i64) -> Option<Self> {
        if audited <= 0 || !(0..=audited).contains(&errors) {
            return None;
        }
        Some(Self::among(errors as f64 / audited as f64, audited as f64))
    }

    /// The share `value`, in [0, 1], as if it were found among `n` draws, which are more than 0 and need not be whole.
    pub(crate) fn among(value: f64, n: f64) -> Self {
        Self { value, ci95: wilson(value, n, Z) }
    }

    /// How much higher this rate is than `other`, in [−1, 1], with its 95% interval.
    ///
    /// Newcombe's interval joins the two Wilson intervals: it stays in [−1, 1] and holds for small numbers. It assumes two
    /// independent samples.
    ///
    /// R. G. Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in
    /// Medicine 17:873–890, <https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I>. The
    /// values below: table II, method 10.
    ///
    /// ```
    /// use domain::estimate::Rate;
    ///
    /// for ((a, m), (b, n), ci95) in [((56, 70), (48, 80), [0.0524, 0.3339]), ((9, 10), (3, 10), [0.1705, 0.8090])] {
    ///     let (value, found) = Rate::of(a, m).unwrap().minus(Rate::of(b, n).unwrap());
    ///     assert!((value - (a as f64 / m as f64 - b as f64 / n as f64)).abs() < 1e-12);
    ///     assert!((found[0] - ci95[0]).abs() < 5e-5 && (found[1] - ci95[1]).abs() < 5e-5);
    /// }
    /// ```
    pub fn minus(self, other: Self) -> (f64, [f64; 2]) {
        let difference = self.value - other.value;
        let below = (self.value - self.ci95[0]).hypot(other.ci95[1] - other.value);
        let above = (self.ci95[1] - self.value).hypot(other.value - other.ci95[0]);
        (difference, [(difference - below).max(-1.0), (difference + above).min(1.0)])
    }
}

/// Wilson's score interval of the share `value` found among `n` draws, more than 0, for the normal quantile `z`; see
/// [`Rate::of`].
pub(crate) fn wilson(value: f64, n: f64, z: f64) -> [f64; 2] {
    let scale = 1.0 + z * z / n;
    let centre = (value + z * z / (2.0 * n)) / scale;
    let half = z / scale * (value * (1.0 - value) / n + z * z / (4.0 * n * n)).sqrt();
    [(centre - half).max(0.0), (centre + half).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::Rate;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_interval_holds_the_share_and_stays_in_range(audited in 1..100_000i64, part in 0.0..=1.0f64) {
            let errors = (part * audited as f64) as i64;
            let rate = Rate::of(errors, audited).ok_or_else(|| TestCaseError::fail("defined"))?;
            let [low, high] = rate.ci95;
            prop_assert!(0.0 <= low && low <= rate.value + 1e-12 && rate.value <= high + 1e-12 && high <= 1.0);
            prop_assert!(low < high);
        }
    }

    #[test]
    fn numbers_that_contradict_each_other_give_no_rate() {
        assert_eq!((Rate::of(3, 2), Rate::of(-1, 2), Rate::of(0, -1)), (None, None, None));
    }
}
