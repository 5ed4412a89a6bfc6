//! A small seeded generator: the same seed gives the same numbers on every machine.
//!
//! SplitMix64 (Steele, Lea and Flood 2014, *Fast splittable pseudorandom number generators*,
//! <https://doi.org/10.1145/2660193.2660195>). For restarts and simulations; never for secrets.

/// A stream of numbers that its seed determines.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The stream of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform among 0, 1, …, `count` − 1; 0 where `count` is 0.
    pub fn below(&mut self, count: u32) -> u32 {
        (self.unit() * f64::from(count)) as u32
    }

    /// Standard normal, by Box and Muller (1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.unit()).cos()
    }

    /// An index with probability in proportion to its weight; the last one where rounding leaves none.
    pub fn weighted(&mut self, weights: &[f64]) -> u32 {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in (0..).zip(weights) {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    /// The first numbers of seed 1234567 in the authors' own program.
    #[test]
    fn the_stream_is_the_published_one() {
        let mut random = Random::new(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn weights_are_kept() {
        let mut random = Random::new(1);
        let mut drawn = [0; 3];
        for _ in 0..3000 {
            drawn[random.weighted(&[1.0, 0.0, 2.0]) as usize] += 1;
        }
        assert!(drawn[1] == 0 && (900..1100).contains(&drawn[0]), "{drawn:?}");
    }
}
