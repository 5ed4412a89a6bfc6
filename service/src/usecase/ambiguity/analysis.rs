//! Which labels of a question were given to the same tasks, and to which. Of few answers it is told as it is at this moment,
//! of many it is kept.

use super::Last;
use crate::{
    db::Db,
    error::{Error, Result},
    kept::{FEW, Kept},
    repo::{
        annotations::{self, NewestAnnotation},
        decisions,
        given_answers::{self, After},
        tasks,
    },
    services::Services,
};
use domain::{
    agreement::{Ambiguity, Ratings, ambiguous_pairs},
    answer::Answers,
    id::ProjectId,
    task::TaskState,
    time::Timestamp,
    view::ambiguity::PairTasks,
};
use std::{collections::HashMap, sync::Arc};

/// The pairs of labels of each project and question, by the newest annotation and the newest decision.
pub(crate) type KeptAmbiguities = Kept<(ProjectId, String), (NewestAnnotation, Option<i64>), Analysis>;

/// The pairs of labels of a question, the most ambiguous first.
#[derive(Clone, Debug)]
pub(crate) struct Analysis {
    pub(super) pairs: Vec<Pair>,
    pub(super) computed_at: Timestamp,
}

/// A pair of labels, the first of which comes before the second, with the tasks to which both were given.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub ambiguity: Ambiguity,
    /// Ascending.
    pub tasks: Vec<i64>,
    /// Where they stand.
    pub counts: PairTasks,
}

impl Analysis {
    /// The pair of these labels, in either order.
    pub(super) fn pair(&self, [a, b]: [&str; 2]) -> Option<&Pair> {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        self.pairs.iter().find(|pair| pair.ambiguity.a == a && pair.ambiguity.b == b)
    }

    /// Counts where the tasks of each pair stand.
    async fn count(&mut self, db: &Db) -> Result<()> {
        let mut tasks: Vec<i64> = self.pairs.iter().flat_map(|pair| &pair.tasks).copied().collect();
        tasks.sort_unstable();
        tasks.dedup();
        let states = tasks::states(db.read(), &tasks).await?;
        for pair in &mut self.pairs {
            for task in &pair.tasks {
                match states.get(task) {
                    Some(TaskState::Open) => pair.counts.open += 1,
                    Some(TaskState::InReview) => pair.counts.in_review += 1,
                    Some(TaskState::Approved | TaskState::Dismissed) => pair.counts.decided += 1,
                    Some(TaskState::Superseded | TaskState::Known) | None => {}
                }
            }
        }
        Ok(())
    }

    /// The pairs after the last of a page: after that one, or where it would stand now.
    pub(super) fn after(&self, last: &Last) -> &[Pair] {
        let is_last = |pair: &Pair| pair.ambiguity.a == last.a && pair.ambiguity.b == last.b;
        let place = match self.pairs.iter().position(is_last) {
            Some(place) => place + 1,
            None => self.pairs.partition_point(|pair| pair.ambiguity.excess > last.excess),
        };
        &self.pairs[place..]
    }
}

impl Services {
    /// The pairs of labels of a question.
    pub(super) async fn ambiguities_of(&self, project: ProjectId, question: &str) -> Result<Arc<Analysis>> {
        let now = self.now(self.db.read()).await?;
        let comparing = analyse(self.db.clone(), project, question.to_owned(), now);
        if annotations::are_at_most(self.db.read(), project, FEW).await? {
            return Ok(Arc::new(comparing.await?));
        }
        let newest = (annotations::newest(self.db.read()).await?, decisions::newest(self.db.read()).await?);
        let key = (project, question.to_owned());
        self.ambiguities.awaited(&self.background, key, newest, comparing).await
    }
}

/// Reads page by page, so that nothing is held open, and compares away from the threads that serve requests.
async fn analyse(db: Arc<Db>, project: ProjectId, question: String, now: Timestamp) -> Result<Analysis> {
    let mut given = Given::default();
    let mut after = Some(After::start(None));
    while let Some(from) = after {
        let page = given_answers::page(db.read(), project, from, None).await?;
        after = After::page(&page);
        for row in page {
            let answers: Answers = serde_json::from_str(&row.answers)?;
            if let Some(value) = answers.0.get(&question) {
                let label = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                given.add(row.task_id, row.annotator_id, label)?;
            }
        }
    }
    let analysis = tokio::task::spawn_blocking(move || given.analysis(now)).await;
    let mut analysis = analysis.map_err(Error::internal)??;
    analysis.count(&db).await?;
    Ok(analysis)
}

/// The counted answers to a question: task, and the numbers of annotator and label as they came.
#[derive(Default)]
struct Given {
    answers: Vec<(i64, u32, u32)>,
    people: HashMap<i64, u32>,
    labels: HashMap<String, u32>,
}

impl Given {
    fn add(&mut self, task: i64, annotator: i64, label: String) -> Result<()> {
        let next = |len: usize| u32::try_from(len).map_err(Error::internal);
        let (person, new) = (next(self.people.len())?, next(self.labels.len())?);
        let person = *self.people.entry(annotator).or_insert(person);
        let label = *self.labels.entry(label).or_insert(new);
        self.answers.push((task, person, label));
        Ok(())
    }

    fn analysis(mut self, computed_at: Timestamp) -> Result<Analysis> {
        // Who took an answer back and gave another while the pages were read may be here twice: the later counts.
        self.answers.reverse();
        self.answers.sort_by_key(|(task, person, _)| (*task, *person));
        self.answers.dedup_by_key(|(task, person, _)| (*task, *person));
        let mut tasks: Vec<i64> = self.answers.iter().map(|(task, ..)| *task).collect();
        tasks.sort_unstable();
        tasks.dedup();
        u32::try_from(tasks.len()).map_err(Error::internal)?;
        // In the order of their bytes, whatever came first.
        let mut labels: Vec<(String, u32)> = self.labels.into_iter().collect();
        labels.sort_unstable();
        let mut place = vec![0; labels.len()];
        for ((_, number), at) in labels.iter().zip(0..) {
            place[*number as usize] = at;
        }
        let people = (0..self.people.len()).map(|number| number.to_string()).collect();
        let names = labels.into_iter().map(|(label, _)| label).collect();
        let answers = self.answers.iter().map(|(task, person, label)| {
            (tasks.partition_point(|known| known < task) as u32, *person, place[*label as usize])
        });
        let ratings = Ratings::from_indexes(people, names, answers).map_err(Error::internal)?;
        let pairs = ambiguous_pairs(&ratings).into_iter().map(|pair| Pair {
            ambiguity: pair.ambiguity,
            tasks: pair.items.into_iter().map(|place| tasks[place as usize]).collect(),
            counts: PairTasks::default(),
        });
        Ok(Analysis { pairs: pairs.collect(), computed_at })
    }
}
