//! How many people answer a task: a fixed number, or as many as it takes to be sure.
//!
//! On the wire a fixed number is a number, and an adaptive one `{"min": 2, "max": 5, "confidence": 0.95}`.

use crate::problem::{Code, Fault};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, Error, MapAccess, Unexpected, Visitor},
};
use std::fmt;

/// The most people who may be asked about one task.
pub const MOST_ANSWERS: u16 = 20;

/// How many independent answers a task gets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Overlap {
    /// So many, 1 to 20.
    Fixed(u16),
    /// As many as it takes.
    Adaptive(AdaptiveOverlap),
}

/// As many answers as it takes to be sure, within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdaptiveOverlap {
    /// Nobody is sure with fewer; 1 to 20.
    pub min: u16,
    /// Nobody else is asked then, sure or not; `min` to 20.
    pub max: u16,
    /// No more are asked once the posterior of the leading label is at or above it, for each question; above 0.5, below 1.
    pub confidence: f64,
}

impl Overlap {
    /// With how many places a task opens.
    pub fn first(self) -> u16 {
        match self {
            Self::Fixed(count) => count,
            Self::Adaptive(adaptive) => adaptive.min,
        }
    }

    /// Whether one more is asked after `answered` people, of whose answers the least certain question has this posterior;
    /// none where some are in doubt whether it can be answered.
    pub fn asks_one_more(self, answered: usize, posterior: Option<f64>) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Adaptive(AdaptiveOverlap { max, confidence, .. }) => {
                answered < usize::from(max) && posterior.is_none_or(|posterior| posterior < confidence)
            }
        }
    }

    /// Everything that is out of its range; pointers begin at the value.
    pub fn faults(self) -> Vec<Fault> {
        let count = |at: &str, count: u16, least: u16| {
            let detail = format!("must be between {least} and {MOST_ANSWERS}");
            (!(least..=MOST_ANSWERS).contains(&count)).then(|| Fault::at(at, Code::OutOfRange, detail))
        };
        match self {
            Self::Fixed(fixed) => count("", fixed, 1).into_iter().collect(),
            Self::Adaptive(AdaptiveOverlap { min, max, confidence }) => {
                let mut faults: Vec<Fault> =
                    [count("/min", min, 1), count("/max", max, min.clamp(1, MOST_ANSWERS))]
                        .into_iter()
                        .flatten()
                        .collect();
                if !(confidence > 0.5 && confidence < 1.0) {
                    let detail = "must be above 0.5 and below 1";
                    faults.push(Fault::at("/confidence", Code::OutOfRange, detail));
                }
                faults
            }
        }
    }
}

/// By hand: serde's own reading of an untagged enum does not say what is wrong.
impl<'de> Deserialize<'de> for Overlap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Overlap;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number of answers, or an object with min, max and confidence")
            }

            fn visit_u64<E: Error>(self, count: u64) -> Result<Overlap, E> {
                let count = u16::try_from(count);
                count.map(Overlap::Fixed).map_err(|_| E::invalid_value(Unexpected::Other("too many"), &self))
            }

            fn visit_i64<E: Error>(self, count: i64) -> Result<Overlap, E> {
                u64::try_from(count)
                    .map_err(|_| E::invalid_value(Unexpected::Signed(count), &self))
                    .and_then(|count| self.visit_u64(count))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Overlap, A::Error> {
                let (mut min, mut max, mut confidence) = (None, None, None);
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::Min => min = Some(map.next_value_seed(Count)?),
                        Key::Max => max = Some(map.next_value_seed(Count)?),
                        Key::Confidence => confidence = Some(map.next_value_seed(Confidence)?),
                    }
                }
                // In serde's words, so that whoever reads those finds the key.
                let missing = |key: &str, what: &str| {
                    A::Error::custom(format!("missing field `{key}`: it must be {what}"))
                };
                Ok(Overlap::Adaptive(AdaptiveOverlap {
                    min: min.ok_or_else(|| missing("min", COUNT))?,
                    max: max.ok_or_else(|| missing("max", COUNT))?,
                    confidence: confidence.ok_or_else(|| missing("confidence", CONFIDENCE))?,
                }))
            }
        }
        deserializer.deserialize_any(Reading)
    }
}

/// What `min` and `max` must be.
const COUNT: &str = "a whole number from 1 to 20";
/// What `confidence` must be.
const CONFIDENCE: &str = "a number above 0.5 and below 1";

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Min,
    Max,
    Confidence,
}

/// Reads `min` or `max`.
struct Count;

impl<'de> DeserializeSeed<'de> for Count {
    type Value = u16;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u16, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Count {
    type Value = u16;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(COUNT)
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<u16, E> {
        u16::try_from(count).map_err(|_| E::invalid_value(Unexpected::Unsigned(count), &self))
    }

    fn visit_i64<E: Error>(self, count: i64) -> Result<u16, E> {
        u16::try_from(count).map_err(|_| E::invalid_value(Unexpected::Signed(count), &self))
    }
}

/// Reads `confidence`.
struct Confidence;

impl<'de> DeserializeSeed<'de> for Confidence {
    type Value = f64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<f64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Confidence {
    type Value = f64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(CONFIDENCE)
    }

    fn visit_f64<E: Error>(self, confidence: f64) -> Result<f64, E> {
        Ok(confidence)
    }

    fn visit_u64<E: Error>(self, confidence: u64) -> Result<f64, E> {
        Err(E::invalid_value(Unexpected::Unsigned(confidence), &self))
    }

    fn visit_i64<E: Error>(self, confidence: i64) -> Result<f64, E> {
        Err(E::invalid_value(Unexpected::Signed(confidence), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::{AdaptiveOverlap, Overlap};

    const ADAPTIVE: Overlap = Overlap::Adaptive(AdaptiveOverlap { min: 2, max: 4, confidence: 0.9 });

    #[test]
    fn it_is_read_as_it_is_written() -> Result<(), serde_json::Error> {
        for (overlap, text) in [(Overlap::Fixed(3), "3"), (ADAPTIVE, r#"{"min":2,"max":4,"confidence":0.9}"#)]
        {
            assert_eq!(serde_json::to_string(&overlap)?, text);
            assert_eq!(serde_json::from_str::<Overlap>(text)?, overlap);
        }
        for wrong in ["-1", "70000", "\"2\"", r#"{"min": 2}"#, r#"{"min":2,"max":4,"confidence":0.9,"k":1}"#]
        {
            assert!(serde_json::from_str::<Overlap>(wrong).is_err(), "{wrong}");
        }
        Ok(())
    }

    #[test]
    fn more_are_asked_until_it_is_sure_or_enough() {
        assert!(ADAPTIVE.asks_one_more(2, Some(0.89)));
        assert!(!ADAPTIVE.asks_one_more(2, Some(0.9)));
        assert!(ADAPTIVE.asks_one_more(3, None));
        assert!(!ADAPTIVE.asks_one_more(4, Some(0.5)));
        assert!(!Overlap::Fixed(2).asks_one_more(2, Some(0.5)));
    }

    #[test]
    fn what_is_out_of_range_says_where() {
        let pointers = |min, max, confidence| {
            let faults = Overlap::Adaptive(AdaptiveOverlap { min, max, confidence }).faults();
            faults.into_iter().filter_map(|fault| fault.pointer).collect::<Vec<_>>()
        };
        assert!(pointers(2, 5, 0.95).is_empty());
        assert_eq!(pointers(3, 2, 0.95), ["/max"]);
        assert_eq!(pointers(0, 21, 1.0), ["/min", "/max", "/confidence"]);
        assert_eq!(Overlap::Fixed(21).faults().len(), 1);
        assert!(pointers(2, 5, f64::NAN).contains(&"/confidence".to_owned()));
    }
}
