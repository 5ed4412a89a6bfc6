//! Wrong lines of uploads of people's answers: each gets its code and place, and nothing of the upload is kept.

use super::{
    imported_answers::answer,
    support::{Outcome, World, code, on_each_database, refusal, samples::sample, uploads::ndjson},
};
use domain::{
    access::{Role, Scope},
    name::Slug,
    problem::Code,
    view::project::ProjectPatch,
};
use serde_json::{Value, json};
use service::{
    Actor, Result,
    format::Format,
    usecase::intake::{AnnotationOptions, OnError},
};

/// A project with a retired option and one sample.
async fn project(world: &World) -> Result<Slug> {
    let project = world.project("p").await?;
    let before = world.services.projects().get(&Actor::Operator, &project).await?;
    let mut schema = before.schema.clone();
    schema.questions[0].options[2].retired = true;
    let patch = ProjectPatch { rev: before.rev, schema: Some(schema), ..ProjectPatch::default() };
    world.services.projects().update(&Actor::Operator, &project, patch).await?;
    world.send_samples(&project, &[sample("s1")]).await?;
    Ok(project)
}

/// Lines, each wrong in one place; none: nothing to point into.
fn wrong_lines() -> Vec<(String, Option<&'static str>, Code)> {
    let with = |key: &str, value: Value| {
        let mut line = answer("s1", "x", "a");
        line[key] = value;
        line
    };
    let without = |key: &str| {
        let mut line = answer("s1", "x", "a");
        line.as_object_mut().map(|line| line.remove(key));
        line
    };
    let line = |value: Value, at, code| (value.to_string(), Some(at), code);
    vec![
        (r#"{"id": "s1", "annotator""#.to_owned(), None, Code::Malformed),
        ("\"s1\"".to_owned(), Some(""), Code::WrongType),
        line(answer("nobody", "x", "a"), "/id", Code::UnknownSample),
        line(without("id"), "/id", Code::Missing),
        line(without("annotator"), "/annotator", Code::Missing),
        line(with("annotator", json!("")), "/annotator", Code::InvalidName),
        line(with("annotator", json!(" x")), "/annotator", Code::InvalidName),
        line(with("annotator", json!("x".repeat(255))), "/annotator", Code::InvalidName),
        line(with("annotator", json!(7)), "/annotator", Code::WrongType),
        line(without("answers"), "/answers", Code::Missing),
        line(with("answers", json!({})), "/answers/intent", Code::Missing),
        line(with("answers", json!("a")), "/answers", Code::WrongType),
        line(with("answers", json!({"intent": "z"})), "/answers/intent", Code::UnknownOption),
        line(with("answers", json!({"intent": "c"})), "/answers/intent", Code::RetiredOption),
        line(with("answers", json!({"intent": "a", "mood": "b"})), "/answers/mood", Code::UnknownQuestion),
        line(with("verdict", json!("wrong")), "/verdict", Code::Invalid),
        line(with("verdict", json!(1)), "/verdict", Code::WrongType),
        line(with("verdict", json!("ambiguous")), "/answers", Code::Invalid),
        line(with("created_at", json!("yesterday")), "/created_at", Code::WrongType),
        line(with("created_at", json!("2026-03-02T09:00:01Z")), "/created_at", Code::OutOfRange),
        line(with("note", json!("x".repeat(2001))), "/note", Code::TooLong),
        line(with("colour", json!("red")), "/colour", Code::UnknownKey),
    ]
}

async fn rows(world: &World) -> Result<Vec<i64>> {
    let mut rows = Vec::new();
    for table in ["annotations", "annotators", "slots", "signals", "imports", "import_rejects", "audit"] {
        let count = world.number(&format!("SELECT COUNT(*) FROM {table}")).await;
        rows.push(count.map_err(service::Error::internal)?);
    }
    Ok(rows)
}

#[tokio::test]
async fn every_wrong_line_is_told_with_its_place_and_nothing_is_kept() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let before = rows(world).await?;
        for (line, at, code) in wrong_lines() {
            let body = format!("{}\n{line}\n", answer("s1", "y", "b"));
            let options = AnnotationOptions::default();
            let refused = refusal(world.send_answers_as(&project, Format::Ndjson, options, body).await);
            let [fault] = refused.errors.as_slice() else { panic!("{line}: {refused:?}") };
            assert_eq!(
                (fault.line, fault.pointer.as_deref(), fault.code),
                (Some(2), at, code),
                "{line}: {}",
                fault.detail
            );
            assert_eq!(rows(world).await?, before, "{line}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn wrong_lines_can_be_left_out_and_are_told_each() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let wrong = wrong_lines();
        let lines: String = wrong.iter().map(|(line, ..)| format!("{line}\n")).collect();
        let body = format!("{}\n{lines}", answer("s1", "y", "b"));
        let options = AnnotationOptions { on_error: OnError::Skip, ..AnnotationOptions::default() };
        let sent = world.send_answers_as(&project, Format::Ndjson, options, body).await?;
        let count = i64::try_from(wrong.len())?;
        assert_eq!((sent.received, sent.created, sent.rejected), (count + 1, 1, count));
        assert_eq!(sent.errors.len(), wrong.len());
        assert_eq!(world.number("SELECT COUNT(*) FROM import_rejects").await?, count);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn tables_with_wrong_columns_and_files_in_another_encoding_are_refused() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let before = rows(world).await?;
        let csv: [(&[u8], Option<&str>, Code); 4] = [
            (b"id,intent\ns1,a\n", Some("/annotator"), Code::Missing),
            (b"id,annotator,label\ns1,x,a\n", Some("/label"), Code::UnknownKey),
            (b"id,annotator,intent\ns1,,a\n", Some("/annotator"), Code::InvalidName),
            (b"id,annotator,intent\ns1,\xb1\xe8,a\n", None, Code::InvalidUtf8),
        ];
        for (body, at, code) in csv {
            let options = AnnotationOptions::default();
            let refused = refusal(world.send_answers_as(&project, Format::Csv, options, body).await);
            let fault = &refused.errors[0];
            assert_eq!((fault.pointer.as_deref(), fault.code), (at, code));
            assert_eq!(rows(world).await?, before);
        }
        let empty = world.send_answers(&project, &[]).await?;
        assert_eq!((empty.received, empty.created), (0, 0));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn only_who_may_send_data_may_send_answers() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let reviewer = world.member(&project, "rev", Role::Reviewer).await?;
        let manager = world.member(&project, "man", Role::Manager).await?;
        let reading = world.token("man", &[Scope::Read, Scope::Manage], None).await?;
        let ingesting = world.token("man", &[Scope::Ingest], None).await?;
        let send = async |actor: &Actor, annotator: &str| {
            let spooled = world.spooled(ndjson(&[answer("s1", annotator, "a")])).await?;
            let options = AnnotationOptions::default();
            world.services.intake().annotations(actor, &project, spooled, Format::Ndjson, options).await
        };
        let before = rows(world).await?;
        for actor in [&reviewer, &reading] {
            assert_eq!(code(send(actor, "x").await), Code::Forbidden);
        }
        assert_eq!(rows(world).await?, before);
        for (actor, annotator) in [(&manager, "x"), (&ingesting, "y")] {
            assert_eq!(send(actor, annotator).await?.created, 1);
        }
        Ok(())
    })
    .await
}
