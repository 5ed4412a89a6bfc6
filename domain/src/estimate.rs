//! Rates estimated from a random sample.

/// The normal quantile of a two-sided 95% interval.
const Z: f64 = 1.959_963_984_540_054;

/// A rate of errors among audited samples, with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The share of errors, in [0, 1].
    pub value: f64,
    /// Wilson's score interval.
    pub ci95: [f64; 2],
}

impl Rate {
    /// The rate of `errors` among `audited` samples drawn at random; none where nothing was audited or the numbers
    /// contradict each other.
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
        let n = audited as f64;
        let value = errors as f64 / n;
        let scale = 1.0 + Z * Z / n;
        let centre = (value + Z * Z / (2.0 * n)) / scale;
        let half = Z / scale * (value * (1.0 - value) / n + Z * Z / (4.0 * n * n)).sqrt();
        Some(Self { value, ci95: [(centre - half).max(0.0), (centre + half).min(1.0)] })
    }
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
