//! Numbers that pages and claims tell about what is large: counted once in a while, since counting costs more than the
//! work it accompanies. What is small is never kept, and so always exact.
//!
//! Decides nothing: what is served, counted or cut follows from the rows alone.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a number is told again without a look.
const FRESH: Duration = Duration::from_secs(5);
/// How old a number may be that is told once more while it is counted anew.
const OLD: Duration = Duration::from_secs(120);
/// Beyond this many, those that are too old to be told are forgotten.
const MOST_KEPT: usize = 1000;

/// The numbers of one sort, of this process alone.
#[derive(Debug)]
pub(crate) struct Recent<K, V>(Mutex<HashMap<K, Kept<V>>>);

#[derive(Debug)]
struct Kept<V> {
    value: V,
    counted: Instant,
    /// When somebody was last asked to count it anew, whatever came of it.
    asked: Instant,
}

/// A number that was counted lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told<V> {
    /// It can be told as it is.
    Fresh(V),
    /// It can be told, and whoever got it here shall count it anew; nobody else is asked to meanwhile.
    Stale(V),
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    /// The number of `key`, where it was counted lately.
    pub(crate) fn told(&self, key: &K) -> Option<Told<V>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get_mut(key).filter(|kept| kept.counted.elapsed() < OLD)?;
        if kept.asked.elapsed() < FRESH {
            return Some(Told::Fresh(kept.value.clone()));
        }
        kept.asked = Instant::now();
        Some(Told::Stale(kept.value.clone()))
    }

    /// Keeps a number that was just counted, or forgets the one before where it is not `worth` it.
    pub(crate) fn keep(&self, key: K, value: V, worth: Worth) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if worth == Worth::CountingAnew {
            kept.remove(&key);
            return;
        }
        if kept.len() >= MOST_KEPT {
            kept.retain(|_, kept| kept.counted.elapsed() < OLD);
        }
        let now = Instant::now();
        kept.insert(key, Kept { value, counted: now, asked: now });
    }
}

/// What a number is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    /// It is large: it took long to count, and a little more or less does not matter.
    Keeping,
    /// It is small.
    CountingAnew,
}

impl Worth {
    /// Of a number from `long` on.
    pub(crate) fn of(number: i64, long: i64) -> Self {
        if number >= long { Self::Keeping } else { Self::CountingAnew }
    }
}

#[cfg(test)]
mod tests {
    use super::{Recent, Told, Worth};

    #[test]
    fn only_a_large_number_is_told_again() {
        let recent = Recent::default();
        recent.keep("anna", 500, Worth::of(500, 500));
        recent.keep("ben", 499, Worth::of(499, 500));
        assert_eq!((recent.told(&"anna"), recent.told(&"ben")), (Some(Told::Fresh(500)), None));
        recent.keep("anna", 3, Worth::of(3, 500));
        assert_eq!(recent.told(&"anna"), None, "it became small");
    }
}
