//! The browser's entry: takes over the page that the server rendered. Nothing else belongs here.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's own script, once, when the module has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
