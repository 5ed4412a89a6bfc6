//! The parts of `cargo xtask test`, in their order.
//!
//! Compile variants are few on purpose: clippy and rustdoc share one set of checked dependencies, all tests and the
//! server of the browser tests share one set of built ones.

use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::postgres::Postgres;
use crate::wasm_toolchain::WasmToolchain;
use crate::workspace::{Profile, Workspace};
use crate::{browser, command, process, site};

/// Tests that need PostgreSQL read where it is from here; without it they run on SQLite alone.
const POSTGRES_URL: &str = "RELABEL_TEST_POSTGRES_URL";

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Part {
    Format,
    Tidy,
    Clippy,
    ClippyWasm,
    Docs,
    Tests,
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
        .filter(|part| extent == Extent::Full || *part != Part::Browser)
        .collect()
}

fn format(workspace: &Workspace) -> Result<()> {
    let mut fmt = workspace.cargo("fmt");
    process::run(fmt.args(["--all", "--check", "--", "-l"])).context("the files above want `cargo fmt --all`")
}

/// Cargo on the native crates with the embedded site, whose folder must exist for the server to compile.
fn native(workspace: &Workspace, subcommand: &str) -> Result<Command> {
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
    fn quick_leaves_out_the_browser() {
        assert!(chosen(&[], Extent::Full).contains(&Part::Browser));
        assert!(!chosen(&[], Extent::Quick).contains(&Part::Browser));
    }

    #[test]
    fn named_parts_keep_their_usual_order() {
        assert_eq!(chosen(&[Part::Tests, Part::Tidy], Extent::Full), [Part::Tidy, Part::Tests]);
    }
}
