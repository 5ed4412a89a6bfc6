//! How programs in Python read an export. `readers/test_commands.py` runs each of these as the page shows it.

/// What every one of them begins with.
fn begin(imports: &str, url: &str) -> String {
    format!(
        "import os\n{imports}\n\nurl = \"{url}\"\n\
         headers = {{\"Authorization\": \"Bearer \" + os.environ[\"RELABEL_TOKEN\"]}}\n"
    )
}

/// Fetches the file first: which ways of sending a header these programs know changes between their releases.
fn fetch(imports: &str, url: &str, file: &str) -> String {
    format!(
        "{}request = urllib.request.Request(url, headers=headers)\n\
         with urllib.request.urlopen(request) as answer, open(\"{file}\", \"wb\") as out:\n    \
         shutil.copyfileobj(answer, out)\n",
        begin(&format!("import shutil\nimport urllib.request\n{imports}"), url)
    )
}

/// Ids and labels are texts: pandas must not take them for numbers, dates or missing values.
pub(super) fn pandas(url: &str, format: &str) -> String {
    let read = match format {
        "csv" => "pd.read_csv(url, dtype=str, keep_default_na=False, storage_options=headers)",
        "parquet" => "pd.read_parquet(url, storage_options=headers)",
        "arrow" => "pd.read_feather(url, storage_options=headers)",
        _ => "pd.read_json(url, lines=True, dtype=False, storage_options=headers)",
    };
    format!("{}labels = {read}", begin("import pandas as pd", url))
}

pub(super) fn polars(url: &str, file: &str, format: &str) -> String {
    let read = match format {
        "csv" => format!("pl.read_csv(\"{file}\", infer_schema=False)"),
        "parquet" => format!("pl.read_parquet(\"{file}\")"),
        "arrow" => format!("pl.read_ipc(\"{file}\")"),
        _ => format!("pl.read_ndjson(\"{file}\", infer_schema_length=None)"),
    };
    format!("{}labels = {read}", fetch("import polars as pl", url, file))
}

pub(super) fn datasets(url: &str, file: &str, format: &str) -> String {
    // Its own reader of CSV would take some texts for numbers.
    if format == "csv" {
        return format!(
            "{}labels = Dataset.from_pandas(pd.read_csv(\"{file}\", dtype=str, keep_default_na=False))",
            fetch("import pandas as pd\nfrom datasets import Dataset", url, file)
        );
    }
    let kind = if format == "jsonl" { "json" } else { format };
    format!(
        "{}labels = load_dataset(\"{kind}\", data_files=\"{file}\", split=\"train\")",
        fetch("from datasets import load_dataset", url, file)
    )
}
