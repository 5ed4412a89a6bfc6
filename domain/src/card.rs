//! The data card of a version: what its labels are, how they came about and what they are not good for, in Markdown that
//! begins like the card of a data set on Hugging Face and can be its `README.md`.
//!
//! It names no person. What people wrote appears as the text that it is, whatever signs are in it.

pub(crate) mod escape;
mod front_matter;
mod sections;
mod words;

use crate::{
    answer::Answers,
    provenance::{LabelAuthor, Provenance, VersionSource},
    schema::Schema,
    settings::CardSettings,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
#[cfg(test)]
use serde_json::Value;
use std::collections::BTreeMap;

pub use words::Language;

/// Of how many different answers to a question each is counted; the others are counted together.
const MOST_ANSWERS: usize = 2_000;

/// What the labels of a version are, counted. None of it changes as long as the version is there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Labels.
    pub labels: i64,
    /// By question and answer, how many labels have it.
    pub answers: BTreeMap<String, Answered>,
    /// How many labels a reviewer decided.
    pub by_reviewer: i64,
    /// How many the review policy let through.
    pub by_policy: i64,
    /// How many came with an import and were never decided here.
    pub by_import: i64,
    /// How many came back with a revert.
    pub by_revert: i64,
    /// How many rest on one annotation.
    pub one_annotation: i64,
    /// How many rest on two or more.
    pub more_annotations: i64,
    /// The sum of their agreements.
    pub agreement: f64,
    /// By guideline revision, how many labels were decided under it.
    pub guideline_revisions: BTreeMap<i32, i64>,
    /// By schema revision, how many labels were decided under it.
    pub schema_revisions: BTreeMap<i32, i64>,
    /// How many people's annotations are behind the labels.
    pub annotators: i64,
    /// How many of those are simulated.
    pub simulated: i64,
    /// How many people decided the labels as reviewers.
    pub reviewers: i64,
    /// How many samples the project had when the version was made.
    pub samples: i64,
}

/// How often each answer to a question was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// By answer.
    pub by_answer: BTreeMap<String, i64>,
    /// Those beyond the ones that are counted each.
    pub others: i64,
}

impl Figures {
    /// Counts a label that `count` samples have.
    pub fn add_label(&mut self, label: &Answers, count: i64) {
        self.labels += count;
        for (question, answer) in &label.0 {
            let answered = self.answers.entry(question.clone()).or_default();
            let answer = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned);
            if answered.by_answer.len() < MOST_ANSWERS || answered.by_answer.contains_key(&answer) {
                *answered.by_answer.entry(answer).or_default() += count;
            } else {
                answered.others += count;
            }
        }
    }

    /// Counts where `count` labels come from.
    pub fn add_origin(&mut self, provenance: &Provenance, count: i64) {
        *match provenance.decided_by {
            LabelAuthor::Reviewer => &mut self.by_reviewer,
            LabelAuthor::Policy => &mut self.by_policy,
            LabelAuthor::Import => &mut self.by_import,
            LabelAuthor::Revert => &mut self.by_revert,
        } += count;
        match (provenance.annotations, provenance.agreement) {
            (1, _) => self.one_annotation += count,
            (2.., Some(agreement)) => {
                self.more_annotations += count;
                self.agreement += agreement * count as f64;
            }
            _ => {}
        }
        *self.guideline_revisions.entry(provenance.guideline_revision).or_default() += count;
        *self.schema_revisions.entry(provenance.schema_revision).or_default() += count;
    }

    /// The mean agreement of pairs over the labels with two or more annotations, in [0, 1].
    pub fn mean_agreement(&self) -> Option<f64> {
        (self.more_annotations > 0).then(|| self.agreement / self.more_annotations as f64)
    }
}

/// What is said of a version.
#[derive(Clone, Debug, PartialEq)]
pub struct Card<'a> {
    /// The project's name.
    pub project: &'a str,
    /// What was asked when the version was made.
    pub schema: &'a Schema,
    /// What the project says of all its cards.
    pub settings: &'a CardSettings,
    /// The version's number.
    pub number: i64,
    /// Its digest.
    pub digest: &'a str,
    /// What made it.
    pub source: VersionSource,
    /// What its author said.
    pub message: &'a str,
    /// When it was made.
    pub created_at: Timestamp,
    /// Labels where there was none before.
    pub added: i64,
    /// Labels that became another.
    pub changed: i64,
    /// Labels that went away.
    pub removed: i64,
    /// Labels that were decided again and stayed.
    pub confirmed: i64,
    /// What is counted.
    pub figures: &'a Figures,
}

impl Card<'_> {
    /// The card as Markdown, with its front matter.
    pub fn markdown(&self, language: Language) -> String {
        let heading = sections::heading(self, language);
        format!("{}\n{heading}\n\n{}", front_matter::of(self), self.body(language))
    }

    /// The card as Markdown without front matter and heading, as it is shown on a page that has its own.
    pub fn body(&self, language: Language) -> String {
        sections::of(self, language)
    }
}

/// The title of an answer, where the schema has one of its own.
fn title<'a>(schema: &'a Schema, question: &str, answer: &str) -> Option<&'a str> {
    schema.question(question)?.option(answer)?.title.as_deref()
}

/// An answer of JSON as it is counted.
#[cfg(test)]
fn answers(value: Value) -> Option<Answers> {
    serde_json::from_value(value).ok()
}

#[cfg(test)]
mod tests;
