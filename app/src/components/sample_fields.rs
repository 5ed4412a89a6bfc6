//! What is known of a sample: its fields at reading size, its metadata below, small.

use crate::i18n::{tu_string, use_i18n};
use domain::schema::Schema;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// Fields in the schema's order; each with its title where there are several.
#[component]
pub fn SampleFields<'a>(schema: &'a Schema, fields: Option<Map<String, Value>>) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let Some(fields) = fields else {
        return view! { <p class="content-erased">{tu_string!(i18n, evidence.erased)}</p> }.into_any();
    };
    let has_titles = schema.fields.len() > 1;
    let shown: Vec<_> = schema
        .fields
        .iter()
        .filter_map(|field| Some((field.title().to_owned(), text_of(fields.get(&field.name)?))))
        .map(|(title, text)| {
            view! {
                <div class="content-field">
                    {has_titles.then(|| view! { <h3 class="content-title">{title}</h3> })}
                    <p class="content-text" dir="auto">{text}</p>
                </div>
            }
        })
        .collect();
    view! { <div class="content-fields">{shown}</div> }.into_any()
}

/// Metadata as a list of keys and values; nothing where there is none.
#[component]
pub fn SampleMetadata(metadata: Map<String, Value>) -> impl IntoView {
    (!metadata.is_empty()).then(|| {
        view! {
            <dl class="content-metadata">
                {metadata
                    .iter()
                    .map(|(key, value)| {
                        view! {
                            <div class="content-metadatum">
                                <dt>{key.clone()}</dt>
                                <dd dir="auto">{text_of(value)}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        }
    })
}

/// A text as it is, anything else as JSON.
pub fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The first field's text, cut to what a row of a list holds.
pub fn excerpt(schema: &Schema, fields: &Map<String, Value>) -> String {
    const LONGEST: usize = 160;
    let first = schema.fields.first().and_then(|field| fields.get(&field.name));
    let text = first.map(text_of).unwrap_or_default();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
