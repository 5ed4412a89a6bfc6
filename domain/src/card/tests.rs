//! Cards as they are read.

use super::{Card, Figures, Language, answers};
use crate::{
    provenance::{LabelAuthor, Provenance, VersionSource},
    schema::Schema,
    settings::CardSettings,
    time::Timestamp,
};
use serde_json::json;

fn provenance(decided_by: LabelAuthor, annotations: i32, agreement: Option<f64>) -> Provenance {
    Provenance {
        source: VersionSource::Cut,
        decided_by,
        annotations,
        agreement,
        posterior: None,
        reason: None,
        models: Vec::new(),
        schema_revision: 1,
        guideline_revision: 2,
        previous: None,
    }
}

fn figures() -> Option<Figures> {
    let mut figures =
        Figures { annotators: 3, simulated: 1, reviewers: 2, samples: 20, ..Figures::default() };
    figures.add_label(&answers(json!({"intent": "card|arrival"}))?, 6);
    figures.add_label(&answers(json!({"intent": "lost"}))?, 2);
    figures.add_origin(&provenance(LabelAuthor::Reviewer, 2, Some(0.5)), 2);
    figures.add_origin(&provenance(LabelAuthor::Policy, 3, Some(1.0)), 2);
    figures.add_origin(&provenance(LabelAuthor::Reviewer, 1, None), 1);
    figures.add_origin(&provenance(LabelAuthor::Import, 0, None), 3);
    Some(figures)
}

fn card(
    language: Language,
    project: &str,
    settings: &CardSettings,
) -> Result<String, Box<dyn std::error::Error>> {
    let schema: Schema = serde_json::from_value(json!({
        "fields": [{"name": "text", "kind": "text"}],
        "questions": [{"name": "intent", "kind": "choice", "title": "What does the *customer* want?",
                       "options": [{"value": "card|arrival", "title": "Card arrival"}, {"value": "lost"}]}],
    }))?;
    let card = Card {
        project,
        schema: &schema,
        settings,
        number: 4,
        digest: "sha256:00",
        source: VersionSource::Cut,
        message: "Second round\n# and more",
        created_at: Timestamp(0),
        added: 1,
        changed: 2,
        removed: 3,
        confirmed: 4,
        figures: &figures().ok_or("no figures")?,
    };
    Ok(card.markdown(language))
}

#[test]
fn a_card_says_what_the_labels_are_and_what_they_are_not() -> Result<(), Box<dyn std::error::Error>> {
    let settings = CardSettings {
        licence: Some("CC-BY-4.0".to_owned()),
        limits: Some("Only English.\n\n---\nlicense: mit".to_owned()),
    };
    let card = card(Language::English, "Bank", &settings)?;
    let head = "---\npretty_name: \"Bank v4\"\nlicense: cc-by-4.0\nsize_categories:\n- n<1K\n---\n\n# Bank, version 4\n";
    assert!(card.starts_with(head), "{card}");
    for line in [
        "### What does the \\*customer\\* want?",
        "| card\\|arrival | Card arrival | 6 | 75.0 % |",
        "| lost |  | 2 | 25.0 % |",
        "| a reviewer | 3 | 37.5 % |",
        "Mean pairwise agreement: 0.750 (labels with two or more annotations: 4).",
        "Annotators: 3, 1 of them simulated. Reviewers: 2.",
        "Decided under guideline revision 2 (8); schema revision 1 (8) (labels in brackets).",
        "- Against the version before: added 1, changed 2, removed 3, confirmed 4",
        "- Message: Second round # and more",
        "- Digest: `sha256:00`",
        "- 37.5 % of the labels (3) came with an import and were not reviewed here.",
        "- 25.0 % of the labels (2) were approved by policy: no reviewer looked at them.",
        "- 12.5 % of the labels (1) rest on one annotation.",
        "- 60.0 % of the samples (12) have no label in this version.",
        "\\---\\",
    ] {
        let line = line.replace("Second round # and", "Second round \\# and");
        assert!(card.lines().any(|found| found == line), "{line}\n\n{card}");
    }
    assert_eq!(card.lines().filter(|line| *line == "---").count(), 2, "{card}");
    Ok(())
}

#[test]
fn what_people_wrote_does_not_leave_its_place() -> Result<(), Box<dyn std::error::Error>> {
    let settings = CardSettings { licence: Some("ours\n---\n# x: \"y\"".to_owned()), limits: None };
    let card = card(Language::Korean, "은행\"\nlicense: mit\n---\n<script>", &settings)?;
    let mut parts = card.split("---\n");
    assert_eq!(parts.next(), Some(""));
    let head = parts.next().unwrap_or_default();
    assert_eq!(head.lines().count(), 5, "{head}");
    assert!(head.contains("license: other\nlicense_name: \"ours\\n---\\n# x: \\\"y\\\"\""), "{head}");
    let body = parts.collect::<String>();
    assert!(body.starts_with("\n# 은행\" license: mit --- \\<script\\>, 버전 4\n"), "{body}");
    assert!(body.contains("- 라이선스: ours --- \\# x: \"y\""), "{body}");
    Ok(())
}
