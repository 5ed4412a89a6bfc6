//! Samples for tests: sent as an upload like anybody else's.

use super::World;
use domain::{name::Slug, view::intake::SampleImport};
use serde_json::{Value, json};
use service::{
    Actor, Result,
    format::Format,
    usecase::intake::{Labels, OnError, SampleOptions, foreign::Dialect},
};

/// A sample with this text.
pub fn sample(id: &str) -> Value {
    json!({"id": id, "fields": {"text": format!("text of {id}")}})
}

/// A sample with a stored label.
pub fn labelled(id: &str, label: &str) -> Value {
    let mut sample = sample(id);
    sample["label"] = json!({"intent": label});
    sample
}

/// A sample whose prediction has this probability for `a`, the rest for `b`.
pub fn predicted(id: &str, a: f64) -> Value {
    let mut sample = sample(id);
    sample["predictions"] =
        json!([{"model": "m@1", "question": "intent", "probs": {"a": a, "b": 1.0 - a, "c": 0.0}}]);
    sample
}

/// A prediction with this probability for `a`, the rest for `b`.
pub fn prediction(id: &str, model: &str, a: f64) -> Value {
    json!({"id": id, "model": model, "question": "intent", "probs": {"a": a, "b": 1.0 - a, "c": 0.0}})
}

impl World {
    /// Sends these samples as one upload.
    pub async fn import(&self, project: &Slug, samples: &[Value]) -> Result<SampleImport> {
        let mut spool = self.services.spool().await?;
        for sample in samples {
            spool.write(sample.to_string().as_bytes()).await?;
            spool.write(b"\n").await?;
        }
        let options =
            SampleOptions { on_error: OnError::Abort, labels: Labels::Keep, dialect: Dialect::Relabel };
        let spooled = spool.finish().await?;
        self.services.intake().samples(&Actor::Operator, project, spooled, Format::Ndjson, options).await
    }
}
