//! A folder of demo data: `project.json`, `samples.jsonl` and, for the simulation, `truth.csv`.
//!
//! What is wrong with a sample the import says; here only what the simulation needs of it is read.

use domain::{
    answer::Answers,
    problem::{Code, Refusal},
    view::project::NewProject,
};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

use super::DemoError;
use crate::extract;

/// What the folder holds.
pub(super) struct Folder {
    /// The project to create.
    pub(super) project: NewProject,
    /// The upload.
    pub(super) samples: Vec<u8>,
    /// The true answers by sample id; empty where the folder does not say.
    pub(super) truth: BTreeMap<String, Answers>,
    /// What a model takes each sample for, by sample id.
    pub(super) predictions: BTreeMap<String, Vec<Prediction>>,
}

/// How probable a model finds each answer to one question.
#[derive(Debug, Deserialize)]
pub(super) struct Prediction {
    pub(super) question: String,
    pub(super) probs: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
struct Predicted {
    id: String,
    #[serde(default)]
    predictions: Vec<Prediction>,
}

impl Folder {
    pub(super) fn read(path: &Path) -> Result<Self, DemoError> {
        let file = path.join("project.json");
        let project: NewProject = extract::read_json(&read(&file)?)
            .map_err(|refusal| DemoError::Content { file: file.clone(), refusal })?;
        let samples = read(&path.join("samples.jsonl"))?;
        let file = path.join("truth.csv");
        let truth = if file.exists() {
            let refused = |refusal| DemoError::Content { file: file.clone(), refusal };
            truth(&read(&file)?, &project).map_err(refused)?
        } else {
            BTreeMap::new()
        };
        let lines = samples.split(|byte| *byte == b'\n');
        let predictions = lines
            .filter_map(|line| serde_json::from_slice::<Predicted>(line).ok())
            .map(|sample| (sample.id, sample.predictions))
            .collect();
        Ok(Self { project, samples, truth, predictions })
    }
}

fn read(file: &Path) -> Result<Vec<u8>, DemoError> {
    std::fs::read(file).map_err(|source| DemoError::File { file: file.to_owned(), source })
}

/// The columns are `id` and one per question; `label` stands for the first question.
fn truth(bytes: &[u8], project: &NewProject) -> Result<BTreeMap<String, Answers>, Refusal> {
    let malformed = |error: csv::Error| Refusal::new(Code::Malformed, error.to_string());
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(malformed)?.clone();
    let questions: Vec<Option<&str>> = header
        .iter()
        .map(|column| match column {
            "label" => project.schema.questions.first().map(|question| question.name.as_str()),
            name => project.schema.question(name).map(|question| question.name.as_str()),
        })
        .collect();
    let id = header.iter().position(|column| column == "id");
    let id = id.ok_or_else(|| Refusal::new(Code::Missing, "there is no column 'id'"))?;
    let mut truth = BTreeMap::new();
    for row in reader.records() {
        let row = row.map_err(malformed)?;
        let answers = row
            .iter()
            .zip(&questions)
            .filter_map(|(cell, question)| Some(((*question)?.to_owned(), cell.into())))
            .collect();
        truth.insert(row.get(id).unwrap_or_default().to_owned(), Answers(answers));
    }
    Ok(truth)
}

#[cfg(test)]
mod tests {
    use super::truth;
    use domain::view::project::NewProject;
    use serde_json::json;

    #[test]
    fn the_column_is_the_question_or_label() -> Result<(), Box<dyn std::error::Error>> {
        let project: NewProject = serde_json::from_value(json!({
            "slug": "p", "name": "P",
            "schema": {"fields": [{"name": "text", "kind": "text"}],
                       "questions": [{"name": "mood", "kind": "choice", "options": [{"value": "a"}]}]},
        }))?;
        for header in ["id,label", "id,mood"] {
            let truth = truth(format!("{header}\ns1,a\n").as_bytes(), &project)?;
            assert_eq!(truth.get("s1").and_then(|answers| answers.choice("mood")), Some("a"));
        }
        assert!(truth(b"name,mood\ns1,a\n", &project).is_err());
        Ok(())
    }
}
