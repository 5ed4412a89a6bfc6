//! All rules, one subject a file.

mod layers;
mod locales;
mod marks;
mod modules;
mod site;

use super::{Tree, Violation};

type Rule = fn(&Tree) -> Vec<Violation>;

pub(super) const ALL: &[Rule] = &[
    layers::check,
    locales::check,
    marks::check,
    modules::check_header,
    modules::check_length,
    site::check_output_name,
    site::check_wasm_bindgen,
];
