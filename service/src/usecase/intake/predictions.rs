//! Uploads of predictions: `{"id", "model", "question", "probs"}` on each line.

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
        predictions::{self, Sent},
        requeue, samples,
    },
    spool::Spooled,
};
use domain::{
    canonical,
    id::{ImportId, SampleId},
    name::{ModelName, SampleKey, Slug},
    prediction::Probs,
    problem::{Code, Fault},
    schema::Schema,
    view::intake::PredictionImport,
};
use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{borrow::Cow, collections::BTreeMap};

/// A line that can be kept.
#[derive(Clone, Debug)]
pub(super) struct PredictionLine {
    line: i64,
    key: SampleKey,
    sent: Sent,
    /// A later line has a prediction for the same sample and question, which will be the newest.
    is_followed: bool,
}

impl Line for PredictionLine {
    fn number(&self) -> i64 {
        self.line
    }

    fn key(&self) -> &SampleKey {
        &self.key
    }

    fn identity(&self) -> Cow<'_, str> {
        // None of them holds U+0000.
        Cow::Owned([self.key.as_str(), &self.sent.question, &self.sent.model].join("\0"))
    }

    fn subject(&self) -> Option<String> {
        Some([self.key.as_str(), &self.sent.question].join("\0"))
    }

    fn is_followed(&mut self) {
        self.is_followed = true;
    }

    fn bytes(&self) -> usize {
        self.sent.probs.len() + 200
    }
}

impl Intake<'_> {
    /// Adds predictions of known samples; the newest of a sample and question counts.
    ///
    /// Goes on when the future is dropped, and a large upload also after a crash.
    pub async fn predictions(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        on_error: OnError,
    ) -> Result<PredictionImport> {
        self.import(actor, slug, spooled, format, on_error, Predictions::default()).await
    }
}

/// An upload of predictions, and what it did so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Predictions {
    outcome: PredictionImport,
    /// Predictions that were there already, as the newest.
    unchanged: i64,
}

impl Kind for Predictions {
    const NAME: &'static str = "predictions";
    const SAMPLES: About = About::Known;
    const ONCE: Option<&'static str> = Some("a prediction of this sample, question and model");

    type Line = PredictionLine;
    type Outcome = PredictionImport;

    fn columns(&self, _: &Schema) -> Columns {
        Columns::default()
            .key("id", Cell::Text)
            .key("model", Cell::Text)
            .key("question", Cell::Text)
            .any_below("probs", Cell::NumberIfAny)
    }

    fn parse(&self, schema: &Schema, line: i64, record: Value) -> Parsed<PredictionLine> {
        let mut object = Object::of(record, "").map_err(|fault| vec![fault])?;
        let key = object.name("id", SampleKey::parse);
        let sent = prediction(schema, &mut object);
        object.finish(key.zip(sent).map(|(key, sent)| PredictionLine { line, key, sent, is_followed: false }))
    }

    fn begin(&mut self, _: ImportId, survey: Survey<PredictionLine>) {
        self.outcome = PredictionImport {
            received: survey.tally.received,
            rejected: survey.tally.rejected,
            errors: survey.tally.faults(),
            ..PredictionImport::default()
        };
    }

    fn write<'a>(
        &'a mut self,
        writing: Writing<'a>,
        lines: &'a [PredictionLine],
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            let Writing { tx, project, now, .. } = writing;
            let keys: Vec<&str> = lines.iter().map(|line| line.key.as_str()).collect();
            let known = samples::by_keys(tx, project.id, &keys).await?;
            let (mut earlier, mut last) = (Vec::new(), BTreeMap::<SampleId, Vec<Sent>>::new());
            for line in lines {
                let sample =
                    known.get(line.key.as_str()).ok_or_else(|| Error::internal("a sample is gone"))?;
                let (sample, sent) = (SampleId(sample.id), line.sent.clone());
                if line.is_followed {
                    earlier.push((sample, sent))
                } else {
                    last.entry(sample).or_default().push(sent)
                }
            }
            let noted = predictions::note(tx, project.id, &earlier, now).await?;
            let last: Vec<(SampleId, &[Sent])> =
                last.iter().map(|(id, sent)| (*id, sent.as_slice())).collect();
            let mut written = predictions::write(tx, project.id, &last, now).await?;
            let changed: Vec<SampleId> = std::mem::take(&mut written.changed).into_iter().collect();
            let requeued = requeue::samples(tx, project, &changed, now).await?;
            written.created += noted.created;
            written.updated += noted.updated;
            let lines = i64::try_from(lines.len()).map_err(Error::internal)?;
            self.unchanged += lines - written.created - written.updated;
            self.outcome.created += written.created;
            self.outcome.updated += written.updated;
            self.outcome.tasks_opened += requeued.opened;
            self.outcome.tasks_superseded += requeued.superseded;
            Ok(())
        }
        .boxed()
    }

    fn rejected(&mut self, count: i64) {
        self.outcome.rejected = count;
    }

    fn outcome(&self) -> PredictionImport {
        self.outcome.clone()
    }

    fn recorded(&self) -> Result<Value> {
        let mut recorded = serde_json::to_value(&self.outcome)?;
        recorded["unchanged"] = self.unchanged.into();
        Ok(recorded)
    }

    fn audited(&self) -> Value {
        let outcome = &self.outcome;
        json!({
            "received": outcome.received, "created": outcome.created, "updated": outcome.updated,
            "rejected": outcome.rejected, "tasks_opened": outcome.tasks_opened,
            "tasks_superseded": outcome.tasks_superseded,
        })
    }
}

/// The prediction that `object` is, but for the sample.
pub(super) fn prediction(schema: &Schema, object: &mut Object) -> Option<Sent> {
    let model = object.name("model", ModelName::parse);
    let question = object.text("question").and_then(|name| {
        let known = schema.question(&name);
        if known.is_none() {
            object.fault("question", Code::UnknownQuestion, format!("no question is named '{name}'"));
        }
        known
    });
    let probs = probs(object)?;
    let question = question?;
    let faults = probs.faults(question);
    if !faults.is_empty() {
        object.faults_below("probs", faults);
        return None;
    }
    let probs = canonical::text(&json!(probs));
    Some(Sent { model: model?.into(), question: question.name.clone(), probs })
}

fn probs(object: &mut Object) -> Option<Probs> {
    let Value::Object(given) = object.required("probs")? else {
        object.fault("probs", Code::WrongType, "must be an object from option to probability");
        return None;
    };
    let mut probs = BTreeMap::new();
    let mut faults = Vec::new();
    for (value, probability) in given {
        match probability.as_f64() {
            Some(probability) => {
                probs.insert(value, probability);
            }
            None => {
                let at = format!("/{}", canonical::escape_pointer(&value));
                faults.push(Fault::at(at, Code::WrongType, "must be a number"));
            }
        }
    }
    let complete = faults.is_empty();
    object.faults_below("probs", faults);
    complete.then_some(Probs(probs))
}
