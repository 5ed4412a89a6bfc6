//! Agreement statistics at all levels against published tables: the digits that the sources print, and twelve
//! digits by independent programs. The sources stand in `agreement/published.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use domain::agreement::{Coefficient, Level, PairAgreement, Ratings, Report};
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
    standard_errors: BTreeMap<String, f64>,
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
    linear: Option<f64>,
    quadratic: Option<f64>,
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

impl Table {
    /// The answers with the labels in their order, which a table of two annotators gives and the others' bytes have.
    fn ratings(&self) -> Result<Ratings, Box<dyn Error>> {
        let triples = self.answers.triples();
        let distinct = |name: fn(&Triple) -> &String| {
            let names: BTreeSet<&String> = triples.iter().map(name).collect();
            names.into_iter().cloned().collect::<Vec<_>>()
        };
        let annotators = distinct(|triple| &triple.1);
        let labels = match &self.answers {
            Answers::Contingency { labels, .. } => labels.clone(),
            _ => distinct(|triple| &triple.2),
        };
        let mut answers = Vec::new();
        for (item, annotator, label) in &triples {
            answers.push((u32::try_from(*item)?, index(&annotators, annotator)?, index(&labels, label)?));
        }
        Ok(Ratings::from_indexes(annotators, labels, answers)?)
    }
}

fn index(names: &[String], name: &String) -> Result<u32, Box<dyn Error>> {
    Ok(u32::try_from(names.iter().position(|other| other == name).ok_or("a name out of the list")?)?)
}

/// A table's statistics at each level of measurement.
struct Reports {
    nominal: Report,
    ordinal: Report,
    interval: Report,
    ratio: Report,
}

fn tables() -> Result<Vec<(Table, Reports)>, Box<dyn Error>> {
    let published: Published = serde_json::from_str(include_str!("agreement/published.json"))?;
    let reported = published.tables.into_iter().map(|table| {
        let ratings = table.ratings()?;
        let [nominal, ordinal, interval, ratio] =
            [Level::Nominal, Level::Ordinal, Level::Interval, Level::Ratio]
                .map(|level| Report::of(&ratings, level, None));
        Ok((table, Reports { nominal, ordinal, interval, ratio }))
    });
    reported.collect()
}

fn coefficient(reports: &Reports, name: &str) -> Result<Coefficient, Box<dyn Error>> {
    Ok(match name {
        "percent_agreement" => reports.nominal.percent_agreement,
        "cohen_kappa_mean_pairwise" => reports.nominal.cohen_kappa_mean_pairwise,
        "scott_pi" => reports.nominal.scott_pi,
        "fleiss_kappa" => reports.nominal.fleiss_kappa,
        "krippendorff_alpha" => reports.nominal.krippendorff_alpha,
        "krippendorff_alpha_ordinal" => reports.ordinal.krippendorff_alpha,
        "krippendorff_alpha_interval" => reports.interval.krippendorff_alpha,
        "krippendorff_alpha_ratio" => reports.ratio.krippendorff_alpha,
        "gwet_ac1" => reports.nominal.gwet_ac1,
        "gwet_ac2_linear" => reports.ordinal.gwet_ac2_linear,
        "gwet_ac2_quadratic" => reports.ordinal.gwet_ac2_quadratic,
        "gwet_ac2_ordinal" => reports.ordinal.gwet_ac2_ordinal,
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
    for (table, reports) in tables()? {
        for (name, value) in &table.values {
            let found = coefficient(&reports, name)?.statistic.value;
            assert_close(&format!("{} of {}", name, table.name), found, Some(*value), TOLERANCE);
        }
    }
    Ok(())
}

#[test]
fn agreement_matches_the_digits_in_print() -> Result<(), Box<dyn Error>> {
    for (table, reports) in tables()? {
        for (name, printed) in &table.printed {
            let text = printed.to_string();
            let decimals = text.split('.').nth(1).map_or(0, str::len);
            let half_a_digit = 0.5 * 0.1_f64.powi(i32::try_from(decimals)?) + 1e-12;
            let found = coefficient(&reports, name)?.statistic.value;
            assert_close(&format!("{} of {}", name, table.name), found, printed.as_f64(), half_a_digit);
        }
    }
    Ok(())
}

#[test]
fn agreement_intervals_match_independent_programs() -> Result<(), Box<dyn Error>> {
    for (table, reports) in tables()? {
        for (name, [low, high]) in &table.ci95 {
            let found = coefficient(&reports, name)?.statistic.ci95;
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
    let (_, reports) = found.ok_or("no such table")?;
    let low = reports.nominal.krippendorff_alpha.statistic.ci95.map(|ci| ci[0]);
    assert_close("alpha", low, Some(0.74342 - 2.228139 * 0.14548), 2e-5);
    Ok(())
}

#[test]
fn agreement_standard_errors_match_independent_programs() -> Result<(), Box<dyn Error>> {
    for (table, reports) in tables()? {
        for (name, error) in &table.standard_errors {
            let found = coefficient(&reports, name)?.standard_error;
            assert_close(&format!("error of {} of {}", name, table.name), found, Some(*error), TOLERANCE);
        }
    }
    Ok(())
}

#[test]
fn agreement_of_pairs_matches_independent_programs() -> Result<(), Box<dyn Error>> {
    for (table, reports) in tables()?.into_iter().filter(|(table, _)| !table.cohen_kappa_pairs.is_empty()) {
        for pairs in [&reports.nominal.pairs, &reports.ordinal.pairs] {
            assert_eq!(pairs.len(), table.cohen_kappa_pairs.len(), "{}", table.name);
            for (found, expected) in pairs.iter().zip(&table.cohen_kappa_pairs) {
                assert_eq!((&found.a, &found.b, found.shared), (&expected.a, &expected.b, expected.shared));
                let what = format!("{} and {} of {}", found.a, found.b, table.name);
                assert_close(&what, found.cohen_kappa.value, expected.kappa, TOLERANCE);
            }
        }
        for (found, expected) in reports.ordinal.pairs.iter().zip(&table.cohen_kappa_pairs) {
            let PairAgreement { a, b, cohen_kappa_linear, cohen_kappa_quadratic, .. } = found;
            let weighted = [cohen_kappa_linear, cohen_kappa_quadratic];
            for (found, expected) in weighted.into_iter().zip([expected.linear, expected.quadratic]) {
                let found = found.ok_or("ordered labels have weighted kappas")?.value;
                assert_close(&format!("{a} and {b} of {}, weighted", table.name), found, expected, TOLERANCE);
            }
        }
    }
    Ok(())
}
