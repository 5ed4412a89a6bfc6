//! What the build of the site takes for granted: its name, and equal versions of wasm-bindgen.

use crate::site::{OUTPUT_NAME, wasm};
use crate::tidy::{Tree, Violation};

/// `cargo leptos` reads the manifest, `cargo xtask` does not: both must make the same site.
pub(super) fn check_output_name(tree: &Tree) -> Vec<Violation> {
    let Some(manifest) = tree.get("Cargo.toml") else { return Vec::new() };
    let named = manifest.text.parse::<toml::Table>().ok().and_then(|table| {
        let leptos = table.get("workspace")?.get("metadata")?.get("leptos")?.as_array()?;
        Some(leptos.first()?.get("output-name")?.as_str()?.to_owned())
    });
    if named.as_deref() == Some(OUTPUT_NAME) {
        return Vec::new();
    }
    let line =
        manifest.lines().find(|(_, line)| line.starts_with("output-name")).map_or(1, |(number, _)| number);
    let why =
        format!("[[workspace.metadata.leptos]] must say output-name = \"{OUTPUT_NAME}\", as xtask builds it");
    vec![Violation::new("Cargo.toml", line, "site name", why)]
}

pub(super) fn check_wasm_bindgen(tree: &Tree) -> Vec<Violation> {
    let Some(lock) = tree.get("Cargo.lock") else { return Vec::new() };
    match wasm::check_versions(&lock.text) {
        Ok(()) => Vec::new(),
        Err(error) => vec![Violation::new("Cargo.lock", 1, "wasm-bindgen", error.to_string())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_output_name_is_found() {
        let manifest = |name: &str| format!("[[workspace.metadata.leptos]]\noutput-name = \"{name}\"\n");
        assert!(check_output_name(&Tree::of(&[("Cargo.toml", &manifest(OUTPUT_NAME))])).is_empty());
        assert_eq!(check_output_name(&Tree::of(&[("Cargo.toml", &manifest("other"))]))[0].line, 2);
        assert_eq!(check_output_name(&Tree::of(&[("Cargo.toml", "[workspace]\n")])).len(), 1);
    }
}
