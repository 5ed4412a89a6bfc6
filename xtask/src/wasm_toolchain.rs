//! Finds a compiler for the browser's half: the installed target, else rustup's, else Debian's own Rust, whose
//! standard library is built from its sources.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use crate::{process, system_packages};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Debian builds its browsers with these, so they are on every Debian that still gets updates.
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];

/// Set to `debian` to try that way on a machine that has the others.
const FORCE: &str = "XTASK_WASM_TOOLCHAIN";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WasmToolchain {
    /// The workspace's own toolchain has the target.
    Installed,
    /// Debian's compiler, which brings no standard library for the target but its sources.
    Debian,
}

impl WasmToolchain {
    pub(crate) fn find_or_install(workspace: &Workspace) -> Result<Self> {
        if env::var_os(FORCE).is_some_and(|way| way == "debian") {
            return Self::debian().context("Debian's Rust");
        }
        if is_installed(workspace)? {
            return Ok(Self::Installed);
        }
        let from_rustup = add_by_rustup(workspace);
        let Err(reason) = from_rustup else { return Ok(Self::Installed) };
        eprintln!("the target {TARGET} cannot be added by rustup: {reason:#}");
        Self::debian().with_context(|| {
            format!("no compiler for the browser's half: get it by `rustup target add {TARGET}`")
        })
    }

    fn debian() -> Result<Self> {
        let complete = Path::new("/usr/bin/rustc").exists()
            && Path::new("/usr/bin/cargo").exists()
            && debian_sources().is_some_and(|sources| sources.exists());
        if !complete {
            system_packages::install("Debian's Rust with its sources", DEBIAN_PACKAGES)?;
        }
        Ok(Self::Debian)
    }

    /// A cargo command for the browser's crate on this toolchain, its target given.
    pub(crate) fn cargo(self, workspace: &Workspace, subcommand: &str) -> Command {
        match self {
            Self::Installed => {
                let mut command = workspace.cargo(subcommand);
                command.args(["--target", TARGET]);
                command
            }
            Self::Debian => {
                let mut command = workspace.cargo_at("/usr/bin/cargo", subcommand);
                command
                    .args(["--target", TARGET, "-Zbuild-std=std,panic_abort"])
                    .env("RUSTC", "/usr/bin/rustc")
                    // Debian's compiler is a stable one; building the standard library is not stable yet.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env_remove("RUSTUP_TOOLCHAIN");
                command
            }
        }
    }
}

fn is_installed(workspace: &Workspace) -> Result<bool> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = process::output(workspace.command(rustc).args(["--print", "sysroot"]))?;
    Ok(Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn add_by_rustup(workspace: &Workspace) -> Result<()> {
    let Some(rustup) = process::find("rustup") else { bail!("rustup is not on the PATH") };
    process::step(format!("adding the target {TARGET} (rustup)"));
    let mut add = workspace.command(rustup);
    process::run_within(Duration::from_secs(300), add.args(["target", "add", TARGET]))
}

fn debian_sources() -> Option<std::path::PathBuf> {
    let sysroot = process::output(Command::new("/usr/bin/rustc").args(["--print", "sysroot"])).ok()?;
    Some(Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml"))
}
