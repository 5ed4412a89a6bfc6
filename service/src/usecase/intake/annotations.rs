//! Uploads of what people answered elsewhere: `{"id", "annotator", "answers", "created_at"}` on each line.

use super::{
    Intake,
    answer_lines::{self, AnswerLine},
    answers::{self, Brought, LeftOut, Why},
    columns::Columns,
    foreign::Dialect,
    kind::{About, Kind, Writing},
    object::Parsed,
    survey::Survey,
    tally::OnError,
};
use crate::{
    actor::Actor,
    error::{Error, Result},
    format::Format,
    repo::imports::{self, Rejected},
    spool::Spooled,
    usecase::lifecycle::{self, Believing},
};
use domain::{
    id::ImportId,
    name::Slug,
    problem::{Code, Fault, Refusal},
    schema::Schema,
    time::Timestamp,
    view::intake::AnnotationImport,
};
use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How an upload of answers is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnnotationOptions {
    /// What a wrong line does.
    pub on_error: OnError,
    /// Whose records they are.
    pub dialect: Dialect,
}

impl Intake<'_> {
    /// Keeps people's answers to known samples as annotations; of a person and a sample the first stays.
    ///
    /// Goes on when the future is dropped, and a large upload also after a crash.
    pub async fn annotations(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        options: AnnotationOptions,
    ) -> Result<AnnotationImport> {
        let kind = Annotations {
            dialect: options.dialect,
            received_at: self.0.now(self.0.db.read()).await?,
            written: 0,
            rejected: 0,
            closed: 0,
            outcome: AnnotationImport::default(),
        };
        self.import(actor, slug, spooled, format, options.on_error, kind).await
    }
}

/// An upload of answers, and what it did so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Annotations {
    dialect: Dialect,
    /// Answers cannot have been given later. Part of the kind, so that each pass over the file finds the same lines wrong.
    received_at: Timestamp,
    /// Lines that were written.
    written: i64,
    /// Lines that were left out because they are wrong.
    rejected: i64,
    /// Answers to samples that were erased while the upload was written.
    closed: i64,
    outcome: AnnotationImport,
}

impl Kind for Annotations {
    const NAME: &'static str = "annotations";
    const SAMPLES: About = About::NotErased;
    // Who has answered already is told by what is there, and by what the lines before have written.
    const ONCE: Option<&'static str> = None;
    // Each may settle a task, and with it make a decision and stage a label.
    const MOST_AT_ONCE: usize = 400;

    type Line = AnswerLine;
    type Outcome = AnnotationImport;

    fn columns(&self, schema: &Schema) -> Columns {
        answer_lines::columns(self.dialect, schema)
    }

    fn parse(&self, schema: &Schema, line: i64, record: Value) -> Parsed<AnswerLine> {
        answer_lines::parse(self.dialect, schema, self.received_at, line, record)
    }

    fn begin(&mut self, import: ImportId, survey: Survey<AnswerLine>) {
        self.outcome = AnnotationImport {
            import: import.0,
            received: survey.tally.received,
            rejected: survey.tally.rejected,
            errors: survey.tally.faults(),
            ..AnnotationImport::default()
        };
    }

    fn write<'a>(&'a mut self, writing: Writing<'a>, lines: &'a [AnswerLine]) -> BoxFuture<'a, Result<()>> {
        async move {
            let Writing { tx, actor, project, import, now, .. } = writing;
            let brought = |line: &'a AnswerLine| Brought {
                key: &line.key,
                given: &line.given,
                is_followed: line.is_followed,
            };
            let brought: Vec<Brought<'a>> = lines.iter().map(brought).collect();
            let kept = answers::keep_all(tx, actor, project, &brought, now).await?;
            self.written += i64::try_from(lines.len()).map_err(Error::internal)?;
            self.outcome.created += kept.answers;
            self.outcome.tasks_opened += kept.tasks_opened;
            self.outcome.tasks_settled += kept.tasks_settled;
            imports::reject(tx, import, self.left_out(lines, &kept.left_out)?).await
        }
        .boxed()
    }

    fn rejected(&mut self, count: i64) {
        self.rejected = count;
        self.outcome.rejected = count + self.closed;
    }

    fn end<'a>(&'a mut self, writing: Writing<'a>, _: Option<(i64, String)>) -> BoxFuture<'a, Result<()>> {
        async move {
            if self.written + self.rejected < self.outcome.received {
                // It ends before its lines do, and tasks wait for what does not come.
                lifecycle::settle_all(writing.tx, writing.project, Believing::Equally, writing.now).await?;
            }
            Ok(())
        }
        .boxed()
    }

    fn outcome(&self) -> AnnotationImport {
        self.outcome.clone()
    }

    fn recorded(&self) -> Result<Value> {
        let mut recorded = serde_json::to_value(&self.outcome)?;
        recorded["answers"] = self.outcome.created.into();
        recorded["unchanged"] = self.outcome.repeated.into();
        Ok(recorded)
    }

    fn audited(&self) -> Value {
        let outcome = &self.outcome;
        json!({
            "received": outcome.received, "created": outcome.created, "repeated": outcome.repeated,
            "rejected": outcome.rejected, "tasks_opened": outcome.tasks_opened,
            "tasks_settled": outcome.tasks_settled,
        })
    }
}

impl Annotations {
    /// Counts what was not kept, and returns it for the record of the import.
    fn left_out(&mut self, lines: &[AnswerLine], left_out: &[LeftOut<'_>]) -> Result<Vec<Rejected>> {
        let mut faults: BTreeMap<usize, Vec<Fault>> = BTreeMap::new();
        for left_out in left_out {
            match left_out.why {
                Why::Repeated => self.outcome.repeated += 1,
                Why::Closed => self.closed += 1,
            }
            faults.entry(left_out.line).or_default().push(self.fault(left_out));
        }
        let mut rejected = Vec::with_capacity(faults.len());
        for (index, faults) in faults {
            let line = lines.get(index).ok_or_else(|| Error::internal("an answer has no line"))?;
            let (record, text) = (Some(line.record.clone()), serde_json::to_string(&faults)?);
            rejected.push(Rejected { line: line.line, record, faults: text });
            self.outcome.errors.extend(faults.into_iter().map(|fault| fault.on_line(line.line)));
        }
        self.outcome.errors.sort_by_key(|fault| fault.line);
        self.outcome.errors.truncate(Refusal::MOST_FAULTS);
        Ok(rejected)
    }

    /// Why an answer was not kept. A line of another program has its own place for the annotator.
    fn fault(&self, left_out: &LeftOut<'_>) -> Fault {
        let name = left_out.given.annotator.as_str();
        let (key, code, detail) = match left_out.why {
            Why::Repeated => (
                "/annotator",
                Code::DuplicateId,
                format!("'{name}' has answered this sample already; the first answer stays"),
            ),
            Why::Closed => ("/id", Code::UnknownSample, "the sample was erased".to_owned()),
        };
        let pointer = (self.dialect == Dialect::Relabel).then(|| key.to_owned());
        Fault { line: None, pointer, code, detail }
    }
}
