//! `relabel agreement`: every coefficient and every way of inferring labels, of a table of answers, without a database.

mod source;
mod table;

use clap::ValueEnum;
use domain::{
    agreement::{Bootstrap, Coefficient, Level, Ratings, Report, Statistic},
    problem::{Code, Refusal},
    truth::{Inference, Method, TooManyLabels},
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use super::{CliError, CliResult, file_error, say, say_json};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// A CSV table with the columns item, annotator and label, one row an answer; unpacked where its name ends in .gz or
    /// .zst; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the labels are: names, steps of an order, or numbers
    #[arg(long, default_value = "nominal")]
    level: LevelArg,
    /// The true labels: a CSV table with the columns item and label, read likewise
    #[arg(long, value_name = "FILE")]
    gold: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Where to write what each method says of each item: item, method, label, posterior
    #[arg(long, value_name = "FILE")]
    consensus_out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LevelArg {
    Nominal,
    Ordinal,
    Interval,
    Ratio,
}

/// All that is printed.
#[derive(Serialize)]
struct Printed {
    #[serde(flatten)]
    report: Report,
    consensus: BTreeMap<&'static str, Found>,
}

/// What a method found.
#[derive(Serialize)]
struct Found {
    /// The share of items with a true label whose inferred label is that; null without true labels.
    accuracy: Option<f64>,
    iterations: Option<u32>,
    converged: Option<bool>,
    /// Why the method was not used.
    refused: Option<String>,
}

/// Answers, with the names that their numbers stand for.
struct Answers {
    ratings: Ratings,
    /// In the order of the ratings.
    items: Vec<String>,
}

pub(super) async fn run(args: &Args) -> CliResult {
    if std::iter::once(&args.file).chain(&args.gold).filter(|file| source::is_stdin(file)).count() > 1 {
        return Err(CliError::Usage("standard input is one table: give the other as a file".to_owned()));
    }
    if let Some(out) = &args.consensus_out {
        let is_out = |file: &PathBuf| matches!((file.canonicalize(), out.canonicalize()), (Ok(file), Ok(out)) if file == out);
        if std::iter::once(&args.file).chain(&args.gold).any(is_out) {
            let why = "this file is read; write the consensus to another";
            return Err(file_error(out)(std::io::Error::other(why)));
        }
    }
    let answers = Answers::read(&args.file).await?;
    let gold = match &args.gold {
        Some(file) => Some(gold(file, &answers).await?),
        None => None,
    };
    let level = match args.level {
        LevelArg::Nominal => Level::Nominal,
        LevelArg::Ordinal => Level::Ordinal,
        LevelArg::Interval => Level::Interval,
        LevelArg::Ratio => Level::Ratio,
    };
    let report = Report::of(&answers.ratings, level, Some(Bootstrap::default()));
    let inferred: Vec<_> = Method::ALL.map(|method| (method, method.infer(&answers.ratings))).into();
    if let Some(file) = &args.consensus_out {
        answers.write(&inferred, file)?;
    }
    let consensus = inferred
        .iter()
        .map(|(method, inferred)| (method.code(), Found::of(inferred, &answers, gold.as_ref())))
        .collect();
    let printed = Printed { report, consensus };
    if args.json { say_json(&printed) } else { printed.say() }
}

impl Answers {
    async fn read(file: &Path) -> Result<Self, CliError> {
        let columns = ["item", "annotator", "label"];
        let rows = table::read(source::bytes(file).await?.as_slice(), columns)
            .map_err(|refusal| content(file, refusal))?;
        let unique = table::check_unique(&rows, "an answer of this annotator to this item", |cells| {
            vec![&cells[0], &cells[1]]
        });
        unique.map_err(|refusal| content(file, refusal))?;
        let items: BTreeSet<&str> = rows.iter().map(|row| row.cells[0].as_str()).collect();
        let items = items.into_iter().map(str::to_owned).collect();
        let answers = rows.iter().map(|row| {
            let [item, annotator, label] = &row.cells;
            (item, annotator, label)
        });
        let ratings = Ratings::from_answers(answers)
            .map_err(|error| content(file, Refusal::new(Code::Invalid, error.to_string())))?;
        Ok(Self { ratings, items })
    }

    fn label(&self, label: u32) -> &str {
        self.ratings.labels().get(label as usize).map_or("", String::as_str)
    }

    /// By item and method, the label that wins and its posterior.
    fn write(&self, inferred: &[(Method, Result<Inference, TooManyLabels>)], file: &Path) -> CliResult {
        let failed = |error: csv::Error| file_error(file)(std::io::Error::other(error));
        let mut out = csv::Writer::from_path(file).map_err(failed)?;
        out.write_record(["item", "method", "label", "posterior"]).map_err(failed)?;
        for (method, inference) in inferred {
            let Ok(inference) = inference else { continue };
            for (item, posterior) in self.items.iter().zip(inference.posteriors.items()) {
                let Some(winner) = posterior.winner() else { continue };
                let posterior = winner.share.to_string();
                let row = [item, method.code(), self.label(winner.label), &posterior];
                out.write_record(row).map_err(failed)?;
            }
        }
        out.flush().map_err(file_error(file))
    }
}

/// By item, its true label; each is among the answers.
async fn gold(file: &Path, answers: &Answers) -> Result<HashMap<String, String>, CliError> {
    let rows = table::read(source::bytes(file).await?.as_slice(), ["item", "label"])
        .map_err(|refusal| content(file, refusal))?;
    table::check_unique(&rows, "the label of this item", |cells| vec![&cells[0]])
        .map_err(|refusal| content(file, refusal))?;
    let gold: HashMap<String, String> = rows.into_iter().map(|row| row.cells.into()).collect();
    if !answers.items.iter().any(|item| gold.contains_key(item)) {
        return Err(content(file, Refusal::new(Code::Invalid, "no item of it has an answer")));
    }
    Ok(gold)
}

impl Found {
    fn of(
        inferred: &Result<Inference, TooManyLabels>,
        answers: &Answers,
        gold: Option<&HashMap<String, String>>,
    ) -> Self {
        let inference = match inferred {
            Ok(inference) => inference,
            Err(error) => {
                let refused = Some(error.to_string());
                return Self { accuracy: None, iterations: None, converged: None, refused };
            }
        };
        let accuracy = gold.map(|gold| {
            let labels = inference.labels();
            let judged = answers
                .items
                .iter()
                .zip(&labels)
                .filter_map(|(item, label)| gold.get(item).map(|truth| truth == answers.label(*label)));
            let judged: Vec<bool> = judged.collect();
            judged.iter().filter(|is_right| **is_right).count() as f64 / judged.len() as f64
        });
        let (iterations, converged) = (Some(inference.iterations), Some(inference.converged));
        Self { accuracy, iterations, converged, refused: None }
    }
}

impl Printed {
    fn say(&self) -> CliResult {
        let report = &self.report;
        say(format_args!(
            "items {}, annotators {}, answers {}",
            report.items, report.annotators, report.answers
        ))?;
        for (name, coefficient) in [
            ("percent agreement", &report.percent_agreement),
            ("Cohen's kappa, mean of pairs", &report.cohen_kappa_mean_pairwise),
            ("  with linear weights", &report.cohen_kappa_linear_mean_pairwise),
            ("  with quadratic weights", &report.cohen_kappa_quadratic_mean_pairwise),
            ("Scott's pi", &report.scott_pi),
            ("Fleiss' kappa", &report.fleiss_kappa),
            ("Krippendorff's alpha", &report.krippendorff_alpha),
            ("Gwet's AC1", &report.gwet_ac1),
            ("Gwet's AC2, linear", &report.gwet_ac2_linear),
            ("Gwet's AC2, quadratic", &report.gwet_ac2_quadratic),
            ("Gwet's AC2, ordinal", &report.gwet_ac2_ordinal),
        ] {
            say(format_args!("{name:<30} {}", sentence(coefficient)))?;
        }
        for (method, found) in &self.consensus {
            let text = match (&found.refused, found.accuracy) {
                (Some(refused), _) => refused.clone(),
                (None, Some(accuracy)) => format!("accuracy {accuracy:.4}"),
                (None, None) => match found.iterations {
                    Some(iterations @ 1..) => format!("{iterations} iterations"),
                    _ => "one count of the answers".to_owned(),
                },
            };
            say(format_args!("{method:<30} {text}"))?;
        }
        Ok(())
    }
}

fn sentence(coefficient: &Coefficient) -> String {
    match coefficient.statistic {
        Statistic { value: Some(value), ci95: Some([low, high]), .. } => {
            format!("{}  ({} to {})", rounded(value), rounded(low), rounded(high))
        }
        Statistic { value: Some(value), .. } => rounded(value),
        Statistic { undefined: Some(reason), .. } => format!("undefined: {}", reason.code()),
        Statistic { .. } => "undefined".to_owned(),
    }
}

/// Four digits; what is zero in them has no sign.
fn rounded(value: f64) -> String {
    let text = format!("{value:.4}");
    match text.strip_prefix('-') {
        Some(zero) if zero.bytes().all(|byte| matches!(byte, b'0' | b'.')) => zero.to_owned(),
        _ => text,
    }
}

fn content(file: &Path, refusal: Refusal) -> CliError {
    CliError::Content { file: file.display().to_string(), refusal }
}
