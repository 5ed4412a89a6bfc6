//! `cargo xtask test`: every check of the workspace, each timed, stopping at the first that fails.
//!
//! Compile variants are few on purpose: clippy and rustdoc share one set of checked dependencies, all tests and the
//! server of the browser tests share one set of built ones.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::build;
use crate::postgres::Postgres;
use crate::wasm_toolchain::WasmToolchain;
use crate::workspace::{Profile, Workspace};
use crate::{browser, process, site};

/// Tests that need PostgreSQL read where it is from here; without it they run on SQLite alone.
const POSTGRES_URL: &str = "RELABEL_TEST_POSTGRES_URL";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Leave out PostgreSQL and the browser
    #[arg(long)]
    quick: bool,
}

type Part = (&'static str, fn(&Workspace) -> Result<()>);

enum Outcome {
    Passed(Duration),
    Failed(Duration),
    NotRun,
}

pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<()> {
    build::require_c_compiler()?;
    let extent = if args.quick { Extent::Quick } else { Extent::Full };
    let outcomes = run_parts(workspace, parts(extent));
    print!("\n{}", table(&outcomes));
    match outcomes.iter().find(|(_, outcome)| matches!(outcome, Outcome::Failed(_))) {
        Some((name, _)) => bail!("{name} failed"),
        None => Ok(()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Quick,
    Full,
}

fn parts(extent: Extent) -> Vec<Part> {
    let mut parts: Vec<Part> = vec![
        ("format", format),
        ("tidy", super::tidy::run),
        ("clippy, native", clippy_native),
        ("clippy, wasm", clippy_wasm),
        ("documentation", documentation),
    ];
    match extent {
        Extent::Quick => parts.push(("tests on SQLite", tests_on_sqlite)),
        Extent::Full => {
            parts.push(("tests on SQLite and PostgreSQL", tests_on_both));
            parts.push(("browser tests", browser_tests));
        }
    }
    parts
}

fn run_parts(workspace: &Workspace, parts: Vec<Part>) -> Vec<(&'static str, Outcome)> {
    let mut broken = false;
    let mut outcomes = Vec::new();
    for (name, part) in parts {
        if broken {
            outcomes.push((name, Outcome::NotRun));
            continue;
        }
        process::step(name);
        let started = Instant::now();
        let result = part(workspace);
        let time = started.elapsed();
        outcomes.push(match result {
            Ok(()) => (name, Outcome::Passed(time)),
            Err(error) => {
                eprintln!("error: {error:#}");
                broken = true;
                (name, Outcome::Failed(time))
            }
        });
    }
    outcomes
}

/// One line per part, then how many passed and failed, alone on the last line.
fn table(outcomes: &[(&'static str, Outcome)]) -> String {
    let mut text = String::new();
    let mut line = |name: &str, time: &str, word: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<32} {time:>8}  {word}");
    };
    let (mut passed, mut failed, mut total) = (0, 0, Duration::ZERO);
    for (name, outcome) in outcomes {
        match outcome {
            Outcome::Passed(time) => {
                passed += 1;
                total += *time;
                line(name, &minutes(*time), "passed");
            }
            Outcome::Failed(time) => {
                failed += 1;
                total += *time;
                line(name, &minutes(*time), "FAILED");
            }
            Outcome::NotRun => line(name, "–", "not run"),
        }
    }
    line("together", &minutes(total), "");
    let _ = writeln!(text, "\n{passed} passed, {failed} failed");
    text
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn format(workspace: &Workspace) -> Result<()> {
    process::run(workspace.cargo("fmt").args(["--all", "--check"]))
}

/// Cargo on the native crates with the embedded site, whose folder must exist for the server to compile.
fn native(workspace: &Workspace, subcommand: &str) -> Result<std::process::Command> {
    let site = workspace.site(Profile::Test);
    std::fs::create_dir_all(&site).with_context(|| format!("cannot make {}", site.display()))?;
    let mut command = workspace.cargo(subcommand);
    command.args(["--locked", "--features", "server/embed"]).env("RELABEL_SITE_DIR", site);
    Ok(command)
}

fn clippy_native(workspace: &Workspace) -> Result<()> {
    process::run(native(workspace, "clippy")?.args(["--all-targets", "--", "-D", "warnings"]))
}

fn clippy_wasm(workspace: &Workspace) -> Result<()> {
    let toolchain = WasmToolchain::find_or_install(workspace)?;
    // Debian's compiler comes without clippy: there the code is only checked.
    match toolchain {
        WasmToolchain::Installed => {
            let mut clippy = toolchain.cargo(workspace, "clippy");
            process::run(clippy.args(["--locked", "--package", "frontend", "--", "-D", "warnings"]))
        }
        WasmToolchain::Debian => {
            let mut check = toolchain.cargo(workspace, "check");
            process::run(check.args(["--package", "frontend"]))
        }
    }
}

fn documentation(workspace: &Workspace) -> Result<()> {
    process::run(native(workspace, "doc")?.arg("--no-deps").env("RUSTDOCFLAGS", "-D warnings"))
}

fn tests_on_sqlite(workspace: &Workspace) -> Result<()> {
    process::run(native(workspace, "test")?.env_remove(POSTGRES_URL))
}

fn tests_on_both(workspace: &Workspace) -> Result<()> {
    let mut tests = native(workspace, "test")?;
    if std::env::var_os(POSTGRES_URL).is_some() {
        process::step(format!("using the PostgreSQL that {POSTGRES_URL} names"));
        return process::run(&mut tests);
    }
    let postgres = Postgres::start()?;
    process::run(tests.env(POSTGRES_URL, postgres.url()))
}

fn browser_tests(workspace: &Workspace) -> Result<()> {
    let browser = browser::find_or_install(workspace)?;
    let toolchain = WasmToolchain::find_or_install(workspace)?;
    site::build(workspace, toolchain, Profile::Test)?;
    process::step("building the server of the browser tests");
    // With `--tests` cargo chooses the same features as for `cargo test`, so nothing is built a second time.
    process::run(native(workspace, "build")?.args(["--bins", "--tests"]))?;
    browser.test(workspace, &workspace.server_binary(Profile::Test))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_the_parts() {
        let outcomes = [
            ("format", Outcome::Passed(Duration::from_secs(61))),
            ("tidy", Outcome::Failed(Duration::from_secs(2))),
            ("clippy", Outcome::NotRun),
        ];
        let text = table(&outcomes);
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed"));
        assert!(text.contains("1:01  passed") && text.contains("0:02  FAILED") && text.contains("not run"));
    }

    #[test]
    fn quick_leaves_out_postgres_and_the_browser() {
        let names = |extent| parts(extent).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert!(
            !names(Extent::Quick).iter().any(|name| name.contains("Postgre") || name.contains("browser"))
        );
        assert_eq!(names(Extent::Full).len(), names(Extent::Quick).len() + 1);
    }
}
