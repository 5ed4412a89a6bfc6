//! The parts of `cargo xtask test`, in their order.
//!
//! Compile variants are few on purpose: clippy and rustdoc share one set of checked dependencies, all tests and the
//! server of the browser tests share one set of built ones.

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::command::stress::{self, On};
use crate::postgres::{Durability, Postgres, TEST_URL};
use crate::wasm_toolchain::WasmToolchain;
use crate::workspace::{Profile, Workspace};
use crate::{browser, command, native, process, readers, site};

/// Long enough that every kind of thing happens a hundred times.
const STORM_SECONDS: u32 = 15;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Part {
    Format,
    Tidy,
    Clippy,
    ClippyWasm,
    Docs,
    Tests,
    Stress,
    Readers,
    Browser,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Quick,
    Full,
}

impl Part {
    pub(super) fn name(self, extent: Extent) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Tidy => "tidy",
            Self::Clippy => "clippy, native",
            Self::ClippyWasm => "clippy, wasm",
            Self::Docs => "documentation",
            Self::Tests if extent == Extent::Quick => "tests on SQLite",
            Self::Tests => "tests on SQLite and PostgreSQL",
            Self::Stress if extent == Extent::Quick => "stress on SQLite",
            Self::Stress => "stress on SQLite and PostgreSQL",
            Self::Readers => "exports read by Python",
            Self::Browser => "browser tests",
        }
    }

    pub(super) fn run(self, workspace: &Workspace, extent: Extent) -> Result<()> {
        match self {
            Self::Format => format(workspace),
            Self::Tidy => command::tidy::run(workspace),
            Self::Clippy => clippy_native(workspace),
            Self::ClippyWasm => clippy_wasm(workspace),
            Self::Docs => documentation(workspace),
            Self::Tests if extent == Extent::Quick => tests_on_sqlite(workspace),
            Self::Tests => tests_on_both(workspace),
            Self::Stress if extent == Extent::Quick => {
                stress::storm(workspace, On::Sqlite, STORM_SECONDS, None)
            }
            Self::Stress => stress::storm(workspace, On::SqliteAndPostgres, STORM_SECONDS, None),
            Self::Readers => readers_tests(workspace),
            Self::Browser => browser_tests(workspace),
        }
    }
}

/// All parts of this extent, or those that are named.
pub(super) fn chosen(named: &[Part], extent: Extent) -> Vec<Part> {
    Part::value_variants()
        .iter()
        .copied()
        .filter(|part| named.is_empty() || named.contains(part))
        .filter(|part| extent == Extent::Full || !matches!(part, Part::Readers | Part::Browser))
        .collect()
}

fn format(workspace: &Workspace) -> Result<()> {
    let mut fmt = workspace.cargo("fmt");
    process::run(fmt.args(["--all", "--check", "--", "-l"])).context("the files above want `cargo fmt --all`")
}

fn clippy_native(workspace: &Workspace) -> Result<()> {
    process::run(native::cargo(workspace, "clippy")?.args(["--all-targets", "--", "-D", "warnings"]))
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
    process::run(native::cargo(workspace, "doc")?.arg("--no-deps").env("RUSTDOCFLAGS", "-D warnings"))
}

fn tests_on_sqlite(workspace: &Workspace) -> Result<()> {
    process::run(native::cargo(workspace, "test")?.env_remove(TEST_URL))
}

fn tests_on_both(workspace: &Workspace) -> Result<()> {
    let mut tests = native::cargo(workspace, "test")?;
    if std::env::var_os(TEST_URL).is_some() {
        process::step(format!("using the PostgreSQL that {TEST_URL} names"));
        return process::run(&mut tests);
    }
    let postgres = Postgres::start(Durability::Memory, None)?;
    process::run(tests.env(TEST_URL, postgres.url()))
}

fn readers_tests(workspace: &Workspace) -> Result<()> {
    let readers = readers::find_or_install(workspace)?;
    readers.test(workspace, &native::build_programs(workspace)?)
}

fn browser_tests(workspace: &Workspace) -> Result<()> {
    let browser = browser::find_or_install(workspace)?;
    let toolchain = WasmToolchain::find_or_install(workspace)?;
    site::build(workspace, toolchain, Profile::Test)?;
    process::step("building the server of the browser tests");
    browser.test(workspace, &native::build_programs(workspace)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_leaves_out_the_browser() {
        assert!(chosen(&[], Extent::Full).contains(&Part::Browser));
        assert!(!chosen(&[], Extent::Quick).contains(&Part::Browser));
    }

    #[test]
    fn named_parts_keep_their_usual_order() {
        assert_eq!(chosen(&[Part::Tests, Part::Tidy], Extent::Full), [Part::Tidy, Part::Tests]);
    }
}
