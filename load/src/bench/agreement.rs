//! Agreement and truth inference on a million answers, against crowd-kit on the same answers.
//!
//! `load` shares nothing with what it measures, so both are programs of their own that time what they compute: the
//! example `agreement_speed` of `domain`, which also makes the answers up, and `crowd-kit/dawid_skene.py`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tokio::process::Command;

use super::{
    report::{Figure, Limit},
    size::Size,
};

/// Seconds at a million answers.
const COEFFICIENTS: f64 = 1.0;
const BOOTSTRAP: f64 = 10.0;
const DAWID_SKENE: f64 = 5.0;
/// How many times as long crowd-kit takes, at least.
const CROWD_KIT: f64 = 50.0;

/// The two programs.
#[derive(Debug, clap::Args)]
pub struct Programs {
    /// The example `agreement_speed`, built for release; without it the part `agreement` is left out
    #[arg(long, value_name = "FILE", requires = "crowd_kit")]
    agreement_speed: Option<PathBuf>,
    /// A Python that has crowd-kit
    #[arg(long, value_name = "FILE", requires = "agreement_speed")]
    crowd_kit: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Speed {
    answers: u64,
    coefficients: f64,
    replicates: u32,
    bootstrap: f64,
    methods: Methods,
}

#[derive(Deserialize)]
struct Methods {
    majority: Run,
    dawid_skene: Run,
    robust: Run,
}

#[derive(Deserialize)]
struct Run {
    seconds: f64,
    iterations: u32,
}

/// None without the programs.
pub(super) async fn measure(programs: &Programs, data: Option<&Path>, size: Size) -> Result<Vec<Figure>> {
    let (Some(speed), Some(python)) = (&programs.agreement_speed, &programs.crowd_kit) else {
        return Ok(Vec::new());
    };
    let folder = match data {
        Some(data) => tempfile::tempdir_in(data)?,
        None => tempfile::tempdir()?,
    };
    let file = folder.path().join("answers.csv");
    let items = size.items().to_string();
    let found: Speed = json_of(Command::new(speed).arg(&items).arg(&file)).await?;
    let iterations = found.methods.dawid_skene.iterations;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("crowd-kit/dawid_skene.py");
    let mut other = Command::new(python);
    other.arg(script).arg(&file).arg(iterations.to_string());
    // One thread, as ours has.
    other.envs(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"].map(|name| (name, "1")));
    let other: Run = json_of(&mut other).await?;
    ensure!(other.iterations == iterations, "{} iterations instead of {iterations}", other.iterations);
    Ok(figures(&found, &other))
}

fn figures(found: &Speed, other: &Run) -> Vec<Figure> {
    let Speed { answers, replicates, methods, .. } = found;
    let share = *answers as f64 / 1e6;
    let seconds = |name: String, value: f64| Figure::new(name, value, "s");
    let within = |goal: f64| Limit::Below(goal * share);
    let dawid_skene = &methods.dawid_skene;
    vec![
        seconds(format!("all coefficients of {answers} answers"), found.coefficients)
            .goal(within(COEFFICIENTS)),
        seconds(format!("the same with {replicates} resamples"), found.bootstrap).goal(within(BOOTSTRAP)),
        seconds(format!("majority of {answers} answers"), methods.majority.seconds),
        seconds(
            format!("Dawid–Skene of {answers} answers, {} iterations", dawid_skene.iterations),
            dawid_skene.seconds,
        )
        .goal(within(DAWID_SKENE)),
        seconds("as many by crowd-kit".to_owned(), other.seconds).against(
            "ours",
            dawid_skene.seconds,
            Limit::AtLeast(CROWD_KIT),
        ),
        seconds(
            format!("robust of {answers} answers, {} iterations", methods.robust.iterations),
            methods.robust.seconds,
        ),
    ]
}

async fn json_of<T: serde::de::DeserializeOwned>(command: &mut Command) -> Result<T> {
    let program = format!("{:?}", command.as_std().get_program());
    let output = command.output().await.with_context(|| format!("{program} does not start"))?;
    ensure!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).with_context(|| format!("{program} prints no figures"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_in_proportion_to_the_answers() {
        let run = |seconds| Run { seconds, iterations: 60 };
        let found = Speed {
            answers: 100_000,
            coefficients: 0.05,
            replicates: 1000,
            bootstrap: 2.0,
            methods: Methods { majority: run(0.01), dawid_skene: run(0.1), robust: run(0.05) },
        };
        let figures = figures(&found, &run(10.0));
        let goals: Vec<_> = figures.iter().map(|figure| figure.goal).collect();
        let seconds = |goal: Option<Limit>| match goal {
            Some(Limit::Below(most)) => (most * 100.0).round() / 100.0,
            _ => 0.0,
        };
        assert_eq!(goals.into_iter().map(seconds).collect::<Vec<_>>(), [0.1, 1.0, 0.0, 0.5, 0.0, 0.0]);
        let ratio = figures[4].baseline.as_ref().map(|baseline| baseline.ratio);
        assert_eq!(ratio, Some(100.0));
    }
}
