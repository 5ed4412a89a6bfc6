//! Uploads of predictions: `{"id", "model", "question", "probs"}` on each line.

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
        predictions::{self, Sent},
        projects::Project,
        requeue, samples,
    },
    services::Services,
    spool::Spooled,
};
use domain::{
    canonical,
    id::SampleId,
    name::{ModelName, SampleKey, Slug},
    prediction::Probs,
    problem::{Code, Fault},
    schema::Schema,
    view::intake::PredictionImport,
};
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

/// A line that can be kept.
#[derive(Clone, Debug)]
struct Line {
    line: i64,
    key: SampleKey,
    sent: Sent,
}

impl Intake<'_> {
    /// Adds predictions of known samples; the newest of a sample and question counts.
    pub async fn predictions(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        on_error: OnError,
    ) -> Result<PredictionImport> {
        let upload = self.read(actor, slug, spooled, format, columns, parser).await;
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
    Columns::default()
        .key("id", Cell::Text)
        .key("model", Cell::Text)
        .key("question", Cell::Text)
        .any_below("probs", Cell::NumberIfAny)
}

/// A parser of lines, which remembers those that can be kept: of a sample, question and model there is one prediction.
fn parser() -> impl FnMut(&Schema, i64, Value) -> Parsed<Line> {
    let mut seen = HashSet::new();
    move |schema, line, value| {
        let mut object = Object::of(value, "").map_err(|fault| vec![fault])?;
        let key = object.name("id", SampleKey::parse);
        let sent = prediction(schema, &mut object);
        if let (Some(key), Some(sent)) = (&key, &sent)
            && seen.contains(&(key.clone(), sent.question.clone(), sent.model.clone()))
        {
            object.fault("id", Code::DuplicateId, "this sample, question and model occur twice");
        }
        let kept = object.finish(key.zip(sent).map(|(key, sent)| Line { line, key, sent }))?;
        seen.insert((kept.key.clone(), kept.sent.question.clone(), kept.sent.model.clone()));
        Ok(kept)
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

async fn keep(
    tx: &DatabaseTransaction,
    services: &Services,
    actor: &Actor,
    project: &Project,
    mut upload: Upload<Line>,
    on_error: OnError,
) -> Result<PredictionImport> {
    upload.is_read_by(project)?;
    let now = services.now(tx).await?;
    let keys: Keys<'_> = upload.lines.iter().map(|line| line.key.as_str()).collect();
    let known = samples::by_keys(tx, project.id, &keys.into_iter().collect::<Vec<_>>()).await?;
    let mut sent: BTreeMap<SampleId, Vec<Sent>> = BTreeMap::new();
    for line in std::mem::take(&mut upload.lines) {
        match known.get(line.key.as_str()) {
            Some(sample) => sent.entry(SampleId(sample.id)).or_default().push(line.sent),
            None => upload.tally.reject(line.line, vec![super::unknown_sample(&line.key)]),
        }
    }
    upload.tally.check(on_error)?;
    let import = upload::record(tx, actor, project, "predictions", &upload.digest, now).await?;
    let sent: Vec<(SampleId, &[Sent])> = sent.iter().map(|(id, sent)| (*id, sent.as_slice())).collect();
    let written = predictions::write(tx, project.id, &sent, now).await?;
    let changed: Vec<SampleId> = written.changed.into_iter().collect();
    let requeued = requeue::samples(tx, project, &changed, now).await?;
    let outcome = PredictionImport {
        received: upload.tally.received,
        created: written.created,
        updated: written.updated,
        rejected: upload.tally.rejected,
        tasks_opened: requeued.opened,
        tasks_superseded: requeued.superseded,
        errors: upload.tally.faults(),
    };
    imports::set_outcome(tx, import, serde_json::to_string(&outcome)?).await?;
    let detail = json!({
        "received": outcome.received, "created": outcome.created, "updated": outcome.updated,
        "rejected": outcome.rejected, "tasks_opened": outcome.tasks_opened,
        "tasks_superseded": outcome.tasks_superseded,
    });
    upload::audit(tx, actor, project, "import_predictions", import, detail, now).await?;
    Ok(outcome)
}
