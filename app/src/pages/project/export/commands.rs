//! The commands that fetch an export. They are copied into terminals, so nothing of the address gets into them that is
//! not a version, a tag or a word known here.

use super::python;
use crate::address::with_query;
use domain::{name::VersionRef, split::Split};
use leptos_router::params::ParamsMap;

/// The formats, by their names in addresses.
pub(super) const FORMATS: [(&str, &str); 4] =
    [("jsonl", "JSONL"), ("csv", "CSV"), ("parquet", "Parquet"), ("arrow", "Arrow")];

/// What is wanted, as the address says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// `latest`, a tag, or a number.
    pub(super) version: String,
    /// One of [`FORMATS`].
    pub(super) format: &'static str,
    /// Only what changed after it; empty: everything.
    pub(super) since: String,
    /// The split; none: all.
    pub(super) split: Option<Split>,
    pub(super) provenance: bool,
    pub(super) predictions: bool,
}

impl Wanted {
    /// Reads the address; what names nothing is left out.
    pub(super) fn of(query: &ParamsMap) -> Self {
        let version = query.get_str("version").and_then(|text| VersionRef::parse(text).ok());
        let since = query.get_str("since").and_then(|text| VersionRef::parse_with_empty(text).ok());
        let include = query.get_all("include").unwrap_or_default();
        let includes = |what: &str| include.iter().any(|given| given.split(',').any(|one| one == what));
        let format = query.get_str("format");
        let format = FORMATS.iter().map(|(name, _)| *name).find(|name| format == Some(name));
        Self {
            version: version.map_or_else(|| "latest".to_owned(), |version| version.to_string()),
            format: format.unwrap_or("jsonl"),
            since: since.map(|since| since.to_string()).unwrap_or_default(),
            split: query.get_str("split").and_then(Split::parse),
            provenance: includes("provenance"),
            predictions: includes("predictions"),
        }
    }
}

/// The ways to get an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Commands {
    /// Path and query on this server, as a page's own download: CSV is defused, because it may be opened in a spreadsheet.
    pub(super) download: String,
    /// A name for the file.
    pub(super) file: String,
    pub(super) curl: String,
    pub(super) pandas: String,
    pub(super) polars: String,
    pub(super) datasets: String,
}

impl Commands {
    pub(super) fn of(origin: &str, slug: &str, wanted: &Wanted) -> Self {
        let mut pairs = vec![("version", wanted.version.as_str()), ("format", wanted.format)];
        if !wanted.since.is_empty() {
            pairs.push(("since", &wanted.since));
        }
        pairs.extend(wanted.split.map(|split| ("split", split.as_str())));
        let include: Vec<&str> = [("provenance", wanted.provenance), ("predictions", wanted.predictions)]
            .into_iter()
            .filter(|(_, included)| *included)
            .map(|(what, _)| what)
            .collect();
        pairs.extend(include.into_iter().map(|what| ("include", what)));
        let path = format!("/api/v1/projects/{slug}/export");
        let url = format!("{origin}{}", with_query(&path, pairs.clone()));
        if wanted.format == "csv" {
            pairs.push(("spreadsheet", "safe"));
        }
        let since = if wanted.since.is_empty() { String::new() } else { format!("-since-{}", wanted.since) };
        let split = wanted.split.map(|split| format!("-{}", split.as_str())).unwrap_or_default();
        let file = format!("{slug}-{}{since}{split}.{}", wanted.version, wanted.format);
        Self {
            curl: format!(
                "curl --fail --compressed \\\n  -H \"Authorization: Bearer $RELABEL_TOKEN\" \\\n  -o {file} \\\n  '{url}'"
            ),
            pandas: python::pandas(&url, wanted.format),
            polars: python::polars(&url, &file, wanted.format),
            datasets: python::datasets(&url, &file, wanted.format),
            download: with_query(&path, pairs),
            file,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Commands, Wanted};
    use leptos_router::params::ParamsMap;

    #[test]
    fn an_address_cannot_put_words_into_a_command() {
        let query: ParamsMap =
            [("version", "1'; rm -rf ~"), ("since", "$(id)"), ("format", "sh")].into_iter().collect();
        let wanted = Wanted::of(&query);
        assert_eq!((wanted.version.as_str(), wanted.since.as_str(), wanted.format), ("latest", "", "jsonl"));
    }

    #[test]
    fn commands_ask_for_what_the_address_asks_for() {
        let query: ParamsMap =
            [("version", "prod"), ("since", "0"), ("include", "provenance"), ("include", "predictions")]
                .into_iter()
                .collect();
        let commands = Commands::of("http://localhost:3000", "bank", &Wanted::of(&query));
        let path = "/api/v1/projects/bank/export?version=prod&format=jsonl&since=0&include=provenance&include=predictions";
        assert_eq!(commands.download, path);
        assert_eq!(commands.file, "bank-prod-since-0.jsonl");
        assert!(commands.curl.contains(&format!("'http://localhost:3000{path}'")));
        assert!(commands.pandas.contains("lines=True") && commands.datasets.contains("\"json\""));
    }

    #[test]
    fn a_table_that_is_downloaded_to_look_at_is_defused_and_one_that_is_fetched_is_not() {
        let query: ParamsMap = [("format", "csv"), ("split", "test")].into_iter().collect();
        let commands = Commands::of("http://localhost:3000", "bank", &Wanted::of(&query));
        assert!(commands.download.ends_with("format=csv&split=test&spreadsheet=safe"));
        assert!(!commands.curl.contains("spreadsheet"));
        assert_eq!(commands.file, "bank-latest-test.csv");
    }
}
