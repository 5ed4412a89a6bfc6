//! Labels for training pipelines: a version, or what changed since another, in keyset pages.
//!
//! A page is one short query, so that a slow reader holds neither a connection nor a snapshot; versions never
//! change, so pages read at different times fit together.

use crate::{
    actor::Actor,
    entity::version,
    error::{Error, Result},
    repo::{
        export_rows::{self, ExportRow},
        newest_predictions, projects, schema_history, version_reads,
    },
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    canonical,
    id::{ProjectId, SampleId},
    name::{Slug, VersionRef},
    problem::{Code, Refusal},
    schema::Schema,
};
use serde_json::{Map, Value, json};

/// How many samples one page holds.
const PAGE: usize = 1000;

/// Labels for training pipelines.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a>(pub(crate) &'a Services);

/// In which format labels are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One JSON object a line.
    Jsonl,
    /// RFC 4180.
    Csv,
}

/// Whether cells that a spreadsheet would run are defused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spreadsheet {
    /// Cells are written as they are.
    #[default]
    Raw,
    /// Cells that begin like a formula get an apostrophe in front.
    Safe,
}

/// What is exported beside the label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Include {
    /// Where each label comes from.
    pub provenance: bool,
    /// The newest predictions; they change with time, so the export does too.
    pub predictions: bool,
}

/// What is exported, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRequest {
    /// The version; the newest where absent.
    pub version: Option<VersionRef>,
    /// Only what changed after this version.
    pub since: Option<VersionRef>,
    /// The format.
    pub format: ExportFormat,
    /// What is exported beside the label.
    pub include: Include,
    /// For CSV: whether cells are defused.
    pub spreadsheet: Spreadsheet,
}

/// A resolved export: which rows it holds will never change.
#[derive(Clone, Debug)]
pub struct ExportPlan {
    /// The resolved version.
    pub version: i64,
    /// Its digest.
    pub digest: String,
    /// What the bytes depend on, resolved, for a strong ETag; not how the version was spelt.
    pub etag_input: String,
    project: ProjectId,
    schema: Schema,
    since: Option<i64>,
    format: ExportFormat,
    include: Include,
    spreadsheet: Spreadsheet,
}

/// One page of an export.
#[derive(Clone, Debug)]
pub struct ExportPage {
    /// Whole lines.
    pub bytes: Vec<u8>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

impl Export<'_> {
    /// Resolves what is asked for.
    pub async fn plan(&self, actor: &Actor, slug: &Slug, request: ExportRequest) -> Result<ExportPlan> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::Export).await?;
        let project = access.project.id;
        let reference = request.version.unwrap_or(VersionRef::Latest);
        let version = version_reads::resolve(&conn, project, &reference).await?;
        let since = match &request.since {
            Some(since) => Some(version_reads::resolve_number(&conn, project, since).await?),
            None => None,
        };
        if since.is_some_and(|since| since > version.number) {
            return Err(Refusal::new(Code::SinceNewer, "`since` is newer than `version`").into());
        }
        let changing = if request.include.predictions {
            export_rows::predictions_mark(&conn, project).await?
        } else {
            String::new()
        };
        // Erasure is the one thing that changes a version's export.
        let erased = export_rows::erasures(&conn, project).await?;
        let etag_input = format!(
            "{} {:?} {since:?} {:?} {:?} {changing} {erased}",
            version.digest, request.format, request.include, request.spreadsheet
        );
        Ok(ExportPlan {
            schema: schema_at(&conn, project, &version).await?,
            version: version.number,
            digest: version.digest,
            etag_input,
            project,
            since,
            format: request.format,
            include: request.include,
            spreadsheet: request.spreadsheet,
        })
    }

    /// The page after `cursor`, a `next` of an earlier page; the first without one.
    pub async fn page(&self, plan: &ExportPlan, cursor: Option<String>) -> Result<ExportPage> {
        let conn = self.0.db.read();
        let first = cursor.is_none();
        let wanted = (plan.version, plan.since);
        let mut rows = export_rows::page(conn, plan.project, wanted, cursor.as_deref(), PAGE + 1).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = if more { rows.last().map(|row| row.sample_key.clone()) } else { None };
        let predictions = if plan.include.predictions {
            let samples: Vec<SampleId> = rows.iter().map(|row| SampleId(row.sample_id)).collect();
            newest_predictions::of_samples(conn, plan.project, &samples).await?
        } else {
            Default::default()
        };
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let newest = predictions.get(&SampleId(row.sample_id)).map_or(&[][..], Vec::as_slice);
            let newest = newest
                .iter()
                .map(|newest| json!({"model": newest.model, "question": newest.question, "probs": newest.probs}))
                .collect();
            lines.push(Line::of(row, newest)?);
        }
        let bytes = match plan.format {
            ExportFormat::Jsonl => jsonl(plan, &lines)?,
            ExportFormat::Csv => csv(plan, &lines, first)?,
        };
        Ok(ExportPage { bytes, next })
    }
}

/// The schema that was current when the version was made: columns of an export never change.
async fn schema_at<C: sea_orm::ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    version: &version::Model,
) -> Result<Schema> {
    let revision = schema_history::revision_at(conn, project, version.created_at).await?;
    projects::schema_at(conn, project, revision).await
}

/// One exported sample, parsed.
struct Line {
    id: String,
    /// None: the label was removed.
    label: Option<Map<String, Value>>,
    fields: Option<Map<String, Value>>,
    version: i64,
    provenance: Value,
    predictions: Vec<Value>,
}

impl Line {
    fn of(row: ExportRow, predictions: Vec<Value>) -> Result<Self> {
        Ok(Self {
            id: row.sample_key,
            label: row.label.as_deref().map(serde_json::from_str).transpose()?,
            fields: row.fields.as_deref().map(serde_json::from_str).transpose()?,
            version: row.from_version,
            provenance: serde_json::from_str(&row.provenance)?,
            predictions,
        })
    }
}

fn jsonl(plan: &ExportPlan, lines: &[Line]) -> Result<Vec<u8>> {
    let mut out = String::new();
    for line in lines {
        // The keys stand in the order of the documentation; their values are canonical.
        let mut entries: Vec<(&str, Value)> = Vec::with_capacity(8);
        if plan.since.is_some() {
            entries.push(("op", if line.label.is_some() { "upsert" } else { "delete" }.into()));
        }
        entries.push(("id", line.id.as_str().into()));
        if let Some(label) = &line.label {
            entries.push(("fields", json!(line.fields)));
            entries.push(("label", json!(label)));
        }
        entries.push(("version", line.version.into()));
        if line.label.is_some() {
            if plan.include.provenance {
                entries.push(("provenance", line.provenance.clone()));
            }
            if plan.include.predictions {
                entries.push(("predictions", line.predictions.clone().into()));
            }
        }
        out.push('{');
        for (index, (key, value)) in entries.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push_str(&canonical::text(&(*key).into()));
            out.push(':');
            out.push_str(&canonical::text(value));
        }
        out.push_str("}\n");
    }
    Ok(out.into_bytes())
}

/// Columns: `op` with `since`, `id`, one per field, `label.` and one per question, `version`, then
/// `provenance` and `predictions` as JSON where they are included.
fn csv(plan: &ExportPlan, lines: &[Line], first: bool) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if first {
        let mut header: Vec<String> = plan.since.map(|_| "op".to_owned()).into_iter().collect();
        header.push("id".to_owned());
        header.extend(plan.schema.fields.iter().map(|field| field.name.clone()));
        header.extend(plan.schema.questions.iter().map(|question| format!("label.{}", question.name)));
        header.push("version".to_owned());
        if plan.include.provenance {
            header.push("provenance".to_owned());
        }
        if plan.include.predictions {
            header.push("predictions".to_owned());
        }
        writer.write_record(&header).map_err(Error::internal)?;
    }
    for line in lines {
        let cell = |map: Option<&Map<String, Value>>, key: &str| {
            map.and_then(|map| map.get(key)).map_or_else(String::new, plain)
        };
        let mut record: Vec<String> = Vec::new();
        if plan.since.is_some() {
            record.push(if line.label.is_some() { "upsert" } else { "delete" }.to_owned());
        }
        record.push(line.id.clone());
        let fields = line.fields.as_ref().filter(|_| line.label.is_some());
        record.extend(plan.schema.fields.iter().map(|field| cell(fields, &field.name)));
        record.extend(plan.schema.questions.iter().map(|question| cell(line.label.as_ref(), &question.name)));
        record.push(line.version.to_string());
        if plan.include.provenance {
            record.push(if line.label.is_some() { canonical::text(&line.provenance) } else { String::new() });
        }
        if plan.include.predictions {
            record.push(canonical::text(&line.predictions.clone().into()));
        }
        if plan.spreadsheet == Spreadsheet::Safe {
            record.iter_mut().for_each(defuse);
        }
        writer.write_record(&record).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

/// A text as it is, anything else as canonical JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| canonical::text(value), str::to_owned)
}

/// Puts an apostrophe before what a spreadsheet would take for a formula.
fn defuse(cell: &mut String) {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        cell.insert(0, '\'');
    }
}
