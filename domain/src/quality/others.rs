//! How often a person says what most of the others say of the same task.
//!
//! **Definition.** Of the tasks on which the other people's answers have one most frequent label, the share on which the
//! person gave it. One's own answer is left out, or everybody would agree with themselves.
//!
//! **Range** [0, 1]. **Undefined** where there is no such task: nobody else answered, or the others were always tied.
//!
//! **Assumes** nothing about who is right: a person who is right against two who share a mistake disagrees. It counts
//! tasks that are still open.

use super::{Numbered, Proportion, Undefined};
use crate::agreement::Item;

/// By person.
pub(super) fn of(numbered: &Numbered) -> Vec<Proportion> {
    let mut tallies = vec![(0, 0); numbered.ratings.annotators().len()];
    for item in numbered.ratings.shared_items() {
        for answer in item.answers {
            if let Some(label) = most_of_others(item, answer.label) {
                let (count, of) = &mut tallies[answer.annotator as usize];
                *count += i64::from(label == answer.label);
                *of += 1;
            }
        }
    }
    let tally = |place: &Option<u32>| place.and_then(|place| tallies.get(place as usize)).copied();
    let share = |(count, of)| Proportion::of(count, of, Undefined::NobodyElse);
    numbered.places.iter().map(|place| share(tally(place).unwrap_or_default())).collect()
}

/// The label that is more frequent than every other once one answer of `own` is left out.
fn most_of_others(item: Item<'_>, own: u32) -> Option<u32> {
    let others = item.counts.iter().map(|each| (each.label, each.count - u64::from(each.label == own)));
    let most = others.clone().map(|(_, count)| count).max()?;
    let mut leaders = others.filter(|(_, count)| *count == most);
    leaders.next().filter(|_| leaders.next().is_none()).map(|(label, _)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_s_own_answer_does_not_count() {
        let labels = vec!["x".to_owned(), "y".to_owned()];
        // Of task 1 two say x and one y; of task 2 one each.
        let answers = vec![(1, 0, 0), (1, 1, 0), (1, 2, 1), (2, 0, 0), (2, 1, 1)];
        let found = of(&Numbered::of(4, labels, answers));
        let told: Vec<_> = found.iter().map(|share| (share.count, share.of)).collect();
        // Of task 1 the first two see one x and one y beside theirs: a tie.
        assert_eq!(told, [(Some(0), 1), (Some(0), 1), (Some(0), 1), (Some(0), 0)]);
        assert_eq!(found[3].undefined, Some(Undefined::NobodyElse));
    }
}
