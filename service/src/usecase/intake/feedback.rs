//! Uploads of users' reports from service: `{"id", "kind": "wrong|unsure", "note"}` on each line.

use super::{
    Intake, Keys,
    columns::{Cell, Columns},
    object::{Object, Parsed},
    tally::OnError,
    upload::{self, Upload},
};
use crate::{
    actor::Actor,
    error::Result,
    format::Format,
    repo::{
        imports,
        projects::Project,
        requeue, samples,
        signals::{self, Given},
    },
    services::Services,
    spool::Spooled,
};
use domain::{
    id::SampleId,
    name::{SampleKey, Slug},
    problem::Code,
    schema::Schema,
    signal::SignalKind,
    view::intake::FeedbackImport,
};
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A line that can be kept.
#[derive(Clone, Debug)]
struct Report {
    line: i64,
    key: SampleKey,
    kind: ReportKind,
    note: Option<String>,
}

/// What a user reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReportKind {
    Wrong,
    Unsure,
}

impl ReportKind {
    fn parse(text: &str) -> Option<Self> {
        [Self::Wrong, Self::Unsure].into_iter().find(|kind| kind.as_str() == text)
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Unsure => "unsure",
        }
    }

    fn score(self) -> f64 {
        match self {
            Self::Wrong => 1.0,
            Self::Unsure => 0.5,
        }
    }
}

impl Intake<'_> {
    /// Adds users' reports; each opens a task whatever the threshold and target, or raises the open one.
    pub async fn feedback(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        on_error: OnError,
    ) -> Result<FeedbackImport> {
        let upload = self.read(actor, slug, spooled, format, columns, || parse).await;
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let project = upload::held_project(tx, &actor, &slug).await?;
                    keep(tx, &services, &actor, &project, upload?, on_error).await
                })
            })
            .await
    }
}

fn columns(_: &Schema) -> Columns {
    Columns::default().key("id", Cell::Text).key("kind", Cell::Text).key("note", Cell::TextIfAny)
}

fn parse(_: &Schema, line: i64, value: Value) -> Parsed<Report> {
    let mut object = Object::of(value, "").map_err(|fault| vec![fault])?;
    let key = object.name("id", SampleKey::parse);
    let kind = object.text("kind").and_then(|text| {
        let kind = ReportKind::parse(&text);
        if kind.is_none() {
            object.fault("kind", Code::Invalid, "must be 'wrong' or 'unsure'");
        }
        kind
    });
    let note = match object.optional("note") {
        None | Some(Value::Null) => None,
        Some(Value::String(note)) if note.chars().count() <= super::LONGEST_NOTE => Some(note),
        Some(Value::String(_)) => {
            object.fault("note", Code::TooLong, format!("at most {} characters", super::LONGEST_NOTE));
            None
        }
        Some(_) => {
            object.fault("note", Code::WrongType, "must be a text");
            None
        }
    };
    object.finish(key.zip(kind).map(|(key, kind)| Report { line, key, kind, note }))
}

async fn keep(
    tx: &DatabaseTransaction,
    services: &Services,
    actor: &Actor,
    project: &Project,
    mut upload: Upload<Report>,
    on_error: OnError,
) -> Result<FeedbackImport> {
    upload.is_read_by(project)?;
    let now = services.now(tx).await?;
    let keys: Keys<'_> = upload.lines.iter().map(|report| report.key.as_str()).collect();
    let known = samples::by_keys(tx, project.id, &keys.into_iter().collect::<Vec<_>>()).await?;
    let mut given = Vec::with_capacity(upload.lines.len());
    for report in std::mem::take(&mut upload.lines) {
        let Some(sample) = known.get(report.key.as_str()) else {
            upload.tally.reject(report.line, vec![super::unknown_sample(&report.key)]);
            continue;
        };
        given.push(Given {
            sample: SampleId(sample.id),
            kind: SignalKind::UserReport,
            score: report.kind.score(),
            detail: json!({"kind": report.kind.as_str(), "note": report.note}),
        });
    }
    upload.tally.check(on_error)?;
    let import = upload::record(tx, actor, project, "feedback", &upload.digest, now).await?;
    signals::give(tx, &given, actor.user(), now).await?;
    let reported: BTreeSet<SampleId> = given.iter().map(|given| given.sample).collect();
    let reported: Vec<SampleId> = reported.into_iter().collect();
    let requeued = requeue::samples(tx, project, &reported, now).await?;
    let outcome = FeedbackImport {
        received: upload.tally.received,
        tasks_opened: requeued.opened,
        rejected: upload.tally.rejected,
        errors: upload.tally.faults(),
    };
    imports::set_outcome(tx, import, serde_json::to_string(&outcome)?).await?;
    let detail = json!({
        "received": outcome.received, "rejected": outcome.rejected, "tasks_opened": outcome.tasks_opened,
    });
    upload::audit(tx, actor, project, "import_feedback", import, detail, now).await?;
    Ok(outcome)
}
