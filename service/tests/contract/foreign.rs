//! Moving in: files that Label Studio, Argilla and doccano wrote (`tests/foreign/README.md` says how), imported.

use crate::support::{Outcome, World, faults, on_each_database, refusal, uploads::STRICT};
use domain::{
    access::Role,
    name::Slug,
    problem::Code,
    schema::Schema,
    settings::Settings,
    task::TaskState,
    view::{
        annotate::{ClaimInput, SubmitInput},
        project::NewProject,
        sample::SampleDetail,
    },
};
use rstest::rstest;
use serde_json::{Value, json};
use service::{
    Actor, Error, Result,
    format::Format,
    usecase::intake::{
        Given, SampleOptions,
        foreign::{self, Dialect},
    },
};

macro_rules! written {
    ($name:literal) => {
        include_str!(concat!("../foreign/", $name))
    };
}

const LABEL_STUDIO: &str = written!("label-studio.json");
const SNAPSHOT: &str = written!("label-studio-snapshot.json");
const ARGILLA: &str = written!("argilla-2.json");
const MERGED: &str = written!("doccano/merged.jsonl");

/// The schema that the files' projects had.
fn schema() -> serde_json::Result<Schema> {
    serde_json::from_value(json!({
        "fields": [{"name": "text", "kind": "text"}],
        "questions": [{"name": "intent", "kind": "choice", "options":
            [{"value": "card_arrival"}, {"value": "lost_card"}, {"value": "fraud"}]}],
    }))
}

async fn project(world: &World) -> Result<Slug> {
    let slug = Slug::parse("bank").map_err(Error::internal)?;
    let settings: Settings = serde_json::from_value(json!({"queue": {"audit_rate": 0.0}}))?;
    let (name, guideline) = ("Bank".to_owned(), String::new());
    let project = NewProject { slug: slug.clone(), name, schema: schema()?, guideline, settings };
    world.services.projects().create(&Actor::Operator, project).await?;
    Ok(slug)
}

/// A sample in short: label, predictions of `tfidf-lr@1`, metadata.
async fn short(world: &World, project: &Slug, id: &str) -> Result<Value> {
    let sample: SampleDetail = world.services.samples().get(&Actor::Operator, project, id).await?;
    let label = sample.label.as_ref().and_then(|label| label.choice("intent"));
    let predictions: Vec<Value> = sample
        .predictions
        .iter()
        .map(|prediction| json!([prediction.model, prediction.question, prediction.probs]))
        .collect();
    Ok(json!([label, predictions, sample.metadata]))
}

fn predicted(probs: Value) -> Value {
    json!([["tfidf-lr@1", "intent", probs]])
}

#[rstest]
#[case::predictions_by_number(LABEL_STUDIO, json!([]))]
#[case::predictions_in_full(SNAPSHOT, predicted(json!({"fraud": 1.0})))]
#[tokio::test]
async fn a_label_studio_export_brings_labels_where_all_agree_and_predictions(
    #[case] file: &str,
    #[case] of_nobody_s: Value,
) -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let options = SampleOptions { dialect: Dialect::LabelStudio, ..STRICT };
        let import = world.send(&project, Format::Json, options, file).await?;
        assert_eq!((import.received, import.created, import.rejected), (5, 5, 0));
        let (chat, mail) = (json!({"channel": "chat"}), json!({"channel": "mail"}));
        for (id, expected) in [
            ("1", json!(["card_arrival", predicted(json!({"card_arrival": 0.91})), chat])),
            ("2", json!(["lost_card", predicted(json!({"card_arrival": 0.55})), mail])),
            ("3", json!([null, predicted(json!({"lost_card": 0.62})), mail])),
            ("4", json!([null, of_nobody_s, chat])),
            ("5", json!(["fraud", [], {}])),
        ] {
            assert_eq!(short(world, &project, id).await?, expected, "{id}");
        }
        let again = world.send(&project, Format::Json, options, file).await?;
        assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 5));
        assert!(import.answers > 0 && import.repeated == 0);
        assert_eq!((again.answers, again.repeated), (0, import.answers), "of each person the first stays");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_argilla_file_brings_responses_and_suggestions() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let options = SampleOptions { dialect: Dialect::Argilla, ..STRICT };
        let import = world.send(&project, Format::Json, options, ARGILLA).await?;
        assert_eq!((import.received, import.created), (4, 4));
        let (chat, mail) = (json!({"channel": "chat"}), json!({"channel": "mail"}));
        for (id, expected) in [
            ("a-1", json!(["card_arrival", predicted(json!({"card_arrival": 0.91})), chat])),
            ("a-2", json!(["lost_card", predicted(json!({"card_arrival": 0.55})), mail])),
            ("a-3", json!([null, predicted(json!({"lost_card": 0.62})), {}])),
            ("a-4", json!([null, predicted(json!({"fraud": 1.0})), chat])),
        ] {
            assert_eq!(short(world, &project, id).await?, expected, "{id}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn text_classification_records_of_argilla_1_come_with_all_probabilities() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let options = SampleOptions { dialect: Dialect::Argilla, ..STRICT };
        world.send(&project, Format::Ndjson, options, written!("argilla-1.jsonl")).await?;
        let probs = json!({"card_arrival": 0.91, "lost_card": 0.06, "fraud": 0.03});
        let expected = json!(["card_arrival", predicted(probs), {"channel": "chat"}]);
        assert_eq!(short(world, &project, "a-1").await?, expected);
        assert_eq!(short(world, &project, "a-4").await?, json!([null, [], {}]), "discarded");
        Ok(())
    })
    .await
}

#[rstest]
#[case::lines(Format::Ndjson, written!("doccano/all.jsonl"), json!(["두 가지로 볼 수 있습니다"]))]
#[case::csv(Format::Csv, written!("doccano/all.csv"), json!("두 가지로 볼 수 있습니다"))]
#[tokio::test]
async fn a_doccano_export_brings_labels_metadata_and_comments(
    #[case] format: Format,
    #[case] file: &str,
    #[case] comments: Value,
) -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let options = SampleOptions { dialect: Dialect::Doccano, ..STRICT };
        let import = world.send(&project, format, options, file).await?;
        assert_eq!((import.received, import.created), (4, 4));
        for (id, expected) in [
            ("1", json!(["card_arrival", [], {"channel": "chat"}])),
            ("2", json!(["lost_card", [], {"channel": "mail"}])),
            ("3", json!(["fraud", [], {"Comments": comments}])),
            ("4", json!([null, [], {"channel": "chat"}])),
        ] {
            assert_eq!(short(world, &project, id).await?, expected, "{id}");
        }
        let preview = world.spooled(file).await?;
        let intake = world.services.intake();
        let preview = intake.preview(&Actor::Operator, &project, preview, format, Dialect::Doccano).await?;
        assert_eq!((preview.received, preview.rejected), (4, 0));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn exports_of_one_record_for_each_annotation_are_refused_where_a_task_has_several() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let options = SampleOptions { dialect: Dialect::LabelStudio, ..STRICT };
        for (format, file) in
            [(Format::Json, written!("label-studio-min.json")), (Format::Csv, written!("label-studio.csv"))]
        {
            let refused = faults(world.send(&project, format, options, file).await);
            assert_eq!(refused, vec![("/id".to_owned(), Code::DuplicateId); 5]);
        }
        let single: Vec<Value> = serde_json::from_str(written!("label-studio-min.json"))?;
        let single = json!([single[0], single[8], single[9]]).to_string();
        world.send(&project, Format::Json, options, single).await?;
        assert_eq!(short(world, &project, "1").await?, json!(["card_arrival", [], {"channel": "chat"}]));
        assert_eq!(short(world, &project, "4").await?, json!([null, [], {"channel": "chat"}]));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_label_goes_when_the_file_is_sent_again_and_people_have_come_to_differ() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let options = SampleOptions { dialect: Dialect::Argilla, ..STRICT };
        let mut records: Vec<Value> = serde_json::from_str(ARGILLA)?;
        world.send(&project, Format::Json, options, json!(records).to_string()).await?;
        records[1]["responses"]["intent"][0]["value"] = json!("fraud");
        let import = world.send(&project, Format::Json, options, json!(records).to_string()).await?;
        assert_eq!((import.updated, import.unchanged, import.version), (1, 3, Some(2)));
        assert_eq!(short(world, &project, "a-2").await?[0], Value::Null);
        assert_eq!(short(world, &project, "a-1").await?[0], "card_arrival");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_file_is_refused_whole_with_places_in_it_where_the_project_does_not_fit() -> Outcome {
    on_each_database(async |world| {
        // This project's options are `a`, `b` and `c`.
        let project = world.project("p").await?;
        let options = SampleOptions { dialect: Dialect::LabelStudio, ..STRICT };
        let refused = refusal(world.send(&project, Format::Json, options, SNAPSHOT).await);
        let first = &refused.errors[0];
        assert_eq!(first.pointer.as_deref(), Some("/predictions/0/result/0/value/choices/0"));
        assert_eq!((first.line, first.code), (Some(1), Code::UnknownOption));
        assert_eq!(world.number("SELECT COUNT(*) FROM samples").await?, 0);
        Ok(())
    })
    .await
}

#[rstest]
#[case::by_number(Dialect::LabelStudio, LABEL_STUDIO, ["user 1", "user 2", "user 3"], true)]
#[case::by_address(Dialect::LabelStudio, SNAPSHOT, ["ann@example.org", "bo@example.org", "cho@example.org"], true)]
#[case::by_id(Dialect::Argilla, ARGILLA, [
    "11111111-1111-4111-8111-111111111111",
    "22222222-2222-4222-8222-222222222222",
    "33333333-3333-4333-8333-333333333333",
], false)]
#[case::by_name(Dialect::Doccano, MERGED, ["ann", "bo", "cho"], false)]
fn every_person_s_own_answer_is_kept_apart(
    #[case] dialect: Dialect,
    #[case] file: &str,
    #[case] people: [&str; 3],
    #[case] timed: bool,
) -> serde_json::Result<()> {
    let records: Vec<Value> = match dialect {
        Dialect::Doccano => file.lines().map(serde_json::from_str).collect::<serde_json::Result<_>>()?,
        _ => serde_json::from_str(file)?,
    };
    let answers = ["lost_card", "fraud", "fraud"].map(|answer| json!({"intent": answer}));
    let expected: Vec<_> =
        people.iter().zip(answers).map(|(person, answers)| ((*person).to_owned(), answers, timed)).collect();
    let one = |given: Given| (given.annotator.to_string(), json!(given.answers), given.created_at.is_some());
    let converted = foreign::convert(dialect, &schema()?, records[2].clone());
    let given = converted.map(|converted| converted.given.into_iter().map(one).collect::<Vec<_>>());
    assert_eq!(given, Ok(expected));
    Ok(())
}

#[tokio::test]
async fn answers_that_differ_go_to_review_each_with_its_person() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let member = world.member(&project, "dee", Role::Annotator).await?;
        let options = SampleOptions { dialect: Dialect::LabelStudio, ..STRICT };
        world.send(&project, Format::Json, options, SNAPSHOT).await?;
        let sample = world.services.samples().get(&Actor::Operator, &project, "3").await?;
        assert_eq!(sample.tasks.len(), 1);
        assert_eq!(sample.tasks[0].state, TaskState::InReview);
        let said: Vec<_> = sample.tasks[0]
            .annotations
            .iter()
            .map(|given| (given.annotator.as_str(), given.answers.choice("intent").unwrap_or_default()))
            .collect();
        let expected =
            [("ann@example.org", "lost_card"), ("bo@example.org", "fraud"), ("cho@example.org", "fraud")];
        assert_eq!(said, expected);
        assert_eq!(world.number("SELECT CAST(slots AS BIGINT) FROM tasks WHERE sample_key = '3'").await?, 3);
        assert_eq!(world.number("SELECT COUNT(*) FROM annotations").await?, 3);
        world.send(&project, Format::Json, options, SNAPSHOT).await?;
        assert_eq!(
            world.number("SELECT COUNT(*) FROM annotations").await?,
            3,
            "sent again, each counts once"
        );
        let claimed = world.services.queue().claim(&member, &project, ClaimInput { count: Some(50) }).await?;
        assert!(claimed.tasks.iter().all(|item| item.sample.id.as_str() != "3"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn imported_answers_leave_places_that_are_held_and_open_a_task_where_a_prediction_was_certain()
-> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let member = world.member(&project, "dee", Role::Annotator).await?;
        let options = SampleOptions { dialect: Dialect::LabelStudio, ..STRICT };
        let mut tasks: Vec<Value> = serde_json::from_str(SNAPSHOT)?;
        let people = tasks[2]["annotations"].take();
        // One is held by a member when the answers come, of the other a model is certain.
        let certain = tasks[3]["predictions"].take();
        let file = |annotations: &Value| {
            let record = |id: i64, predictions: &Value| {
                json!({"id": id, "data": {"text": "x"}, "predictions": predictions, "annotations": annotations})
            };
            json!([record(1, &json!([])), record(2, &certain)]).to_string()
        };
        world.send(&project, Format::Json, options, file(&json!([]))).await?;
        let claimed = world.services.queue().claim(&member, &project, ClaimInput { count: Some(50) }).await?;
        let held: Vec<_> = claimed.tasks.iter().map(|item| item.sample.id.as_str()).collect();
        assert_eq!(held, ["1"]);
        let sent = world.send(&project, Format::Json, options, file(&people)).await?;
        assert_eq!(sent.tasks_opened, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM annotations").await?, 6);
        let states = world.texts("SELECT state FROM tasks ORDER BY sample_key").await?;
        assert_eq!(states, ["open", "in_review"]);
        let reasons = world.texts("SELECT reason_kind FROM tasks ORDER BY sample_key").await?;
        assert_eq!(reasons, ["unlabelled", "import_conflict"]);
        let input: SubmitInput = serde_json::from_value(json!({"answers": {"intent": "fraud"}}))?;
        let submitted = world.services.annotations().submit(&member, &claimed.tasks[0].lease, input).await?;
        assert_eq!(submitted.task_state, TaskState::InReview);
        let over = "SELECT COUNT(*) FROM tasks t WHERE t.slots <
                    (SELECT COUNT(*) FROM slots s WHERE s.task_id = t.id AND s.annotation_id IS NOT NULL)";
        assert_eq!(world.number(over).await?, 0);
        assert_eq!(world.number("SELECT CAST(slots AS BIGINT) FROM tasks WHERE sample_key = '1'").await?, 4);
        Ok(())
    })
    .await
}
