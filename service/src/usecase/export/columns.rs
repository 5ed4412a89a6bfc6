//! The columns of an export, typed, for Parquet and Arrow.
//!
//! Every row has the same columns whatever it holds: texts of fields and labels, a struct for the provenance, a list for the
//! predictions. A field whose name is that of another column is called `fields.` and its name.

use super::{
    lines::{Labelled, Line},
    plan::ExportPlan,
};
use crate::error::{Error, Result};
use arrow_array::{
    ArrayRef, RecordBatch,
    builder::{
        ArrayBuilder, Float64Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder, StructBuilder,
    },
};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use domain::{canonical, provenance::Provenance};
use serde_json::{Map, Value};
use std::{collections::HashMap, sync::Arc};

/// Names that are not a field's.
const RESERVED: [&str; 6] = ["op", "id", "version", "split", "provenance", "predictions"];

/// The column of a field.
pub(super) fn name_of_field(name: &str) -> String {
    if RESERVED.contains(&name) || name.starts_with("label.") || name.starts_with("fields.") {
        format!("fields.{name}")
    } else {
        name.to_owned()
    }
}

/// The entries of an object's text; none where there is no text.
pub(super) fn object(text: Option<&str>) -> Result<Map<String, Value>> {
    Ok(text.map(serde_json::from_str).transpose()?.unwrap_or_default())
}

/// The types of the columns, and in the metadata what they are of.
pub(super) fn schema(plan: &ExportPlan) -> SchemaRef {
    let text = |name: String| Field::new(name, DataType::Utf8, true);
    let mut columns: Vec<Field> =
        plan.since.map(|_| Field::new("op", DataType::Utf8, false)).into_iter().collect();
    columns.push(Field::new("id", DataType::Utf8, false));
    columns.extend(plan.schema.fields.iter().map(|field| text(name_of_field(&field.name))));
    columns.extend(plan.schema.questions.iter().map(|question| text(format!("label.{}", question.name))));
    columns.push(Field::new("version", DataType::Int64, false));
    columns.push(text("split".to_owned()));
    if plan.include.provenance {
        columns.push(Field::new("provenance", DataType::Struct(provenance_fields(plan)), true));
    }
    if plan.include.predictions {
        columns.push(Field::new("predictions", list_of(prediction_fields()), true));
    }
    let metadata = HashMap::from([
        ("relabel.project".to_owned(), plan.project.slug.to_string()),
        ("relabel.version".to_owned(), plan.version.to_string()),
        ("relabel.digest".to_owned(), plan.digest.clone()),
    ]);
    Arc::new(Schema::new_with_metadata(columns, metadata))
}

fn list_of(fields: Fields) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::Struct(fields), true)))
}

/// One text for each question.
fn by_question(plan: &ExportPlan, kind: &DataType) -> Fields {
    plan.schema.questions.iter().map(|question| Field::new(&question.name, kind.clone(), true)).collect()
}

fn provenance_fields(plan: &ExportPlan) -> Fields {
    let models = DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)));
    Fields::from(vec![
        Field::new("source", DataType::Utf8, true),
        Field::new("decided_by", DataType::Utf8, true),
        Field::new("annotations", DataType::Int32, true),
        Field::new("agreement", DataType::Float64, true),
        Field::new("posterior", DataType::Struct(by_question(plan, &DataType::Float64)), true),
        Field::new("reason", DataType::Utf8, true),
        Field::new("models", models, true),
        Field::new("schema_revision", DataType::Int32, true),
        Field::new("guideline_revision", DataType::Int32, true),
        Field::new("previous", DataType::Struct(by_question(plan, &DataType::Utf8)), true),
    ])
}

fn prediction_fields() -> Fields {
    let probs = Fields::from(vec![
        Field::new("value", DataType::Utf8, true),
        Field::new("probability", DataType::Float64, true),
    ]);
    Fields::from(vec![
        Field::new("model", DataType::Utf8, true),
        Field::new("question", DataType::Utf8, true),
        Field::new("probs", list_of(probs), true),
    ])
}

/// The lines as a batch of this schema.
pub(super) fn batch(plan: &ExportPlan, schema: &SchemaRef, lines: &[Line]) -> Result<RecordBatch> {
    let texts = |of: &dyn Fn(&Line) -> Option<String>| -> ArrayRef {
        let mut column = StringBuilder::new();
        lines.iter().for_each(|line| column.append_option(of(line)));
        Arc::new(column.finish())
    };
    let mut columns: Vec<ArrayRef> =
        plan.since.map(|_| texts(&|line| Some(line.op().to_owned()))).into_iter().collect();
    columns.push(texts(&|line| Some(line.id.clone())));
    let label = |line: &Line| line.label.as_ref().map(|label| label.answers.clone());
    let fields = |line: &Line| line.label.as_ref().and_then(|label| label.fields.clone());
    let shown = plan.schema.fields.iter().map(|field| field.name.as_str());
    columns.extend(text_columns(lines, shown, fields)?);
    let asked = plan.schema.questions.iter().map(|question| question.name.as_str());
    columns.extend(text_columns(lines, asked, label)?);
    let mut versions = Int64Builder::new();
    lines.iter().for_each(|line| versions.append_value(line.version));
    columns.push(Arc::new(versions.finish()));
    columns.push(texts(&|line| line.label.as_ref().map(|label| label.split.as_str().to_owned())));
    if plan.include.provenance {
        columns.push(provenance(plan, lines)?);
    }
    if plan.include.predictions {
        columns.push(predictions(lines)?);
    }
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(Error::internal)
}

/// A column for each of these keys of each line's object.
fn text_columns<'a>(
    lines: &[Line],
    keys: impl Iterator<Item = &'a str>,
    text: impl Fn(&Line) -> Option<String>,
) -> Result<Vec<ArrayRef>> {
    let mut columns: Vec<(&str, StringBuilder)> = keys.map(|key| (key, StringBuilder::new())).collect();
    for line in lines {
        let object = object(text(line).as_deref())?;
        for (key, column) in &mut columns {
            column.append_option(object.get(*key).and_then(plain));
        }
    }
    Ok(columns.into_iter().map(|(_, mut column)| Arc::new(column.finish()) as ArrayRef).collect())
}

/// A text as it is, anything else as canonical JSON, null as nothing.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(canonical::text(other)),
    }
}

fn provenance(plan: &ExportPlan, lines: &[Line]) -> Result<ArrayRef> {
    let mut column = StructBuilder::from_fields(provenance_fields(plan), lines.len());
    for line in lines {
        let text = line.label.as_ref().and_then(|label| label.provenance.as_deref());
        let given: Option<Provenance> = text.map(serde_json::from_str).transpose()?;
        let given = given.as_ref();
        let string = |text: Option<&str>| text.map(str::to_owned);
        part::<StringBuilder>(&mut column, 0)?.append_option(given.map(|given| given.source.as_str()));
        let decided_by = given.map(|given| canonical::text_of(&given.decided_by)).transpose()?;
        let decided_by = string(decided_by.as_deref().map(|text| text.trim_matches('"')));
        part::<StringBuilder>(&mut column, 1)?.append_option(decided_by);
        part::<Int32Builder>(&mut column, 2)?.append_option(given.map(|given| given.annotations));
        part::<Float64Builder>(&mut column, 3)?.append_option(given.and_then(|given| given.agreement));
        let posterior = given.and_then(|given| given.posterior.as_ref());
        let shares = part::<StructBuilder>(&mut column, 4)?;
        for (index, question) in plan.schema.questions.iter().enumerate() {
            let share = posterior.and_then(|posterior| posterior.get(&question.name)).copied();
            part::<Float64Builder>(shares, index)?.append_option(share);
        }
        shares.append(posterior.is_some());
        let reason = given.and_then(|given| given.reason).map(|reason| reason.as_str());
        part::<StringBuilder>(&mut column, 5)?.append_option(reason);
        let models = part::<ListBuilder<Box<dyn ArrayBuilder>>>(&mut column, 6)?;
        for model in given.map(|given| given.models.as_slice()).unwrap_or_default() {
            of_list::<StringBuilder>(models)?.append_value(model);
        }
        models.append(given.is_some());
        part::<Int32Builder>(&mut column, 7)?.append_option(given.map(|given| given.schema_revision));
        part::<Int32Builder>(&mut column, 8)?.append_option(given.map(|given| given.guideline_revision));
        let previous = given.and_then(|given| given.previous.as_ref());
        let answers = part::<StructBuilder>(&mut column, 9)?;
        for (index, question) in plan.schema.questions.iter().enumerate() {
            let answer = previous.and_then(|previous| previous.0.get(&question.name)).and_then(plain);
            part::<StringBuilder>(answers, index)?.append_option(answer);
        }
        answers.append(previous.is_some());
        column.append(given.is_some());
    }
    Ok(Arc::new(column.finish()))
}

fn predictions(lines: &[Line]) -> Result<ArrayRef> {
    let entries = StructBuilder::from_fields(prediction_fields(), lines.len());
    let mut column = ListBuilder::new(entries);
    for line in lines {
        let newest = line.label.as_ref().map(|label: &Labelled| label.predictions.as_slice());
        for newest in newest.unwrap_or_default() {
            let entry = column.values();
            part::<StringBuilder>(entry, 0)?.append_value(newest.model.as_str());
            part::<StringBuilder>(entry, 1)?.append_value(&newest.question);
            let probs = part::<ListBuilder<Box<dyn ArrayBuilder>>>(entry, 2)?;
            for (value, probability) in &newest.probs.0 {
                let one = of_list::<StructBuilder>(probs)?;
                part::<StringBuilder>(one, 0)?.append_value(value);
                part::<Float64Builder>(one, 1)?.append_value(*probability);
                one.append(true);
            }
            probs.append(true);
            entry.append(true);
        }
        column.append(newest.is_some());
    }
    Ok(Arc::new(column.finish()))
}

fn part<T: ArrayBuilder>(column: &mut StructBuilder, index: usize) -> Result<&mut T> {
    column.field_builder(index).ok_or_else(|| Error::internal("a column of another type"))
}

fn of_list<T: ArrayBuilder>(list: &mut ListBuilder<Box<dyn ArrayBuilder>>) -> Result<&mut T> {
    let values = list.values().as_any_mut().downcast_mut();
    values.ok_or_else(|| Error::internal("a list of another type"))
}
