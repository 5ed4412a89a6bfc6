//! `cargo xtask build`: the site, then the server that holds it. Leaves one self-contained file.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::wasm_toolchain::WasmToolchain;
use crate::workspace::{Profile, Workspace};
use crate::{process, site, system_packages};

/// Builds everything and returns where the binary is.
pub(crate) fn run(workspace: &Workspace) -> Result<PathBuf> {
    require_c_compiler()?;
    let toolchain = WasmToolchain::find_or_install(workspace)?;
    site::build(workspace, toolchain, Profile::Release)?;

    process::step("building the server (release, the site embedded)");
    let mut build = workspace.cargo("build");
    build.args(["--release", "--package", "server", "--features", "embed"]);
    process::run(build.env("RELABEL_SITE_DIR", workspace.site(Profile::Release)))?;

    let binary = workspace.server_binary(Profile::Release);
    let size = fs::metadata(&binary).with_context(|| format!("cannot read {}", binary.display()))?.len();
    process::step(format!("built {} ({} MB)", binary.display(), size.div_ceil(1_000_000)));
    Ok(binary)
}

/// SQLite is C, and rustc links by the C compiler. Cargo's own message about it is fifty lines long.
pub(crate) fn require_c_compiler() -> Result<()> {
    let compilers = ["cc", "gcc", "clang"];
    if compilers.into_iter().any(|name| process::find(name).is_some()) {
        return Ok(());
    }
    system_packages::install("a C compiler", &["build-essential"])
}
