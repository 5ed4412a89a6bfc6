//! Times agreement and truth inference on made-up answers, for `cargo xtask bench --part agreement`.
//!
//! `agreement_speed ITEMS FILE` makes up three answers to an item in the mean, of 200 annotators and 10 labels, by
//! `domain::truth::simulated` with seed [`SEED`]; writes them to FILE as CSV (`task,worker,label`), so that another
//! program can be timed on the same; and prints as JSON how many seconds each computation took. One thread; neither the
//! making up nor the writing counts.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use domain::agreement::{Bootstrap, Level, Ratings, Report};
use domain::truth::Method;
use domain::truth::simulated::Plan;
use serde_json::json;

const SEED: u64 = 1;

fn plan(items: u32) -> Plan {
    Plan {
        items,
        annotators: 200,
        labels: 10,
        answers_per_item: 3.0,
        skew: 0.5,
        accuracy: 0.75,
        spread: 0.7,
        difficulty: 0.5,
        lookalikes: 0.5,
        bias: 0.5,
        lazy: 0.1,
        adversarial: 0.05,
        workload: 1.0,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [items, file] = arguments.as_slice() else {
        return Err("usage: agreement_speed ITEMS FILE".into());
    };
    let simulated = plan(items.parse()?).simulate(SEED)?;
    let ratings = &simulated.ratings;
    write(ratings, file)?;

    let (coefficients, report) = timed(|| Report::of(ratings, Level::Nominal, None));
    let bootstrap = Bootstrap::default();
    let (resampled, _) = timed(|| Report::of(ratings, Level::Nominal, Some(bootstrap)));
    let mut methods = serde_json::Map::new();
    for method in [Method::Majority, Method::DawidSkene, Method::Robust] {
        let (seconds, inference) = timed(|| method.infer(ratings));
        let inference = inference?;
        let accuracy = simulated.accuracy(&inference.labels());
        let found = json!({ "seconds": seconds, "iterations": inference.iterations, "accuracy": accuracy });
        methods.insert(method.code().to_owned(), found);
    }
    let printed = json!({
        "items": report.items,
        "annotators": report.annotators,
        "answers": report.answers,
        "coefficients": coefficients,
        "replicates": bootstrap.replicates,
        "bootstrap": resampled,
        "methods": methods,
    });
    println!("{printed}");
    Ok(())
}

/// Seconds, and what was computed.
fn timed<T>(compute: impl FnOnce() -> T) -> (f64, T) {
    let started = Instant::now();
    let computed = compute();
    (started.elapsed().as_secs_f64(), computed)
}

fn write(ratings: &Ratings, file: &str) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(file)?);
    writeln!(out, "task,worker,label")?;
    for (number, item) in ratings.items().enumerate() {
        for answer in item.answers {
            writeln!(out, "{number},{},{}", answer.annotator, answer.label)?;
        }
    }
    Ok(out.flush()?)
}
