//! What must hold of the queue's rows at rest, whoever wrote them. Pure: it judges a snapshot.

use std::collections::{HashMap, HashSet};

use super::snapshot::{Slot, Snapshot, Task};

/// Everything that is wrong.
pub(crate) fn faults(snapshot: &Snapshot) -> Vec<String> {
    let counted = snapshot.counted();
    let mut faults = doubles(snapshot);
    faults.extend(loose_ends(snapshot));
    for task in snapshot.tasks.values() {
        let counted = counted.get(&task.id).map_or(&[][..], Vec::as_slice);
        if counted.len() as i64 > task.places {
            faults.push(format!("task {} has {} answers for {} places", task.id, counted.len(), task.places));
        }
        faults.extend(unjustified(snapshot, task, counted));
    }
    faults
}

/// After everybody has answered everything they were given, nothing may be left open.
pub(crate) fn open_tasks(snapshot: &Snapshot) -> Vec<String> {
    let open = snapshot.tasks.values().filter(|task| task.state == "open");
    open.map(|task| format!("task {} is still open after everybody's queue was empty", task.id)).collect()
}

/// A place that is used twice, and a person with two places of one task.
fn doubles(snapshot: &Snapshot) -> Vec<String> {
    let (mut places, mut people) = (HashSet::new(), HashMap::new());
    let mut faults = Vec::new();
    for slot in &snapshot.slots {
        if !places.insert((slot.task, slot.place)) {
            faults.push(format!("place {} of task {} is taken twice", slot.place, slot.task));
        }
        let answers: &mut i64 = people.entry((slot.task, slot.annotator)).or_default();
        *answers += 1;
        if *answers == 2 {
            faults.push(format!("annotator {} has two places of task {}", slot.annotator, slot.task));
        }
    }
    faults
}

/// Slots and annotations that do not fit each other.
fn loose_ends(snapshot: &Snapshot) -> Vec<String> {
    let mut faults = Vec::new();
    let mut counted = HashSet::new();
    for slot in &snapshot.slots {
        if snapshot.tasks.get(&slot.task).is_none_or(|task| !(1..=task.places).contains(&slot.place)) {
            faults.push(format!("task {} has no place {}", slot.task, slot.place));
        }
        let Some(id) = slot.annotation else { continue };
        counted.insert(id);
        match snapshot.annotations.get(&id) {
            None => {
                faults.push(format!("a place of task {} points to annotation {id}, which is gone", slot.task))
            }
            Some(found) if (found.task, found.annotator) != (slot.task, slot.annotator) => {
                faults.push(format!("a place of task {} points to annotation {id} of another", slot.task));
            }
            Some(_) if snapshot.withdrawn.contains(&id) => {
                faults.push(format!("annotation {id} was taken back and counts all the same"));
            }
            Some(_) => {}
        }
    }
    for id in snapshot.annotations.keys() {
        if !counted.contains(id) && !snapshot.withdrawn.contains(id) {
            faults.push(format!("annotation {id} neither counts nor was taken back"));
        }
    }
    faults
}

/// A state that the task's answers do not justify.
fn unjustified(snapshot: &Snapshot, task: &Task, counted: &[&Slot]) -> Option<String> {
    let full = counted.len() as i64 >= task.places;
    let nobody_left =
        || snapshot.members.iter().all(|member| !snapshot.could_answer(member, task.id, counted));
    let is_wrong = match (task.state.as_str(), task.approved_by.as_deref()) {
        ("open", _) => full || nobody_left(),
        ("superseded", _) => !counted.is_empty(),
        // Whoever comes gets a place of its own, and nothing moves it on.
        ("known", _) => false,
        ("approved", Some("policy")) => !full || !is_unanimous(snapshot, counted),
        ("in_review" | "approved" | "dismissed", _) => !full && !nobody_left(),
        _ => true,
    };
    is_wrong.then(|| {
        let by = task.approved_by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
        let (id, state) = (task.id, &task.state);
        format!("task {id} is {state}{by} with {} of {} answers", counted.len(), task.places)
    })
}

fn is_unanimous(snapshot: &Snapshot, counted: &[&Slot]) -> bool {
    let said = counted
        .iter()
        .filter_map(|slot| snapshot.annotations.get(&slot.annotation?))
        .map(|found| &found.says);
    said.collect::<HashSet<_>>().len() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stress::snapshot::Annotation;

    /// Task 1 with two places, and three members of whom the first two have answered it.
    fn answered() -> Snapshot {
        let slot = |place, annotator| Slot { task: 1, place, annotator, annotation: Some(10 + annotator) };
        let annotation = |annotator| Annotation {
            id: 10 + annotator,
            task: 1,
            annotator,
            note: None,
            says: "answered card".to_owned(),
        };
        let name = |n: i64| format!("{n}@example.org");
        Snapshot {
            tasks: [(1, Task { id: 1, state: "in_review".to_owned(), places: 2, approved_by: None })].into(),
            slots: vec![slot(1, 1), slot(2, 2)],
            annotations: [1, 2].map(|n| (10 + n, annotation(n))).into(),
            annotators: [1, 2, 3].map(|n| (name(n), n)).into(),
            members: [1, 2, 3].map(name).into(),
            ..Snapshot::default()
        }
    }

    fn only_fault(change: impl FnOnce(&mut Snapshot)) -> String {
        let mut snapshot = answered();
        change(&mut snapshot);
        faults(&snapshot).join("; ")
    }

    fn in_state(state: &str) -> impl FnOnce(&mut Snapshot) {
        move |snapshot| {
            for task in snapshot.tasks.values_mut() {
                state.clone_into(&mut task.state);
            }
        }
    }

    #[test]
    fn a_task_in_order_has_no_faults() {
        assert_eq!(only_fault(|_| {}), "");
        assert_eq!(only_fault(in_state("approved")), "");
    }

    #[test]
    fn more_answers_than_places_are_found() {
        let fault = only_fault(|snapshot| {
            snapshot.slots.push(Slot { task: 1, place: 2, annotator: 3, annotation: Some(13) });
            let other = snapshot.annotations[&11].clone();
            snapshot.annotations.insert(13, Annotation { id: 13, annotator: 3, ..other });
        });
        assert_eq!(fault, "place 2 of task 1 is taken twice; task 1 has 3 answers for 2 places");
    }

    #[test]
    fn two_places_of_one_person_are_found() {
        let fault = only_fault(|snapshot| {
            for found in snapshot.slots.iter_mut() {
                found.annotator = 1;
            }
            for found in snapshot.annotations.values_mut() {
                found.annotator = 1;
            }
        });
        assert_eq!(fault, "annotator 1 has two places of task 1");
    }

    #[test]
    fn an_answer_that_does_not_count_is_found() {
        let fault = only_fault(|snapshot| {
            snapshot.slots.pop();
            in_state("open")(snapshot);
        });
        assert_eq!(fault, "annotation 12 neither counts nor was taken back");
    }

    #[test]
    fn an_answer_that_was_taken_back_and_counts_is_found() {
        let fault = only_fault(|snapshot| {
            snapshot.withdrawn.insert(12);
        });
        assert_eq!(fault, "annotation 12 was taken back and counts all the same");
    }

    #[test]
    fn a_task_that_sticks_is_found() {
        assert_eq!(only_fault(in_state("open")), "task 1 is open with 2 of 2 answers");
        assert_eq!(only_fault(in_state("superseded")), "task 1 is superseded with 2 of 2 answers");
        let early = only_fault(|snapshot| {
            snapshot.slots.pop();
            snapshot.withdrawn.insert(12);
        });
        assert_eq!(early, "task 1 is in_review with 1 of 2 answers");
        let nobody_left = only_fault(|snapshot| {
            snapshot.slots.pop();
            snapshot.withdrawn.insert(12);
            snapshot.skips.extend([(1, 2), (1, 3)]);
        });
        assert_eq!(nobody_left, "", "two have skipped it, so nobody could answer it any more");
    }
}
