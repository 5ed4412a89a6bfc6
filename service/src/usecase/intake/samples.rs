//! Uploads of samples, with their labels and predictions.

use super::{
    Intake,
    columns::Columns,
    foreign::{self, Dialect},
    import::new_version,
    kind::{About, Kind, Writing},
    labels::Labels,
    object::Parsed,
    sample_lines::{self, SampleLine},
    survey::Survey,
    tally::OnError,
    write::SampleWriting,
};
use crate::{
    actor::Actor,
    error::Result,
    format::Format,
    repo::{entering, versions::Effects},
    spool::Spooled,
};
use domain::{id::ImportId, name::Slug, schema::Schema, view::intake::SampleImport};
use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How an upload of samples is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleOptions {
    /// What a wrong line does.
    pub on_error: OnError,
    /// Whose label stays where review has decided otherwise.
    pub labels: Labels,
    /// Whose records they are.
    pub dialect: Dialect,
}

impl Intake<'_> {
    /// Adds and updates samples by id, with their labels and predictions. All label changes become one version.
    ///
    /// Goes on when the future is dropped, and a large upload also after a crash.
    pub async fn samples(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        options: SampleOptions,
    ) -> Result<SampleImport> {
        let kind = Samples::of(options);
        self.import(actor, slug, spooled, format, options.on_error, kind).await
    }
}

/// An upload of samples, and what it did so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Samples {
    options: SampleOptions,
    effects: Effects,
    outcome: SampleImport,
}

impl Samples {
    pub(super) fn of(options: SampleOptions) -> Self {
        Self { options, effects: Effects::default(), outcome: SampleImport::default() }
    }
}

impl Kind for Samples {
    const NAME: &'static str = "samples";
    const SAMPLES: About = About::Any;
    const ONCE: Option<&'static str> = Some("the id");

    type Line = SampleLine;
    type Outcome = SampleImport;

    fn columns(&self, schema: &Schema) -> Columns {
        foreign::columns(self.options.dialect, schema)
    }

    fn parse(&self, schema: &Schema, line: i64, record: Value) -> Parsed<SampleLine> {
        match self.options.dialect {
            Dialect::Relabel => sample_lines::parse(schema, line, record),
            dialect => foreign::sample(dialect, schema, line, record),
        }
    }

    fn needs_version(survey: &Survey<SampleLine>) -> bool {
        survey.says_labels
    }

    fn begin(&mut self, import: ImportId, survey: Survey<SampleLine>) {
        self.outcome = SampleImport {
            import: import.0,
            received: survey.tally.received,
            rejected: survey.tally.rejected,
            errors: survey.tally.faults(),
            ..SampleImport::default()
        };
    }

    fn write<'a>(&'a mut self, writing: Writing<'a>, lines: &'a [SampleLine]) -> BoxFuture<'a, Result<()>> {
        async move {
            let written = SampleWriting::of(writing, self.options.labels).lines(lines).await?;
            self.outcome.created += written.created;
            self.outcome.updated += written.updated;
            self.outcome.unchanged += written.unchanged;
            self.outcome.label_conflicts += written.conflicts;
            self.outcome.tasks_opened += written.tasks_opened;
            self.outcome.answers += written.answers;
            self.outcome.repeated += written.repeated;
            self.effects.add(written.effects);
            Ok(())
        }
        .boxed()
    }

    fn rejected(&mut self, count: i64) {
        self.outcome.rejected = count;
    }

    fn has_version(&self) -> bool {
        self.effects.count_all() > 0
    }

    fn end<'a>(
        &'a mut self,
        writing: Writing<'a>,
        sealed: Option<(i64, String)>,
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            let Some((number, digest)) = sealed else { return Ok(()) };
            let Writing { tx, actor, project, import, now, .. } = writing;
            let new = new_version(project, import, actor.user());
            entering::seal(tx, new, number, (self.effects, digest), now).await?;
            self.outcome.version = Some(number);
            Ok(())
        }
        .boxed()
    }

    fn outcome(&self) -> SampleImport {
        self.outcome.clone()
    }

    fn recorded(&self) -> Result<Value> {
        Ok(serde_json::to_value(&self.outcome)?)
    }

    fn audited(&self) -> Value {
        let outcome = &self.outcome;
        json!({
            "received": outcome.received, "created": outcome.created, "updated": outcome.updated,
            "unchanged": outcome.unchanged, "rejected": outcome.rejected, "version": outcome.version,
            "label_conflicts": outcome.label_conflicts, "tasks_opened": outcome.tasks_opened,
            "answers": outcome.answers, "repeated": outcome.repeated,
            "labels": match self.options.labels { Labels::Keep => "keep", Labels::Overwrite => "overwrite" },
        })
    }
}
