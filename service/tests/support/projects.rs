//! Projects for tests: one field `text` and one choice `intent` of `a`, `b` and `c`.

use super::World;
use domain::{name::Slug, schema::Schema, settings::Settings, view::project::NewProject};
use serde_json::{Value, json};
use service::{Actor, Error, Result};

/// The schema of the tests' projects.
pub fn schema() -> serde_json::Result<Schema> {
    serde_json::from_value(json!({
        "fields": [{"name": "text", "kind": "text"}],
        "questions": [{"name": "intent", "kind": "choice",
                       "options": [{"value": "a"}, {"value": "b"}, {"value": "c"}]}],
    }))
}

impl World {
    /// A new project with default settings, but without an audit slice, which would queue samples at random.
    pub async fn project(&self, slug: &str) -> Result<Slug> {
        self.project_with(slug, json!({"queue": {"audit_rate": 0.0}})).await
    }

    /// A new project with these settings; what they leave out has its default.
    pub async fn project_with(&self, slug: &str, settings: Value) -> Result<Slug> {
        let slug = Slug::parse(slug).map_err(Error::internal)?;
        let settings: Settings = serde_json::from_value(settings)?;
        let name = format!("Project {slug}");
        let guideline = "# Guideline".to_owned();
        let project = NewProject { slug: slug.clone(), name, schema: schema()?, guideline, settings };
        self.services.projects().create(&Actor::Operator, project).await?;
        Ok(slug)
    }
}
