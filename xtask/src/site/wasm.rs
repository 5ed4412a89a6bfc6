//! The browser's half: cargo builds the crate `frontend`, wasm-bindgen (as a library, so that no tool has to be
//! installed) gives it its JavaScript.
//!
//! The names are those that Leptos' hydration script asks for when LEPTOS_OUTPUT_NAME was not set at compile time:
//! `pkg/relabel.js` and `pkg/relabel_bg.wasm`, and the same for `annotate`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::OUTPUT_NAME;
use super::folder::{self, Files};
use crate::process;
use crate::wasm_toolchain::{TARGET, WasmToolchain};
use crate::workspace::{Profile, Workspace};

/// The browser modules: the name of each and the feature of `frontend` that makes it. The server chooses by the page.
const MODULES: &[(&str, Option<&str>)] = &[(OUTPUT_NAME, None), ("annotate", Some("annotate"))];

pub(super) fn add(
    workspace: &Workspace,
    toolchain: WasmToolchain,
    profile: Profile,
    files: &mut Files,
) -> Result<()> {
    let lock = fs::read_to_string(workspace.root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    check_versions(&lock)?;
    for (name, feature) in MODULES {
        let module = compile(workspace, toolchain, profile, *feature)?;
        bind(&module, name, files)?;
    }
    Ok(())
}

/// Compiles `frontend`; where its module lies, until the next one is compiled.
fn compile(
    workspace: &Workspace,
    toolchain: WasmToolchain,
    profile: Profile,
    feature: Option<&str>,
) -> Result<PathBuf> {
    let (cargo_profile, folder_name) = profile.wasm();
    let mut build = toolchain.cargo(workspace, "build");
    build.args(["--package", "frontend", "--profile", cargo_profile]);
    if let Some(feature) = feature {
        build.args(["--features", feature]);
    }
    if profile == Profile::Test {
        // Without any optimisation the module has tens of megabytes. A profile of its own would build every macro
        // and build script once more; this one shares them with clippy.
        build.env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
    }
    process::run(&mut build)?;
    Ok(workspace.target().join(TARGET).join(folder_name).join("frontend.wasm"))
}

/// Gives the module its JavaScript.
fn bind(module: &Path, name: &str, files: &mut Files) -> Result<()> {
    let bound = tempfile::tempdir().context("cannot make a temporary folder")?;
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(false)
                // A third of a test module is the names of its functions; a panic says its place without them.
                .remove_name_section(true)
                .remove_producers_section(true)
                .generate(bound.path())
        })
        .with_context(|| format!("wasm-bindgen on {}", module.display()))?;
    for (path, file) in folder::list(bound.path())? {
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        files.insert(format!("pkg/{path}"), bytes);
    }
    Ok(())
}

/// The two halves of wasm-bindgen talk in a format that changes with every version.
pub(crate) fn check_versions(lock: &str) -> Result<()> {
    let library = locked_version(lock, "wasm-bindgen")?;
    let tool = locked_version(lock, "wasm-bindgen-cli-support")?;
    if library != tool {
        bail!(
            "Cargo.lock has wasm-bindgen {library} but wasm-bindgen-cli-support {tool}: \
             give both the same version, in Cargo.toml and xtask/Cargo.toml"
        );
    }
    Ok(())
}

fn locked_version(lock: &str, package: &str) -> Result<String> {
    let lock: toml::Table = lock.parse().context("Cargo.lock is not TOML")?;
    lock.get("package")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .find(|entry| entry.get("name").and_then(toml::Value::as_str) == Some(package))
        .and_then(|entry| entry.get("version")?.as_str())
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock has no package {package}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(library: &str, tool: &str) -> String {
        format!(
            "version = 4\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"{library}\"\n\
             [[package]]\nname = \"wasm-bindgen-cli-support\"\nversion = \"{tool}\"\n"
        )
    }

    #[test]
    fn equal_versions_pass_and_others_name_both() {
        assert!(check_versions(&lock("0.2.130", "0.2.130")).is_ok());
        let error = check_versions(&lock("0.2.131", "0.2.130")).err().map(|error| error.to_string());
        assert!(error.is_some_and(|text| text.contains("0.2.131") && text.contains("0.2.130")));
    }

    #[test]
    fn a_lock_without_the_package_is_an_error() {
        assert!(check_versions("version = 4\n").is_err());
    }
}
