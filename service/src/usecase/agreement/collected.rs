//! What all annotators of a project said to one question, as numbers: a million answers take some tens of megabytes.
//!
//! Reads; computes nothing.

use super::AgreementFilter;
use crate::{
    db::Db,
    error::{Error, Result},
    repo::{annotators, given_answers, projects::Project},
};
use domain::{
    agreement::Ratings, answer::Answers, id::AnnotatorId, name::SampleKey, schema::Question,
    signal::SignalKind,
};
use std::collections::HashMap;

/// Everything that was said to one question.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub tasks: Vec<TaskAnswered>,
    pub answers: Vec<AnswerGiven>,
    /// By the number of an annotator, the name.
    names: Vec<String>,
    /// The labels in the order of the question's options, others after them.
    labels: Vec<String>,
    /// The models, by number.
    pub models: Vec<String>,
}

/// A task that somebody answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct TaskAnswered {
    pub id: i64,
    pub reason: Option<SignalKind>,
    /// When its last answer was given.
    pub answered_at: i64,
    /// The number of the model behind it.
    pub model: Option<u32>,
}

/// An answer; task, annotator and label are numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnswerGiven {
    pub task: u32,
    pub annotator: u32,
    pub label: u32,
    pub guideline_revision: i32,
}

impl AnswerGiven {
    /// Task, annotator and label.
    pub(super) fn numbers(&self) -> (u32, u32, u32) {
        (self.task, self.annotator, self.label)
    }
}

impl Collected {
    /// Reads page by page, so that nothing is held open.
    pub(super) async fn read(
        db: &Db,
        project: &Project,
        question: &Question,
        filter: &AgreementFilter,
    ) -> Result<Self> {
        let mut reading = Reading::default();
        let mut after = Some(given_answers::After::start(filter.from));
        while let Some(from) = after {
            let page = given_answers::page(db.read(), project.id, from, filter.to).await?;
            after = given_answers::After::page(&page);
            for row in page {
                let reason = SignalKind::parse(&row.reason_kind);
                let guideline =
                    filter.guideline_revision.is_none_or(|wanted| wanted == row.guideline_revision);
                if guideline && (filter.reason.is_none() || filter.reason == reason) {
                    reading.answer(&row, reason, &question.name)?;
                }
            }
        }
        let shown = annotators::shown(db.read(), project.id).await?;
        let mut collected = reading.collected(question, &|id| {
            shown.get(&AnnotatorId(id)).map(|shown| shown.name.clone()).unwrap_or_default()
        })?;
        if given_answers::has_models(db.read(), project.id).await? {
            collected.find_models(db, &question.name).await?;
        }
        if let Some(model) = &filter.model {
            collected.keep_model(model);
        }
        Ok(collected)
    }

    async fn find_models(&mut self, db: &Db, question: &str) -> Result<()> {
        let tasks: Vec<i64> = self.tasks.iter().map(|task| task.id).collect();
        let found = given_answers::models(db.read(), question, &tasks).await?;
        self.models = found.values().cloned().collect();
        self.models.sort_unstable();
        self.models.dedup();
        for task in &mut self.tasks {
            let model = found.get(&task.id).and_then(|model| self.models.binary_search(model).ok());
            task.model = model.map(u32::try_from).transpose().map_err(Error::internal)?;
        }
        Ok(())
    }

    /// Leaves out the answers to tasks that another model is behind.
    fn keep_model(&mut self, model: &str) {
        let wanted =
            self.models.iter().position(|known| known == model).and_then(|at| u32::try_from(at).ok());
        let tasks = &self.tasks;
        self.answers.retain(|answer| wanted.is_some() && tasks[answer.task as usize].model == wanted);
    }

    /// All answers as ratings; items are the numbers of tasks.
    pub(super) fn ratings(&self) -> Result<Ratings> {
        self.rated(self.answers.iter().map(AnswerGiven::numbers))
    }

    /// These answers, as task, annotator and label.
    pub(super) fn rated(&self, answers: impl IntoIterator<Item = (u32, u32, u32)>) -> Result<Ratings> {
        Ratings::from_indexes(self.names.clone(), self.labels.clone(), answers).map_err(Error::internal)
    }

    /// The numbers of the tasks that have answers: the items of all ratings, in their order.
    pub(super) fn items(&self) -> Vec<u32> {
        let mut items: Vec<u32> = self.answers.iter().map(|answer| answer.task).collect();
        items.sort_unstable();
        items.dedup();
        items
    }

    /// The samples of those of these tasks that are not open any more, by the tasks' ids: what others said of an open one
    /// is nobody's business who may still answer it.
    pub(super) async fn samples(db: &Db, tasks: &[i64]) -> Result<HashMap<i64, SampleKey>> {
        given_answers::samples_of_closed(db.read(), tasks).await
    }
}

/// What was read until now.
#[derive(Default)]
struct Reading {
    collected: Collected,
    tasks: HashMap<i64, u32>,
    people: HashMap<i64, u32>,
    labels: HashMap<String, u32>,
}

impl Reading {
    fn answer(
        &mut self,
        row: &given_answers::GivenAnswer,
        reason: Option<SignalKind>,
        question: &str,
    ) -> Result<()> {
        let given: Answers = serde_json::from_str(&row.answers)?;
        let Some(value) = given.0.get(question) else { return Ok(()) };
        let next = u32::try_from(self.collected.tasks.len()).map_err(Error::internal)?;
        let task = *self.tasks.entry(row.task_id).or_insert(next);
        if task == next {
            let new = TaskAnswered { id: row.task_id, reason, answered_at: row.created_at, model: None };
            self.collected.tasks.push(new);
        }
        // Answers come by time.
        self.collected.tasks[task as usize].answered_at = row.created_at;
        let annotator = numbered(&mut self.people, row.annotator_id)?;
        let label = match value.as_str() {
            Some(label) => label.to_owned(),
            None => value.to_string(),
        };
        let label = numbered(&mut self.labels, label)?;
        let guideline_revision = row.guideline_revision;
        self.collected.answers.push(AnswerGiven { task, annotator, label, guideline_revision });
        Ok(())
    }

    /// Gives annotators and labels the numbers of their order.
    fn collected(self, question: &Question, name: &dyn Fn(i64) -> String) -> Result<Collected> {
        let mut collected = self.collected;
        // Who took an answer back and gave another while the pages were read may be here twice: the later counts.
        collected.answers.sort_by_key(|answer| (answer.task, answer.annotator));
        collected.answers.dedup_by(|later, kept| {
            let is_same = (later.task, later.annotator) == (kept.task, kept.annotator);
            if is_same {
                *kept = *later;
            }
            is_same
        });
        let mut people: Vec<(i64, u32)> = self.people.into_iter().collect();
        people.sort_unstable();
        let place = |label: &str| question.options.iter().position(|option| option.value == label);
        let mut labels: Vec<(String, u32)> = self.labels.into_iter().collect();
        labels.sort_by_cached_key(|(label, _)| (place(label).unwrap_or(usize::MAX), label.clone()));
        let person_of = order(people.iter().map(|(_, number)| *number))?;
        let label_of = order(labels.iter().map(|(_, number)| *number))?;
        for answer in &mut collected.answers {
            answer.annotator = person_of[answer.annotator as usize];
            answer.label = label_of[answer.label as usize];
        }
        collected.names = people.iter().map(|(id, _)| name(*id)).collect();
        collected.labels = labels.into_iter().map(|(label, _)| label).collect();
        Ok(collected)
    }
}

fn numbered<K: std::hash::Hash + Eq>(known: &mut HashMap<K, u32>, key: K) -> Result<u32> {
    let next = u32::try_from(known.len()).map_err(Error::internal)?;
    Ok(*known.entry(key).or_insert(next))
}

/// By number, its place in the order.
fn order(numbers: impl ExactSizeIterator<Item = u32>) -> Result<Vec<u32>> {
    let mut places = vec![0; numbers.len()];
    for (place, number) in numbers.enumerate() {
        places[number as usize] = u32::try_from(place).map_err(Error::internal)?;
    }
    Ok(places)
}
