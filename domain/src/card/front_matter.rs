//! What stands before the card for programs: the YAML of a data set on Hugging Face.

use super::{Card, escape::yaml};

/// The licences that Hugging Face knows by these names, which are those of SPDX in lower case where SPDX has them.
const LICENCES: &[&str] = &[
    "apache-2.0",
    "mit",
    "afl-3.0",
    "artistic-2.0",
    "bsl-1.0",
    "bsd",
    "bsd-2-clause",
    "bsd-3-clause",
    "bsd-3-clause-clear",
    "c-uda",
    "cc",
    "cc0-1.0",
    "cc-by-2.0",
    "cc-by-2.5",
    "cc-by-3.0",
    "cc-by-4.0",
    "cc-by-sa-3.0",
    "cc-by-sa-4.0",
    "cc-by-nc-2.0",
    "cc-by-nc-3.0",
    "cc-by-nc-4.0",
    "cc-by-nd-4.0",
    "cc-by-nc-nd-3.0",
    "cc-by-nc-nd-4.0",
    "cc-by-nc-sa-2.0",
    "cc-by-nc-sa-3.0",
    "cc-by-nc-sa-4.0",
    "cdla-sharing-1.0",
    "cdla-permissive-1.0",
    "cdla-permissive-2.0",
    "ecl-2.0",
    "epl-1.0",
    "epl-2.0",
    "etalab-2.0",
    "eupl-1.1",
    "eupl-1.2",
    "agpl-3.0",
    "gfdl",
    "gpl",
    "gpl-2.0",
    "gpl-3.0",
    "lgpl",
    "lgpl-2.1",
    "lgpl-3.0",
    "isc",
    "lppl-1.3c",
    "ms-pl",
    "mpl-2.0",
    "odc-by",
    "odbl",
    "ofl-1.1",
    "osl-3.0",
    "postgresql",
    "ncsa",
    "openrail",
    "pddl",
    "unlicense",
    "wtfpl",
    "zlib",
];

/// The front matter of a card, with the lines that begin and end it.
pub(super) fn of(card: &Card<'_>) -> String {
    let name = yaml(&format!("{} v{}", card.project, card.number));
    let licence = match card.settings.licence.as_deref() {
        None => "license: unknown".to_owned(),
        Some(licence) => match LICENCES.iter().find(|known| known.eq_ignore_ascii_case(licence.trim())) {
            Some(known) => format!("license: {known}"),
            None => format!("license: other\nlicense_name: {}", yaml(licence.trim())),
        },
    };
    let size = size(card.figures.labels);
    format!("---\npretty_name: {name}\n{licence}\nsize_categories:\n- {size}\n---\n")
}

/// The category of so many rows.
fn size(rows: i64) -> &'static str {
    match rows {
        ..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        10_000_000..100_000_000 => "10M<n<100M",
        _ => "100M<n<1B",
    }
}
