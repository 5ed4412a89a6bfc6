//! Where somebody found their last free task beyond the top of a queue, so that the next search need not walk there again.
//!
//! Decides nothing: a mark ends after a while, the top is always searched, and so is everything before anybody is told that
//! nothing is left.

use crate::repo::free_tasks::Order;
use domain::{id::AnnotatorId, time::Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// The longest time in seconds that a mark is followed without a look at what lies before it.
const LONGEST: u32 = 60;
/// Beyond this many, those that have ended are forgotten.
const MOST_KEPT: usize = 1000;

/// A place in the order of a queue.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Position {
    /// The priority or rank.
    pub place: f64,
    /// Among equals.
    pub sample: String,
}

/// How far somebody came in an order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reached {
    /// This is the first free task.
    Here(Position),
    /// There is none.
    End,
}

/// The marks of this process.
#[derive(Debug, Default)]
pub(crate) struct Marks(Mutex<HashMap<(AnnotatorId, Order), Mark>>);

#[derive(Debug)]
struct Mark {
    at: Reached,
    until: Timestamp,
}

impl Marks {
    /// The mark, where it has not ended.
    pub(crate) fn of(&self, key: &(AnnotatorId, Order), now: Timestamp) -> Option<Reached> {
        let marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marks.get(key).filter(|mark| now < mark.until).map(|mark| mark.at.clone())
    }

    /// Marks what a search of everything reached. No mark is followed for longer than a lease, so that nobody misses
    /// a task that is new, or a place that became free, before it for longer than that.
    pub(crate) fn keep(&self, key: (AnnotatorId, Order), at: Reached, now: Timestamp, lease_seconds: u32) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if marks.len() >= MOST_KEPT {
            marks.retain(|_, mark| now < mark.until);
        }
        let until = now.plus_seconds(i64::from(lease_seconds.min(LONGEST)));
        marks.insert(key, Mark { at, until });
    }

    /// Moves the mark on; it ends when it would have ended.
    pub(crate) fn advance(&self, key: &(AnnotatorId, Order), at: Position) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mark) = marks.get_mut(key) {
            mark.at = Reached::Here(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Marks, Position, Reached};
    use crate::repo::free_tasks::Order;
    use domain::{id::AnnotatorId, time::Timestamp};

    fn at(sample: &str) -> Position {
        Position { place: 0.5, sample: sample.to_owned() }
    }

    fn here(sample: &str) -> Reached {
        Reached::Here(at(sample))
    }

    #[test]
    fn a_mark_ends_with_the_lease_however_often_it_moves() {
        let (marks, key, start) = (Marks::default(), (AnnotatorId(1), Order::Others), Timestamp(0));
        assert_eq!(marks.of(&key, start), None);
        marks.keep(key, here("a"), start, 10);
        marks.advance(&key, at("b"));
        assert_eq!(marks.of(&key, start.plus_seconds(9)), Some(here("b")));
        assert_eq!(marks.of(&key, start.plus_seconds(10)), None);
        assert_eq!(marks.of(&(AnnotatorId(1), Order::Audit), start), None, "each order has its own");
        marks.keep(key, here("c"), start, 86_400);
        assert_eq!(marks.of(&key, start.plus_seconds(60)), None, "a minute at most");
    }
}
