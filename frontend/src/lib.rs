//! The browser's entry: takes over the page that the server rendered. Nothing else belongs here.

#[cfg(feature = "annotate")]
use app::AnnotateApp as Root;
#[cfg(not(feature = "annotate"))]
use app::App as Root;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's own script, once, when the module has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(Root);
}
