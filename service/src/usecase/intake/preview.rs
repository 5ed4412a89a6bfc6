//! What an upload of samples would be read as; keeps nothing.

use super::{
    Intake,
    foreign::Dialect,
    import::reading,
    sample_lines::SampleLine,
    samples::{SampleOptions, Samples},
    survey::survey,
    upload,
};
use crate::{actor::Actor, error::Result, format::Format, spool::Spooled};
use domain::{
    name::Slug,
    view::intake::{PreviewRow, UploadPreview},
};
use serde_json::{Map, Value};

/// How many lines are shown.
const ROWS: usize = 20;
/// How much of a text is shown, in characters.
const LONGEST_SHOWN: usize = 200;

impl Intake<'_> {
    /// Checks an upload of samples as [`Intake::samples`] would, and shows the first lines.
    pub async fn preview(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        dialect: Dialect,
    ) -> Result<UploadPreview> {
        let conn = self.0.db.read();
        let project = upload::project(conn, actor, slug).await?;
        let kind = Samples::of(SampleOptions { dialect, ..SampleOptions::default() });
        let reading = reading(&kind, spooled.path(), format, &project.schema);
        let survey = survey::<Samples>(conn, &project, reading, ROWS).await?;
        let first = project.schema.fields.first().map(|field| field.name.as_str());
        let first = first.unwrap_or_default();
        let rows = survey.first.iter().map(|line| row(line, first)).collect::<Result<_>>()?;
        Ok(UploadPreview {
            received: survey.tally.received,
            rejected: survey.tally.rejected,
            rows,
            errors: survey.tally.faults(),
        })
    }
}

/// `first`: the first field of the schema, the one that is shown.
fn row(line: &SampleLine, first: &str) -> Result<PreviewRow> {
    let fields: Map<String, Value> = serde_json::from_str(&line.fields)?;
    let text = fields.get(first).and_then(Value::as_str).unwrap_or_default();
    Ok(PreviewRow {
        line: line.line,
        id: line.key.as_str().to_owned(),
        text: text.chars().take(LONGEST_SHOWN).collect(),
        label: line.label.text().flatten(),
        predictions: i64::try_from(line.predictions.len()).unwrap_or(i64::MAX),
    })
}
