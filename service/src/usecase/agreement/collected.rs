//! What all annotators of a project said to one question, as numbers: a million answers take some tens of megabytes.
//!
//! Reads; computes nothing.

use super::AgreementFilter;
use crate::{
    db::Db,
    error::{Error, Result},
    repo::{annotators, given_answers, projects::Project},
    usecase::numbers::{Labels, Numbers, keep_later},
};
use domain::{agreement::Ratings, id::AnnotatorId, name::SampleKey, schema::Question, signal::SignalKind};
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
        let mut reading = Reading {
            collected: Self::default(),
            tasks: Numbers::default(),
            people: Numbers::default(),
            labels: Labels::of_question(&question.name),
        };
        let mut after = Some(given_answers::After::start(filter.from));
        while let Some(from) = after {
            let page = given_answers::page(db.read(), project.id, from, filter.to).await?;
            after = given_answers::After::page(&page);
            for row in page {
                let reason = SignalKind::parse(&row.reason_kind);
                let guideline =
                    filter.guideline_revision.is_none_or(|wanted| wanted == row.guideline_revision);
                if guideline && (filter.reason.is_none() || filter.reason == reason) {
                    reading.answer(&row, reason)?;
                }
            }
        }
        let shown = annotators::shown(db.read(), project.id).await?;
        let mut collected = reading.collected(question, &|id| {
            shown.get(&AnnotatorId(id)).map(|shown| shown.name.clone()).unwrap_or_default()
        });
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
struct Reading {
    collected: Collected,
    tasks: Numbers<i64>,
    people: Numbers<i64>,
    labels: Labels,
}

impl Reading {
    fn answer(&mut self, row: &given_answers::GivenAnswer, reason: Option<SignalKind>) -> Result<()> {
        let Some(label) = self.labels.of(&row.answers)? else { return Ok(()) };
        let task = self.tasks.of(row.task_id)?;
        let new = TaskAnswered { id: row.task_id, reason, answered_at: row.created_at, model: None };
        match self.collected.tasks.get_mut(task as usize) {
            // Answers come by time.
            Some(known) => known.answered_at = row.created_at,
            None => self.collected.tasks.push(new),
        }
        let annotator = self.people.of(row.annotator_id)?;
        let guideline_revision = row.guideline_revision;
        self.collected.answers.push(AnswerGiven { task, annotator, label, guideline_revision });
        Ok(())
    }

    /// Gives annotators and labels the numbers of their order.
    fn collected(self, question: &Question, name: &dyn Fn(i64) -> String) -> Collected {
        let mut collected = self.collected;
        keep_later(&mut collected.answers, |answer| (answer.task, answer.annotator));
        let (people, person_of) = self.people.into_order(|id| *id);
        let place = |label: &str| question.options.iter().position(|option| option.value == label);
        let labels = self.labels.into_numbers();
        let (labels, label_of) =
            labels.into_order(|label| (place(label).unwrap_or(usize::MAX), label.clone()));
        for answer in &mut collected.answers {
            answer.annotator = person_of[answer.annotator as usize];
            answer.label = label_of[answer.label as usize];
        }
        collected.names = people.into_iter().map(name).collect();
        collected.labels = labels;
        collected
    }
}
