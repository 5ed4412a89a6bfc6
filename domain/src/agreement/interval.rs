//! 95% confidence intervals over items, by linearisation and Student's t.
//!
//! A statistic is written as a mean over n items plus a remainder that vanishes; the spread of the items'
//! deviations from it gives its standard error, and t with n − 1 degrees of freedom the width (Gwet 2014,
//! *Handbook of Inter-Rater Reliability*, 4th ed., ISBN 978-0970806284). Items stand for an unlimited
//! population; annotators are taken as they are. Nothing is resampled, so the same data give the same interval.

/// The values that a statistic can take: an interval does not leave them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Range {
    pub(super) fn clamp(self, value: f64) -> f64 {
        value.clamp(self.low, self.high)
    }
}

/// Below this a standard error is rounding alone.
const NO_SPREAD: f64 = 1e-12;

/// A value with its analytic interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) spread: Option<Spread>,
}

/// How far an estimate may be off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    pub(super) standard_error: f64,
    pub(super) ci95: [f64; 2],
}

impl Estimate {
    /// `value` with an interval by the items' deviations from it, each with the number of items that have it.
    ///
    /// No interval for fewer than two items, and where all items say exactly the same: an interval without width
    /// would claim certainty, after two items as after a thousand.
    pub(super) fn linearised(
        value: f64,
        deviations: impl IntoIterator<Item = (f64, f64)>,
        range: Range,
    ) -> Self {
        let (items, squares) = deviations
            .into_iter()
            .fold((0.0, 0.0), |(items, sum), (each, times)| (items + times, sum + times * each * each));
        let value = range.clamp(value);
        if items < 2.0 {
            return Self { value, spread: None };
        }
        let standard_error = (squares / (items * (items - 1.0))).sqrt();
        let width = t_quantile(items as u64 - 1) * standard_error;
        let ci95 = [range.clamp(value - width), range.clamp(value + width)];
        Self { value, spread: (standard_error > NO_SPREAD).then_some(Spread { standard_error, ci95 }) }
    }
}

/// From here the asymptotic series is exact to better than 1e-11.
const MANY_DEGREES: u64 = 200;

/// Student's t that is exceeded with probability 0.025.
///
/// Abramowitz and Stegun (1964), *Handbook of Mathematical Functions*, 26.7.3 to 26.7.5: finite sums for whole
/// degrees of freedom, and a series in 1/ν for many of them.
pub(super) fn t_quantile(degrees: u64) -> f64 {
    let freedom = degrees as f64;
    if degrees >= MANY_DEGREES {
        return t_series(freedom);
    }
    // P(|T| < t) grows with the angle atan(t/√ν); halving the quarter turn 60 times leaves rounding alone.
    let (mut low, mut high) = (0.0, std::f64::consts::FRAC_PI_2);
    for _ in 0..60 {
        let angle = 0.5 * (low + high);
        if central_probability(degrees, angle) < 0.95 {
            low = angle;
        } else {
            high = angle;
        }
    }
    freedom.sqrt() * low.tan()
}

/// P(|T| < √ν·tan(angle)).
fn central_probability(degrees: u64, angle: f64) -> f64 {
    let (sin, cos) = angle.sin_cos();
    let odd = degrees % 2 == 1;
    let (mut term, mut numerator) = if odd { (cos, 2.0) } else { (1.0, 1.0) };
    let mut sum = 0.0;
    for _ in 0..degrees / 2 {
        sum += term;
        term *= cos * cos * numerator / (numerator + 1.0);
        numerator += 2.0;
    }
    if odd { std::f64::consts::FRAC_2_PI * (angle + sin * sum) } else { sin * sum }
}

fn t_series(freedom: f64) -> f64 {
    // The normal quantile for the same probability.
    let z: f64 = 1.959_963_984_540_054;
    let z2 = z * z;
    let first = z * (z2 + 1.0) / 4.0;
    let second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let fourth = z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0;
    z + (first + (second + (third + fourth / freedom) / freedom) / freedom) / freedom
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Computed from the incomplete beta function with 30 digits.
    #[rstest]
    #[case(1, 12.706_204_736_17)]
    #[case(2, 4.302_652_729_749)]
    #[case(3, 3.182_446_305_284)]
    #[case(9, 2.262_157_162_798)]
    #[case(10, 2.228_138_851_986)]
    #[case(30, 2.042_272_456_301)]
    #[case(99, 1.984_216_951_586)]
    #[case(199, 1.971_956_544_252)]
    #[case(200, 1.971_896_223_634)]
    #[case(222, 1.970_707_395_320)]
    #[case(1_000_000, 1.959_966_356_814)]
    fn quantiles_match_the_tables(#[case] degrees: u64, #[case] expected: f64) {
        assert!((t_quantile(degrees) - expected).abs() < 1e-10 * expected);
    }

    #[test]
    fn no_interval_without_spread() {
        let range = Range { low: 0.0, high: 1.0 };
        let ci95 = |value, deviations: &[(f64, f64)]| {
            Estimate::linearised(value, deviations.iter().copied(), range).spread.map(|spread| spread.ci95)
        };
        assert_eq!(ci95(1.0, &[(0.0, 9.0)]), None);
        assert_eq!(ci95(0.5, &[(0.5, 1.0)]), None);
        assert_eq!(ci95(0.5, &[(0.5, 1.0), (-0.5, 1.0)]), Some([0.0, 1.0]));
    }
}
