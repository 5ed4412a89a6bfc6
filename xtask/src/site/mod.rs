//! The site that the server embeds: WASM with its JavaScript, the style sheet, the files served as they are, and a
//! compressed copy of whatever is worth it. Built in memory and written only where it changed, because cargo
//! rebuilds the server whenever a file of the folder is newer.

mod compressed;
mod folder;
mod public;
mod styles;
pub(crate) mod wasm;

use anyhow::{Context, Result};

use crate::process;
use crate::wasm_toolchain::WasmToolchain;
use crate::workspace::{Profile, Workspace};

/// What Leptos and the folder `pkg` call the app; `[[workspace.metadata.leptos]]` says the same.
pub(crate) const OUTPUT_NAME: &str = "relabel";

/// Builds the site of this profile into its folder.
pub(crate) fn build(workspace: &Workspace, toolchain: WasmToolchain, profile: Profile) -> Result<()> {
    let mut files = folder::Files::new();
    public::add(workspace, &mut files).context("assets/public")?;

    process::step("bundling the style sheet");
    let css = styles::bundle(&workspace.root().join("app/styles/main.css"))?;
    files.insert(format!("pkg/{OUTPUT_NAME}.css"), css.into_bytes());

    process::step("building the browser's half (WASM)");
    wasm::add(workspace, toolchain, profile, &mut files)?;

    compressed::add(&mut files)?;
    for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with("pkg/") && path.ends_with(".gz")) {
        let plain = path.trim_end_matches(".gz");
        let size = files.get(plain).map_or(0, Vec::len);
        process::step(format!("{plain}: {} kB, {} kB gzip", size.div_ceil(1000), bytes.len().div_ceil(1000)));
    }
    folder::write(&workspace.site(profile), &files)
}
