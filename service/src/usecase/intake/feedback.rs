//! Uploads of users' reports from service: `{"id", "kind": "wrong|unsure", "note"}` on each line.

use super::{
    Intake,
    columns::{Cell, Columns},
    kind::{About, Kind, Line, Writing},
    object::{Object, Parsed},
    survey::Survey,
    tally::OnError,
};
use crate::{
    actor::Actor,
    error::{Error, Result},
    format::Format,
    repo::{
        requeue, samples,
        signals::{self, Given},
    },
    spool::Spooled,
};
use domain::{
    id::{ImportId, SampleId},
    name::{SampleKey, Slug},
    problem::Code,
    schema::Schema,
    signal::SignalKind,
    view::intake::FeedbackImport,
};
use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{borrow::Cow, collections::BTreeSet};

/// A line that can be kept.
#[derive(Clone, Debug)]
pub(super) struct Report {
    line: i64,
    key: SampleKey,
    kind: ReportKind,
    note: Option<String>,
}

impl Line for Report {
    fn number(&self) -> i64 {
        self.line
    }

    fn key(&self) -> &SampleKey {
        &self.key
    }

    fn identity(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.key.as_str())
    }

    fn bytes(&self) -> usize {
        self.note.as_ref().map_or(0, String::len) + 100
    }
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
    ///
    /// Goes on when the future is dropped, and a large upload also after a crash.
    pub async fn feedback(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        on_error: OnError,
    ) -> Result<FeedbackImport> {
        self.import(actor, slug, spooled, format, on_error, Feedback::default()).await
    }
}

/// An upload of reports, and what it did so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Feedback {
    outcome: FeedbackImport,
    /// Reports that were kept.
    kept: i64,
}

impl Kind for Feedback {
    const NAME: &'static str = "feedback";
    const SAMPLES: About = About::Known;
    const ONCE: Option<&'static str> = None;

    type Line = Report;
    type Outcome = FeedbackImport;

    fn columns(&self, _: &Schema) -> Columns {
        Columns::default().key("id", Cell::Text).key("kind", Cell::Text).key("note", Cell::TextIfAny)
    }

    fn parse(&self, _: &Schema, line: i64, record: Value) -> Parsed<Report> {
        parse(line, record)
    }

    fn begin(&mut self, _: ImportId, survey: Survey<Report>) {
        self.outcome = FeedbackImport {
            received: survey.tally.received,
            tasks_opened: 0,
            rejected: survey.tally.rejected,
            errors: survey.tally.faults(),
        };
    }

    fn write<'a>(&'a mut self, writing: Writing<'a>, lines: &'a [Report]) -> BoxFuture<'a, Result<()>> {
        async move {
            let Writing { tx, actor, project, now, .. } = writing;
            let keys: Vec<&str> = lines.iter().map(|report| report.key.as_str()).collect();
            let known = samples::by_keys(tx, project.id, &keys).await?;
            let mut given = Vec::with_capacity(lines.len());
            for report in lines {
                let sample = known.get(report.key.as_str());
                given.push(Given {
                    sample: SampleId(sample.ok_or_else(|| Error::internal("a sample is gone"))?.id),
                    kind: SignalKind::UserReport,
                    score: report.kind.score(),
                    detail: json!({"kind": report.kind.as_str(), "note": report.note}),
                });
            }
            signals::give(tx, &given, actor.user(), now).await?;
            let reported: BTreeSet<SampleId> = given.iter().map(|given| given.sample).collect();
            let reported: Vec<SampleId> = reported.into_iter().collect();
            self.outcome.tasks_opened += requeue::samples(tx, project, &reported, now).await?.opened;
            self.kept += i64::try_from(lines.len()).map_err(Error::internal)?;
            Ok(())
        }
        .boxed()
    }

    fn rejected(&mut self, count: i64) {
        self.outcome.rejected = count;
    }

    fn outcome(&self) -> FeedbackImport {
        self.outcome.clone()
    }

    fn recorded(&self) -> Result<Value> {
        let mut recorded = serde_json::to_value(&self.outcome)?;
        recorded["created"] = self.kept.into();
        Ok(recorded)
    }

    fn audited(&self) -> Value {
        let outcome = &self.outcome;
        json!({
            "received": outcome.received, "rejected": outcome.rejected, "tasks_opened": outcome.tasks_opened,
        })
    }
}

fn parse(line: i64, value: Value) -> Parsed<Report> {
    let mut object = Object::of(value, "").map_err(|fault| vec![fault])?;
    let key = object.name("id", SampleKey::parse);
    let kind = object.text("kind").and_then(|text| {
        let kind = ReportKind::parse(&text);
        if kind.is_none() {
            object.fault("kind", Code::Invalid, "must be 'wrong' or 'unsure'");
        }
        kind
    });
    let note = object.text_if_any("note", super::LONGEST_NOTE);
    object.finish(key.zip(kind).map(|(key, kind)| Report { line, key, kind, note }))
}
