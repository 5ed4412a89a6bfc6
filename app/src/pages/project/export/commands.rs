//! The commands that fetch an export. They are copied into terminals, so nothing of the address gets into them that is
//! not a version, a tag or a word known here.

use crate::address::with_query;
use domain::name::VersionRef;
use leptos_router::params::ParamsMap;

/// What is wanted, as the address says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// `latest`, a tag, or a number.
    pub(super) version: String,
    /// `jsonl` or `csv`.
    pub(super) format: String,
    /// Only what changed after it; empty: everything.
    pub(super) since: String,
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
        Self {
            version: version.map_or_else(|| "latest".to_owned(), |version| version.to_string()),
            format: if query.get_str("format") == Some("csv") { "csv" } else { "jsonl" }.to_owned(),
            since: since.map(|since| since.to_string()).unwrap_or_default(),
            provenance: includes("provenance"),
            predictions: includes("predictions"),
        }
    }
}

/// The ways to get an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Commands {
    /// Path and query on this server.
    pub(super) path: String,
    /// A name for the file.
    pub(super) file: String,
    pub(super) curl: String,
    pub(super) pandas: String,
    pub(super) datasets: String,
}

impl Commands {
    pub(super) fn of(origin: &str, slug: &str, wanted: &Wanted) -> Self {
        let mut pairs = vec![("version", wanted.version.as_str()), ("format", wanted.format.as_str())];
        if !wanted.since.is_empty() {
            pairs.push(("since", &wanted.since));
        }
        let include: Vec<&str> = [("provenance", wanted.provenance), ("predictions", wanted.predictions)]
            .into_iter()
            .filter(|(_, included)| *included)
            .map(|(what, _)| what)
            .collect();
        pairs.extend(include.into_iter().map(|what| ("include", what)));
        let path = with_query(&format!("/api/v1/projects/{slug}/export"), pairs);
        let url = format!("{origin}{path}");
        let since = if wanted.since.is_empty() { String::new() } else { format!("-since-{}", wanted.since) };
        let file = format!("{slug}-{}{since}.{}", wanted.version, wanted.format);
        let is_csv = wanted.format == "csv";
        Self {
            curl: format!(
                "curl --fail --compressed \\\n  -H \"Authorization: Bearer $RELABEL_TOKEN\" \\\n  -o {file} \\\n  '{url}'"
            ),
            pandas: pandas(&url, is_csv),
            datasets: datasets(&url, &file, is_csv),
            path,
            file,
        }
    }
}

/// Ids and labels are texts: pandas must not take them for numbers, dates or missing values.
fn pandas(url: &str, is_csv: bool) -> String {
    let read = if is_csv {
        "pd.read_csv(\n    url, dtype=str, keep_default_na=False,"
    } else {
        "pd.read_json(\n    url, lines=True, dtype=False, convert_dates=False,"
    };
    format!(
        "import os\nimport pandas as pd\n\nurl = \"{url}\"\nlabels = {read}\n    \
         storage_options={{\"Authorization\": \"Bearer \" + os.environ[\"RELABEL_TOKEN\"]}},\n)"
    )
}

/// The file is fetched first: which ways of sending a header `load_dataset` knows changes between its releases.
fn datasets(url: &str, file: &str, is_csv: bool) -> String {
    let kind = if is_csv { "csv" } else { "json" };
    format!(
        "import os, shutil, urllib.request\nfrom datasets import load_dataset\n\nrequest = urllib.request.Request(\n    \
         \"{url}\",\n    headers={{\"Authorization\": \"Bearer \" + os.environ[\"RELABEL_TOKEN\"]}},\n)\n\
         with urllib.request.urlopen(request) as answer, open(\"{file}\", \"wb\") as out:\n    \
         shutil.copyfileobj(answer, out)\n\nlabels = load_dataset(\"{kind}\", data_files=\"{file}\", split=\"train\")"
    )
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
        assert_eq!(
            (wanted.version.as_str(), wanted.since.as_str(), wanted.format.as_str()),
            ("latest", "", "jsonl")
        );
    }

    #[test]
    fn commands_ask_for_what_the_address_asks_for() {
        let query: ParamsMap =
            [("version", "prod"), ("since", "0"), ("include", "provenance"), ("include", "predictions")]
                .into_iter()
                .collect();
        let commands = Commands::of("http://localhost:3000", "bank", &Wanted::of(&query));
        let path = "/api/v1/projects/bank/export?version=prod&format=jsonl&since=0&include=provenance&include=predictions";
        assert_eq!(commands.path, path);
        assert_eq!(commands.file, "bank-prod-since-0.jsonl");
        assert!(commands.curl.contains(&format!("'http://localhost:3000{path}'")));
        assert!(commands.pandas.contains("lines=True") && commands.datasets.contains("\"json\""));
    }
}
