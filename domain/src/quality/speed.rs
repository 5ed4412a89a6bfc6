//! How long answers take: median and quartiles.
//!
//! **Definition.** The time from when the task was shown until it was answered, over the answers of which it is known.
//! Quartiles are Hyndman and Fan's definition 7: the value at the place 1 + (n − 1)·p of the ordered times, by linear
//! interpolation. Not the mean: somebody who went for lunch would rule it.
//!
//! **Range** 0 upwards, in milliseconds. **Undefined** where no time is known: imported answers have none.
//!
//! **Source.** Hyndman and Fan (1996), *Sample quantiles in statistical packages*, The American Statistician 50(4),
//! <https://doi.org/10.1080/00031305.1996.10473566>.

use serde::{Deserialize, Serialize};

use super::Undefined;

/// Times of answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorSpeed))]
pub struct Speed {
    /// Answers of which the time is known.
    pub timed: i64,
    /// Half of them took less, in milliseconds.
    pub median_ms: Option<f64>,
    /// A quarter took less than the first, a quarter more than the second, in milliseconds.
    pub quartiles_ms: Option<[f64; 2]>,
    /// Why there is no median.
    pub undefined: Option<Undefined>,
}

impl Speed {
    /// Of these times in milliseconds.
    ///
    /// For 1 to 10 R's `quantile`, whose default is this definition, gives 3.25, 5.5 and 7.75:
    ///
    /// ```
    /// use domain::quality::{Speed, Undefined};
    ///
    /// let speed = Speed::of((1..=10).rev().collect());
    /// assert_eq!((speed.median_ms, speed.quartiles_ms), (Some(5.5), Some([3.25, 7.75])));
    /// assert_eq!(Speed::of(Vec::new()).undefined, Some(Undefined::NoTimes));
    /// ```
    pub fn of(mut times: Vec<u32>) -> Self {
        times.sort_unstable();
        let quartiles = [0.25, 0.5, 0.75].map(|part| quantile(&times, part));
        let [low, median, high] = quartiles;
        Self {
            timed: times.len() as i64,
            median_ms: median,
            quartiles_ms: low.zip(high).map(|(low, high)| [low, high]),
            undefined: median.is_none().then_some(Undefined::NoTimes),
        }
    }
}

fn quantile(ordered: &[u32], part: f64) -> Option<f64> {
    let place = ordered.len().checked_sub(1)? as f64 * part;
    let (before, after) = (*ordered.get(place.floor() as usize)?, *ordered.get(place.ceil() as usize)?);
    Some(f64::from(before) + (f64::from(after) - f64::from(before)) * place.fract())
}
