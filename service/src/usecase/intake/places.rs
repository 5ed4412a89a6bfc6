//! Which places of a task imported answers fill. Knows the rows that are there, and writes none.

use crate::entity::slot;
use domain::time::Timestamp;

/// The places of one task.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// How many there are.
    pub count: i32,
    /// Those that somebody holds, held or has answered.
    rows: Vec<slot::Model>,
}

impl Places {
    pub(super) fn of(count: i32, rows: Vec<slot::Model>) -> Self {
        Self { count, rows }
    }

    /// Whether anybody has answered.
    pub(super) fn any_answered(&self) -> bool {
        self.rows.iter().any(|row| row.annotation_id.is_some())
    }

    /// Gives a place to somebody who has answered, and returns it with the row that gives way to it: their own, as who has
    /// answered need not hold it any more; a place that nobody was given yet; one whose lease is over; or, as what others
    /// hold stays theirs, one more. None where they have answered already: another server may have opened the task
    /// meanwhile, and taken their answer.
    pub(super) fn give(
        &mut self,
        new: slot::Model,
        now: Timestamp,
    ) -> Option<(slot::Model, Option<slot::Model>)> {
        let own = self.rows.iter().position(|row| row.annotator_id == new.annotator_id);
        let unused = || (1..=self.count).find(|place| self.rows.iter().all(|row| row.slot != *place));
        let over = || self.rows.iter().position(|row| !row.is_taken(now));
        let (place, gives_way) = match own {
            Some(own) if self.rows[own].annotation_id.is_some() => return None,
            Some(own) => (self.rows[own].slot, Some(own)),
            None => match unused() {
                Some(unused) => (unused, None),
                None => match over() {
                    Some(over) => (self.rows[over].slot, Some(over)),
                    None => (self.count + 1, None),
                },
            },
        };
        self.count = self.count.max(place);
        let gives_way = gives_way.map(|index| self.rows.swap_remove(index));
        let given = slot::Model { slot: place, ..new };
        self.rows.push(given.clone());
        Some((given, gives_way))
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use crate::entity::slot;
    use domain::time::Timestamp;

    const NOW: Timestamp = Timestamp(100);

    fn row(place: i32, annotator: i64, expires_at: i64, annotation: Option<i64>) -> slot::Model {
        slot::Model {
            task_id: 1,
            slot: place,
            annotator_id: annotator,
            lease: format!("lease of {annotator}"),
            claimed_at: 0,
            expires_at,
            annotation_id: annotation,
        }
    }

    /// Place, and whose lease gave way, for answers of these people who are given one.
    fn given(places: &mut Places, people: &[i64]) -> Vec<(i32, Option<i64>)> {
        let given = |person: &i64| {
            let (slot, gives_way) = places.give(row(0, *person, 0, Some(*person)), NOW)?;
            Some((slot.slot, gives_way.map(|row| row.annotator_id)))
        };
        people.iter().filter_map(given).collect()
    }

    #[test]
    fn a_place_that_is_held_stays_and_one_that_is_over_does_not() {
        let rows = vec![row(1, 10, 200, None), row(2, 11, 50, None)];
        let mut places = Places::of(3, rows);
        assert_eq!(given(&mut places, &[1, 2, 3]), [(3, None), (2, Some(11)), (4, None)]);
        assert_eq!(places.count, 4);
    }

    #[test]
    fn who_holds_a_place_answers_that_one_and_only_once() {
        let mut places = Places::of(2, vec![row(1, 10, 200, None), row(2, 11, 200, Some(7))]);
        assert_eq!(given(&mut places, &[10, 11, 12]), [(1, Some(10)), (3, None)]);
        assert!(places.any_answered());
    }
}
