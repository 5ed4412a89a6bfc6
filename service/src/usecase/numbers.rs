//! What a project's annotators said to one question, as numbers: a million answers take some tens of megabytes. And whether
//! what they say together is computed while somebody waits, or kept.
//!
//! Decides nothing about what the numbers mean.

use crate::{
    error::{Error, Result},
    kept::{FEW, Kept},
    repo::annotations,
    services::Services,
};
use domain::{answer::Answers, id::ProjectId};
use sea_orm::ConnectionTrait;
use std::{collections::HashMap, hash::Hash, sync::Arc};

/// Different texts of answers that are remembered.
const MOST_TEXTS: usize = 20_000;

/// Gives each key the number of its turn.
#[derive(Debug)]
pub(super) struct Numbers<K>(HashMap<K, u32>);

impl<K> Default for Numbers<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Numbers<K> {
    pub(super) fn of(&mut self, key: K) -> Result<u32> {
        let next = u32::try_from(self.0.len()).map_err(Error::internal)?;
        Ok(*self.0.entry(key).or_insert(next))
    }

    /// The keys in the order of their numbers.
    pub(super) fn into_keys(self) -> Vec<K> {
        let mut keys: Vec<(K, u32)> = self.0.into_iter().collect();
        keys.sort_unstable_by_key(|(_, number)| *number);
        keys.into_iter().map(|(key, _)| key).collect()
    }

    /// The keys in the order of what `rank` says of each, and by number the place of its key in it.
    pub(super) fn into_order<R: Ord>(self, rank: impl Fn(&K) -> R) -> (Vec<K>, Vec<u32>) {
        let mut keys: Vec<(K, u32)> = self.0.into_iter().collect();
        keys.sort_by_cached_key(|(key, _)| rank(key));
        let mut places = vec![0; keys.len()];
        for ((_, number), place) in keys.iter().zip(0..) {
            places[*number as usize] = place;
        }
        (keys.into_iter().map(|(key, _)| key).collect(), places)
    }
}

/// The labels that are given to one question.
#[derive(Debug)]
pub(super) struct Labels {
    question: String,
    numbers: Numbers<String>,
    /// By the text of all answers: the same texts come again and again.
    texts: HashMap<String, Option<u32>>,
}

impl Labels {
    pub(super) fn of_question(question: &str) -> Self {
        Self { question: question.to_owned(), numbers: Numbers::default(), texts: HashMap::new() }
    }

    /// The number of the label in these answers; none where they leave the question out.
    pub(super) fn of(&mut self, answers: &str) -> Result<Option<u32>> {
        if let Some(known) = self.texts.get(answers) {
            return Ok(*known);
        }
        let given: Answers = serde_json::from_str(answers)?;
        let text = given.0.get(&self.question);
        let text = text.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        let label = text.map(|text| self.numbers.of(text)).transpose()?;
        if self.texts.len() < MOST_TEXTS {
            self.texts.insert(answers.to_owned(), label);
        }
        Ok(label)
    }

    pub(super) fn into_numbers(self) -> Numbers<String> {
        self.numbers
    }
}

/// Leaves one answer of each person to each task, in their order. Who took an answer back and gave another while the pages
/// were read may be here twice: the later counts.
pub(super) fn keep_later<T: Copy>(answers: &mut Vec<T>, task_and_person: impl Fn(&T) -> (u32, u32)) {
    answers.sort_by_key(&task_and_person);
    answers.dedup_by(|later, kept| {
        let is_same = task_and_person(later) == task_and_person(kept);
        if is_same {
            *kept = *later;
        }
        is_same
    });
}

/// Whether a project has so few answers that what they say is told as it is at this moment.
pub(super) async fn are_few<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<bool> {
    annotations::are_at_most(conn, project, FEW).await
}

impl Services {
    /// What a project's answers say: of few computed for whoever asks, of many what is kept.
    pub(super) async fn computed_or_kept<K, B, V>(
        &self,
        project: ProjectId,
        (kept, key): (&Kept<K, B, V>, K),
        basis: impl Future<Output = Result<B>>,
        compute: impl Future<Output = Result<V>> + Send + 'static,
    ) -> Result<Arc<V>>
    where
        K: Clone + Eq + Hash + Send + 'static,
        B: Clone + PartialEq + Send + 'static,
        V: Send + Sync + 'static,
    {
        if are_few(self.db.read(), project).await? {
            return compute.await.map(Arc::new);
        }
        kept.awaited(&self.background, key, basis.await?, compute).await
    }
}

#[cfg(test)]
mod tests {
    use super::{Labels, Numbers, keep_later};
    use crate::error::Result;

    #[test]
    fn keys_have_the_numbers_of_their_turns_and_places_of_their_order() -> Result<()> {
        let mut numbers = Numbers::default();
        let given: Vec<u32> =
            ["c", "a", "c", "b"].into_iter().map(|key| numbers.of(key)).collect::<Result<_>>()?;
        assert_eq!(given, [0, 1, 0, 2]);
        assert_eq!(numbers.into_order(|key| *key), (vec!["a", "b", "c"], vec![2, 0, 1]));
        Ok(())
    }

    #[test]
    fn a_label_is_what_is_said_to_its_question() -> Result<()> {
        let mut labels = Labels::of_question("intent");
        assert_eq!(labels.of(r#"{"intent":"loan","tone":"calm"}"#)?, Some(0));
        assert_eq!(labels.of(r#"{"tone":"calm"}"#)?, None);
        assert_eq!(labels.of(r#"{"intent":"카드"}"#)?, Some(1));
        assert_eq!(labels.of(r#"{"tone":"cross","intent":"loan"}"#)?, Some(0));
        assert_eq!(labels.into_numbers().into_keys(), ["loan", "카드"]);
        Ok(())
    }

    #[test]
    fn of_two_answers_of_a_person_the_later_counts() {
        let mut answers = vec![(1, 0, 'a'), (0, 1, 'b'), (1, 0, 'c'), (0, 0, 'd')];
        keep_later(&mut answers, |(task, person, _)| (*task, *person));
        assert_eq!(answers, [(0, 0, 'd'), (0, 1, 'b'), (1, 0, 'c')]);
    }
}
