//! The upload page: a file of samples, people's answers, predictions or reports, checked first if one wants, then taken in.

pub mod api;
mod outcome;
#[cfg(feature = "ssr")]
mod receive;

#[cfg(feature = "ssr")]
pub use receive::LargestUpload;

use crate::{
    components::{
        field::SelectField,
        form::{FormOutcome, use_outcome},
        loaded::Loaded,
        project_layout::use_slug,
        title::Title,
    },
    error::{Answer, Refused, Reply},
    every_second::every_second,
    i18n::{tu_string, use_i18n},
    pages::project::imports::{ImportProgress, load_imports},
};
use api::{Received, Screen, import_upload, load_upload};
use domain::{
    schema::Schema,
    view::intake::{ImportState, ImportView},
};
use leptos::{form::form_data_from_event, prelude::*};
use leptos_router::hooks::use_query_map;
use outcome::OutcomeOf;
use serde_json::json;
use web_sys::{FormData, SubmitEvent};

/// The action of a form with JavaScript: the file stays chosen, so that what was checked can be imported at once.
type Upload = Action<FormData, Answer<Received>>;

/// The upload page.
#[component]
pub fn UploadPage() -> impl IntoView {
    let slug = use_slug();
    let query = use_query_map();
    let outcome = Memo::new(move |_| query.with(|query| query.get("done")));
    let screen =
        Resource::new(move || (slug.get(), outcome.get()), |(slug, outcome)| load_upload(slug, outcome));
    view! { <Loaded data=screen view=|screen| view! { <Shown screen /> }.into_any() /> }.into_any()
}

#[component]
fn Shown(screen: Screen) -> impl IntoView {
    let i18n = use_i18n();
    let Screen { slug, project, schema, last } = screen;
    let action: Upload = Action::new_local(|data: &FormData| import_upload(data.clone().into()));
    let last = StoredValue::new(last.map(Ok));
    let shown_slug = StoredValue::new(slug.clone());
    // A form that could not be read to its end left nothing but a code in the address.
    let unread = use_outcome("import_upload", Signal::derive(|| None::<Answer<()>>));
    let unread = move || match unread.get() {
        Some(FormOutcome::Refused(code)) => Some(Ok(Reply::Refused(Refused::of(code)))),
        _ => None,
    };
    // The newest import, while one waits for its end.
    let newest = RwSignal::new(None::<ImportView>);
    every_second(action.pending().into(), move || {
        leptos::task::spawn_local(async move {
            let loaded = load_imports(shown_slug.get_value(), None).await;
            let imports = loaded.ok().and_then(Reply::done).map(|imports| imports.page.items);
            let import = imports.and_then(|imports| imports.into_iter().next());
            newest.set(import.filter(|import| import.state == ImportState::Writing));
        });
    });
    let sending = move || match newest.get() {
        Some(import) => view! { <ImportProgress import /> }.into_any(),
        None => view! { <p class="notice notice-plain">{tu_string!(i18n, upload.sending)}</p> }.into_any(),
    };
    let outcome = move || {
        let answer: Option<Answer<Received>> =
            action.value().get().or_else(unread).or_else(|| last.get_value());
        match answer {
            _ if action.pending().get() => sending.into_any(),
            Some(answer) => view! { <OutcomeOf slug=shown_slug.get_value() answer /> }.into_any(),
            None => ().into_any(),
        }
    };
    view! {
        <Title page=tu_string!(i18n, upload.title) project />
        <h1 class="page-title">{tu_string!(i18n, upload.title)}</h1>
        <div class="upload-outcome" role="status">{outcome}</div>
        <div class="sections upload">
            <SamplesForm slug=slug.clone() schema action />
            <MoreForm slug action />
        </div>
    }
    .into_any()
}

/// Sends a form by the app; the browser sends it by itself where that does not run.
fn send(action: Upload) -> impl Fn(SubmitEvent) {
    move |event| {
        if let Ok(data) = form_data_from_event(&event) {
            event.prevent_default();
            action.dispatch_local(data);
        }
    }
}

#[component]
fn SamplesForm(slug: String, schema: Schema, action: Upload) -> impl IntoView {
    let i18n = use_i18n();
    let (json, csv) = examples(&schema);
    let labels = vec![
        ("keep".to_owned(), tu_string!(i18n, upload.labels_keep).to_owned()),
        ("overwrite".to_owned(), tu_string!(i18n, upload.labels_overwrite).to_owned()),
    ];
    let programs = vec![
        ("relabel".to_owned(), tu_string!(i18n, upload.from_relabel).to_owned()),
        ("label_studio".to_owned(), "Label Studio".to_owned()),
        ("argilla".to_owned(), "Argilla".to_owned()),
        ("doccano".to_owned(), "doccano".to_owned()),
    ];
    view! {
        <section class="section">
            <h2 class="section-title">{tu_string!(i18n, upload.samples)}</h2>
            <p class="section-lead">{tu_string!(i18n, upload.samples_lead)}</p>
            <details class="upload-format">
                <summary>{tu_string!(i18n, upload.format_help)}</summary>
                <p class="field-hint">{tu_string!(i18n, upload.format_ndjson)}</p>
                <pre class="code"><code>{json}</code></pre>
                <p class="field-hint">{tu_string!(i18n, upload.format_csv)}</p>
                <pre class="code"><code>{csv}</code></pre>
            </details>
            <form method="post" action="/api/import_upload" enctype="multipart/form-data" on:submit=send(action)>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="kind" value="samples" />
                <FileField id="samples-file" />
                <SelectField
                    name="from"
                    label=tu_string!(i18n, upload.from)
                    options=programs
                    selected="relabel"
                    hint=tu_string!(i18n, upload.from_hint)
                />
                <details class="upload-options">
                    <summary>{tu_string!(i18n, upload.options)}</summary>
                    <div class="upload-fields">
                        <FormatField id="samples-format" />
                        <OnErrorField id="samples-on-error" />
                        <SelectField
                            name="labels"
                            label=tu_string!(i18n, upload.labels)
                            options=labels
                            selected="keep"
                            hint=tu_string!(i18n, upload.labels_hint)
                        />
                    </div>
                </details>
                <div class="upload-send">
                    <button class="button" name="step" value="check" disabled=action.pending()>
                        {tu_string!(i18n, upload.check)}
                    </button>
                    <button class="button button-primary" name="step" value="import" disabled=action.pending()>
                        {tu_string!(i18n, upload.import)}
                    </button>
                </div>
                <p class="field-hint">{tu_string!(i18n, upload.check_hint)}</p>
            </form>
        </section>
    }
}

/// People's answers, predictions and users' reports on samples that are known.
#[component]
fn MoreForm(slug: String, action: Upload) -> impl IntoView {
    let i18n = use_i18n();
    let kinds = vec![
        ("predictions".to_owned(), tu_string!(i18n, upload.predictions).to_owned()),
        ("annotations".to_owned(), tu_string!(i18n, upload.annotations).to_owned()),
        ("reports".to_owned(), tu_string!(i18n, upload.reports).to_owned()),
    ];
    view! {
        <section class="section">
            <h2 class="section-title">{tu_string!(i18n, upload.more)}</h2>
            <p class="section-lead">{tu_string!(i18n, upload.more_lead)}</p>
            <form method="post" action="/api/import_upload" enctype="multipart/form-data" on:submit=send(action)>
                <input type="hidden" name="slug" value=slug />
                <SelectField name="kind" label=tu_string!(i18n, upload.kind) options=kinds selected="predictions" />
                <FileField id="more-file" />
                <details class="upload-options">
                    <summary>{tu_string!(i18n, upload.options)}</summary>
                    <div class="upload-fields">
                        <FormatField id="more-format" />
                        <OnErrorField id="more-on-error" />
                    </div>
                </details>
                <button class="button button-primary" name="step" value="import" disabled=action.pending()>
                    {tu_string!(i18n, upload.import)}
                </button>
            </form>
        </section>
    }
}

#[component]
fn FileField(id: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field">
            <label class="field-label" for=id>{tu_string!(i18n, upload.file)}</label>
            <input class="input input-file" id=id type="file" name="file" required accept=".jsonl,.ndjson,.json,.csv,.gz,.zst" />
            <p class="field-hint">{tu_string!(i18n, upload.file_hint)}</p>
        </div>
    }
}

#[component]
fn FormatField(id: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field">
            <label class="field-label" for=id>{tu_string!(i18n, upload.format)}</label>
            <select class="input" id=id name="format">
                <option value="">{tu_string!(i18n, upload.format_by_name)}</option>
                <option value="ndjson">"NDJSON"</option>
                <option value="json">"JSON"</option>
                <option value="csv">"CSV"</option>
            </select>
        </div>
    }
}

#[component]
fn OnErrorField(id: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field">
            <label class="field-label" for=id>{tu_string!(i18n, upload.on_error)}</label>
            <select class="input" id=id name="on_error">
                <option value="abort">{tu_string!(i18n, upload.on_error_abort)}</option>
                <option value="skip">{tu_string!(i18n, upload.on_error_skip)}</option>
            </select>
        </div>
    }
}

/// A line of NDJSON and two of CSV, by the project's own schema.
fn examples(schema: &Schema) -> (String, String) {
    let mut fields = serde_json::Map::new();
    for field in &schema.fields {
        fields.insert(field.name.clone(), "…".into());
    }
    let mut label = serde_json::Map::new();
    for question in &schema.questions {
        if let Some(option) = question.offered().next() {
            label.insert(question.name.clone(), option.value.clone().into());
        }
    }
    let mut header = vec!["id".to_owned()];
    header.extend(schema.fields.iter().map(|field| field.name.clone()));
    header.extend(schema.questions.iter().map(|question| question.name.clone()));
    let mut line = vec!["a-1".to_owned()];
    line.extend(fields.values().chain(label.values()).filter_map(|value| value.as_str().map(str::to_owned)));
    let json = json!({"id": "a-1", "fields": fields, "label": label});
    (json.to_string(), format!("{}\n{}", header.join(","), line.join(",")))
}
