//! What the standard library lacks: the digamma function.
//!
//! Abramowitz and Stegun (1964), *Handbook of Mathematical Functions*, 6.3.5 and 6.3.18: the recurrence
//! up to where the asymptotic series is exact to about 1e-12. For positive arguments only.

/// From here on the series is used.
const LARGE: f64 = 10.0;

/// ψ(x), the derivative of ln Γ(x), for x > 0.
pub(super) fn digamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < LARGE {
        below += 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = square
        * (1.0 / 12.0
            - square * (1.0 / 120.0 - square * (1.0 / 252.0 - square * (1.0 / 240.0 - square / 132.0))));
    x.ln() - 0.5 / x - series - below
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Abramowitz and Stegun (1964), table 6.3, and ψ(1/2) = −γ − 2 ln 2.
    #[rstest]
    #[case(0.5, -1.963_510_026_021_423)]
    #[case(1.0, -0.577_215_664_901_533)]
    #[case(2.0, 0.422_784_335_098_467)]
    #[case(10.0, 2.251_752_589_066_721)]
    #[case(100.0, 4.600_161_852_738_087)]
    fn digamma_matches_the_tables(#[case] x: f64, #[case] expected: f64) {
        assert!((digamma(x) - expected).abs() < 1e-11);
    }
}
