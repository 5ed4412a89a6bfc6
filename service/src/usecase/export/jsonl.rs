//! JSONL: one object a line, its keys in the order of the documentation.
//!
//! Labels, fields and provenance are canonical where they are stored, so they are copied, not read.

use super::{lines::Line, plan::ExportPlan};
use crate::error::Result;
use domain::canonical;
use serde_json::{Value, json};

/// The lines.
pub(super) fn write(plan: &ExportPlan, lines: &[Line]) -> Result<Vec<u8>> {
    let mut out = String::with_capacity(lines.len() * 512);
    for line in lines {
        out.push('{');
        if plan.since.is_some() {
            out.push_str("\"op\":\"");
            out.push_str(line.op());
            out.push_str("\",");
        }
        out.push_str("\"id\":");
        out.push_str(&canonical::text(&Value::from(line.id.as_str())));
        if let Some(label) = &line.label {
            out.push_str(",\"fields\":");
            out.push_str(label.fields.as_deref().unwrap_or("null"));
            out.push_str(",\"label\":");
            out.push_str(&label.answers);
        }
        out.push_str(",\"version\":");
        out.push_str(&line.version.to_string());
        if let Some(label) = &line.label {
            out.push_str(",\"split\":\"");
            out.push_str(label.split.as_str());
            out.push('"');
            if let Some(provenance) = &label.provenance {
                out.push_str(",\"provenance\":");
                out.push_str(provenance);
            }
            if plan.include.predictions {
                out.push_str(",\"predictions\":");
                out.push_str(&predictions(label));
            }
        }
        out.push_str("}\n");
    }
    Ok(out.into_bytes())
}

/// The predictions as canonical JSON.
pub(super) fn predictions(label: &super::lines::Labelled) -> String {
    let shown = label
        .predictions
        .iter()
        .map(|newest| json!({"model": newest.model, "question": newest.question, "probs": newest.probs}));
    canonical::text(&Value::Array(shown.collect()))
}
