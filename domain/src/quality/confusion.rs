//! Which answers a person gives where a label is final.
//!
//! **Definition.** Over the person's answers to approved tasks, by final label, how often each answer was given, and its
//! share of the answers to tasks with that label. Answers that were never given are left out; the shares of a row sum to 1.
//!
//! **Range** of a share (0, 1], with Wilson's interval. **Undefined** nowhere: a final label without answers has no row.
//!
//! **Assumes** that the final label is right. A reviewer saw the answers before deciding, so it leans towards them.
//! Source of the idea: Dawid and Skene (1979), <https://doi.org/10.2307/2346806>, whose matrices are of inferred labels.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Given, Proportion, Undefined};

/// The answers to tasks of one final label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorConfusionRow))]
pub struct ConfusionRow {
    pub final_label: String,
    /// The person's answers to such tasks.
    pub answers: i64,
    /// What was answered, in the order of the labels.
    pub given: Vec<ConfusionCell>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorConfusionCell))]
pub struct ConfusionCell {
    pub answer: String,
    /// How often it was given, and its share of the row.
    pub share: Proportion,
}

/// A label that was answered where another is final.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixUp<'a> {
    pub final_label: &'a str,
    pub answer: &'a str,
    pub share: Proportion,
}

/// In the order of the labels.
pub(super) fn of(given: &[Given], labels: &[String]) -> Vec<ConfusionRow> {
    let mut rows: BTreeMap<&str, BTreeMap<&str, i64>> = BTreeMap::new();
    let name = |label: u32| labels.get(label as usize).map(String::as_str);
    for each in given {
        if let (Some(settled), Some(label)) = (each.settled.and_then(name), name(each.label)) {
            *rows.entry(settled).or_default().entry(label).or_default() += 1;
        }
    }
    let row = |(label, cells): (&str, BTreeMap<&str, i64>)| {
        let answers = cells.values().sum();
        let cell = |(answer, count): (&str, i64)| ConfusionCell {
            answer: answer.to_owned(),
            share: Proportion::of(count, answers, Undefined::NothingDecided),
        };
        ConfusionRow { final_label: label.to_owned(), answers, given: cells.into_iter().map(cell).collect() }
    };
    rows.into_iter().map(row).collect()
}

impl super::Quality {
    /// What was answered where another label is final, the most frequent first, then in the order of the labels.
    pub fn mix_ups(&self) -> Vec<MixUp<'_>> {
        let cells = self.confusion.iter().flat_map(|row| row.given.iter().map(move |cell| (row, cell)));
        let mut found: Vec<MixUp<'_>> = cells
            .filter(|(row, cell)| row.final_label != cell.answer)
            .map(|(row, cell)| MixUp {
                final_label: &row.final_label,
                answer: &cell.answer,
                share: cell.share,
            })
            .collect();
        found.sort_by_key(|each| std::cmp::Reverse(each.share.count));
        found
    }
}
