//! Which labels of a question were given to the same tasks, and to which. Of few answers it is told as it is at this moment,
//! of many it is kept.

use super::Last;
use crate::{
    db::Db,
    error::{Error, Result},
    kept::Kept,
    repo::{
        annotations::{self, NewestAnnotation},
        decisions,
        given_answers::{self, After, GivenAnswer},
        tasks,
    },
    services::Services,
    usecase::numbers::{Labels, Numbers, keep_later},
};
use domain::{
    agreement::{Ambiguity, Ratings, ambiguous_pairs},
    id::ProjectId,
    task::TaskState,
    time::Timestamp,
    view::ambiguity::PairTasks,
};
use std::sync::Arc;

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
        let conn = self.db.read();
        let now = self.now(conn).await?;
        let comparing = analyse(self.db.clone(), project, question.to_owned(), now);
        let basis = async { Ok((annotations::newest(conn).await?, decisions::newest(conn).await?)) };
        let kept = (&self.ambiguities, (project, question.to_owned()));
        self.computed_or_kept(project, kept, basis, comparing).await
    }
}

/// Reads page by page, so that nothing is held open, and compares away from the threads that serve requests.
async fn analyse(db: Arc<Db>, project: ProjectId, question: String, now: Timestamp) -> Result<Analysis> {
    let mut given = Given {
        answers: Vec::new(),
        tasks: Numbers::default(),
        people: Numbers::default(),
        labels: Labels::of_question(&question),
    };
    let mut after = Some(After::start(None));
    while let Some(from) = after {
        let page = given_answers::page(db.read(), project, from, None).await?;
        after = After::page(&page);
        for row in page {
            given.add(&row)?;
        }
    }
    let analysis = tokio::task::spawn_blocking(move || given.analysis(now)).await;
    let mut analysis = analysis.map_err(Error::internal)??;
    analysis.count(&db).await?;
    Ok(analysis)
}

/// The counted answers to a question: the numbers of task, annotator and label as they came.
struct Given {
    answers: Vec<(u32, u32, u32)>,
    tasks: Numbers<i64>,
    people: Numbers<i64>,
    labels: Labels,
}

impl Given {
    fn add(&mut self, row: &GivenAnswer) -> Result<()> {
        if let Some(label) = self.labels.of(&row.answers)? {
            let task = self.tasks.of(row.task_id)?;
            self.answers.push((task, self.people.of(row.annotator_id)?, label));
        }
        Ok(())
    }

    fn analysis(mut self, computed_at: Timestamp) -> Result<Analysis> {
        keep_later(&mut self.answers, |(task, person, _)| (*task, *person));
        let (tasks, task_of) = self.tasks.into_order(|id| *id);
        // In the order of their bytes, whatever came first.
        let (labels, label_of) = self.labels.into_numbers().into_order(String::clone);
        let people = self.people.into_keys().iter().map(ToString::to_string).collect();
        let answers = self
            .answers
            .iter()
            .map(|(task, person, label)| (task_of[*task as usize], *person, label_of[*label as usize]));
        let ratings = Ratings::from_indexes(people, labels, answers).map_err(Error::internal)?;
        let pairs = ambiguous_pairs(&ratings).into_iter().map(|pair| Pair {
            ambiguity: pair.ambiguity,
            tasks: pair.items.into_iter().map(|place| tasks[place as usize]).collect(),
            counts: PairTasks::default(),
        });
        Ok(Analysis { pairs: pairs.collect(), computed_at })
    }
}
