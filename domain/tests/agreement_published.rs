//! Agreement statistics against published tables: the digits that the sources print, and twelve digits by
//! independent programs. The sources stand in `agreement/published.json`.

use std::collections::BTreeMap;
use std::error::Error;

use domain::agreement::{Ratings, Statistic, Summary};
use serde::Deserialize;

const TOLERANCE: f64 = 1e-9;

#[derive(Deserialize)]
struct Published {
    tables: Vec<Table>,
}

#[derive(Deserialize)]
struct Table {
    name: String,
    answers: Answers,
    /// As numbers in text, because the number of digits counts.
    printed: BTreeMap<String, serde_json::Number>,
    values: BTreeMap<String, f64>,
    ci95: BTreeMap<String, [f64; 2]>,
    cohen_kappa_pairs: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answers {
    /// A character per item, `.` where the answer is missing.
    ByAnnotator(BTreeMap<String, String>),
    /// Two annotators: how many items got this label from the first and that from the second.
    Contingency { annotators: [String; 2], labels: Vec<String>, items: Vec<Vec<usize>> },
    /// Per item, how many gave each label. Who gave it is not known.
    Distribution { labels: Vec<String>, items: Vec<Vec<usize>> },
}

#[derive(Deserialize)]
struct Pair {
    a: String,
    b: String,
    shared: u64,
    kappa: Option<f64>,
}

type Triple = (usize, String, String);

impl Answers {
    fn triples(&self) -> Vec<Triple> {
        match self {
            Self::ByAnnotator(rows) => rows
                .iter()
                .flat_map(|(annotator, row)| {
                    let given = row.chars().enumerate().filter(|(_, label)| *label != '.');
                    given.map(|(item, label)| (item, annotator.clone(), label.to_string()))
                })
                .collect(),
            Self::Contingency { annotators: [first, second], labels, items } => {
                let cells = items.iter().zip(labels).flat_map(|(row, a)| {
                    row.iter().zip(labels).flat_map(move |(count, b)| std::iter::repeat_n((a, b), *count))
                });
                cells
                    .enumerate()
                    .flat_map(|(item, (a, b))| {
                        [(item, first.clone(), a.clone()), (item, second.clone(), b.clone())]
                    })
                    .collect()
            }
            Self::Distribution { labels, items } => {
                let slots = |item: usize, row: &[usize]| -> Vec<Triple> {
                    let given =
                        row.iter().zip(labels).flat_map(|(count, label)| std::iter::repeat_n(label, *count));
                    given
                        .enumerate()
                        .map(|(slot, label)| (item, format!("slot {slot}"), label.clone()))
                        .collect()
                };
                items.iter().enumerate().flat_map(|(item, row)| slots(item, row)).collect()
            }
        }
    }
}

fn tables() -> Result<Vec<(Table, Summary)>, Box<dyn Error>> {
    let published: Published = serde_json::from_str(include_str!("agreement/published.json"))?;
    let summarised = published.tables.into_iter().map(|table| {
        let summary = Summary::of(&Ratings::from_answers(table.answers.triples())?);
        Ok((table, summary))
    });
    summarised.collect()
}

fn statistic(summary: &Summary, name: &str) -> Result<Statistic, Box<dyn Error>> {
    Ok(match name {
        "percent_agreement" => summary.percent_agreement,
        "cohen_kappa_mean_pairwise" => summary.cohen_kappa_mean_pairwise,
        "fleiss_kappa" => summary.fleiss_kappa,
        "krippendorff_alpha" => summary.krippendorff_alpha,
        "gwet_ac1" => summary.gwet_ac1,
        other => return Err(format!("unknown statistic {other}").into()),
    })
}

fn assert_close(what: &str, found: Option<f64>, expected: Option<f64>, tolerance: f64) {
    let close = match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= tolerance,
        (found, expected) => found == expected,
    };
    assert!(close, "{what}: found {found:?}, published {expected:?}");
}

#[test]
fn agreement_values_match_independent_programs() -> Result<(), Box<dyn Error>> {
    for (table, summary) in tables()? {
        for (name, value) in &table.values {
            let found = statistic(&summary, name)?.value;
            assert_close(&format!("{} of {}", name, table.name), found, Some(*value), TOLERANCE);
        }
    }
    Ok(())
}

#[test]
fn agreement_matches_the_digits_in_print() -> Result<(), Box<dyn Error>> {
    for (table, summary) in tables()? {
        for (name, printed) in &table.printed {
            let text = printed.to_string();
            let decimals = text.split('.').nth(1).map_or(0, str::len);
            let half_a_digit = 0.5 * 0.1_f64.powi(i32::try_from(decimals)?) + 1e-12;
            let found = statistic(&summary, name)?.value;
            assert_close(&format!("{} of {}", name, table.name), found, printed.as_f64(), half_a_digit);
        }
    }
    Ok(())
}

#[test]
fn agreement_intervals_match_independent_programs() -> Result<(), Box<dyn Error>> {
    for (table, summary) in tables()? {
        for (name, [low, high]) in &table.ci95 {
            let found = statistic(&summary, name)?.ci95;
            let what = format!("interval of {} of {}", name, table.name);
            assert_close(&what, found.map(|ci| ci[0]), Some(*low), TOLERANCE);
            assert_close(&what, found.map(|ci| ci[1]), Some(*high), TOLERANCE);
        }
    }
    Ok(())
}

/// The R package irrCAC prints the standard error 0.14548 for Gwet's four raters, whose items have between
/// one and four answers; eleven of them can be paired, so t has ten degrees of freedom.
#[test]
fn agreement_interval_of_alpha_holds_for_unequal_numbers_of_answers() -> Result<(), Box<dyn Error>> {
    let found = tables()?.into_iter().find(|(table, _)| table.name == "gwet_4raters");
    let (_, summary) = found.ok_or("no such table")?;
    let low = summary.krippendorff_alpha.ci95.map(|ci| ci[0]);
    assert_close("alpha", low, Some(0.74342 - 2.228139 * 0.14548), 2e-5);
    Ok(())
}

#[test]
fn agreement_of_pairs_matches_independent_programs() -> Result<(), Box<dyn Error>> {
    for (table, summary) in tables()?.into_iter().filter(|(table, _)| !table.cohen_kappa_pairs.is_empty()) {
        assert_eq!(summary.pairs.len(), table.cohen_kappa_pairs.len(), "{}", table.name);
        for (found, expected) in summary.pairs.iter().zip(&table.cohen_kappa_pairs) {
            assert_eq!((&found.a, &found.b, found.shared), (&expected.a, &expected.b, expected.shared));
            let what = format!("{} and {} of {}", found.a, found.b, table.name);
            assert_close(&what, found.cohen_kappa.value, expected.kappa, TOLERANCE);
        }
    }
    Ok(())
}
