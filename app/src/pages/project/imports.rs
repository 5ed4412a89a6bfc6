//! The records of uploads: who sent what, and what became of it.

use crate::{
    components::{
        fault_table::FaultTable, loaded::Loaded, number::count, pagination::Pagination,
        project_layout::use_slug, states::Empty, time::Time, title::Title,
    },
    error::{Answer, Reply},
    every_second::every_second,
    i18n::{I18n, tu_string, use_i18n},
};
use domain::view::{
    Page,
    intake::{ImportState, ImportView},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// One page of the records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imports {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// The records, the newest first.
    pub page: Page<ImportView>,
}

/// One page of the records of uploads.
#[server(endpoint = "load_imports", input = GetUrl)]
pub async fn load_imports(slug: String, cursor: Option<String>) -> Answer<Imports> {
    use crate::{error::load, parse, session};
    let imports = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let page = services.imports().list(&actor, &slug, parse::page(cursor)).await?;
        let project = services.projects().get(&actor, &slug).await?;
        Ok(Imports { slug: slug.to_string(), project: project.name, page })
    };
    load(imports.await)
}

/// The page with the records.
#[component]
pub fn ImportsPage() -> impl IntoView {
    let slug = use_slug();
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor")));
    let imports =
        Resource::new(move || (slug.get(), cursor.get()), |(slug, cursor)| load_imports(slug, cursor));
    // What is being written is looked at again until it is done.
    let is_writing = move || {
        let page = imports.get().and_then(Result::ok).and_then(Reply::done);
        page.is_some_and(|imports| imports.page.items.iter().any(is_writing))
    };
    every_second(Signal::derive(is_writing), move || imports.refetch());
    view! { <Loaded data=imports view=|imports| view! { <ImportList imports /> }.into_any() /> }.into_any()
}

fn is_writing(import: &ImportView) -> bool {
    import.state == ImportState::Writing
}

/// How far an import is.
#[component]
pub fn ImportProgress(import: ImportView) -> impl IntoView {
    let i18n = use_i18n();
    let (written, all) = import.progress();
    let text = tu_string!(i18n, imports.progress, n = count(written), all = count(all)).to_string();
    view! {
        <p class="imports-progress">
            <progress max=all.max(1).to_string() value=written.to_string() aria-label=text.clone()></progress>
            <span>{text}</span>
        </p>
    }
}

#[component]
fn ImportList(imports: Imports) -> impl IntoView {
    let i18n = use_i18n();
    let Imports { slug, project, page } = imports;
    let upload = format!("/projects/{slug}/upload");
    let content = if page.items.is_empty() {
        view! {
            <Empty title=tu_string!(i18n, imports.empty)>
                <p><a class="button button-primary" href=upload>{tu_string!(i18n, common.nav.upload)}</a></p>
            </Empty>
        }
        .into_any()
    } else {
        let rows: Vec<_> = page.items.into_iter().map(|import| row(&slug, import).into_any()).collect();
        view! {
            <ol class="imports">{rows}</ol>
            <Pagination next=page.next_cursor />
        }
        .into_any()
    };
    view! {
        <Title page=tu_string!(i18n, imports.title) project />
        <h1 class="page-title">{tu_string!(i18n, imports.title)}</h1>
        {content}
    }
    .into_any()
}

fn row(slug: &str, import: ImportView) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let title = tu_string!(i18n, imports.number, n = import.import.0).to_string();
    let author = import.author.clone().unwrap_or_else(|| tu_string!(i18n, imports.command_line).to_owned());
    let counts: Vec<_> = counts(i18n, &import)
        .into_iter()
        .filter(|(_, number)| *number != 0)
        .map(|(text, number)| {
            view! {
                <div class="tally-item">
                    <dt>{text}</dt>
                    <dd class="number">{count(number)}</dd>
                </div>
            }
        })
        .collect();
    let version = import.version.map(|number| {
        let text = tu_string!(i18n, sample.version, n = number).to_string();
        view! { <a href=format!("/projects/{slug}/versions/{number}")>{text}</a> }
    });
    let progress = is_writing(&import).then(|| view! { <ImportProgress import=import.clone() /> });
    let cut_short = (import.state == ImportState::CutShort)
        .then(|| view! { <p class="notice notice-warning">{tu_string!(i18n, imports.cut_short)}</p> });
    let left_out = import.left_out();
    let errors = (!import.errors.is_empty()).then(|| {
        let text = tu_string!(i18n, imports.errors, n = count(left_out)).to_string();
        view! {
            <details class="imports-errors">
                <summary>{text}</summary>
                <FaultTable faults=import.errors />
            </details>
        }
    });
    view! {
        <li class="imports-item">
            <p class="imports-head">
                <strong>{title}</strong>
                <span>{kind_text(i18n, &import.kind)}</span>
                {version}
                <span class="imports-who">{author}</span>
                <span class="imports-who"><Time at=import.created_at /></span>
            </p>
            {progress}
            {cut_short}
            <dl class="tally">{counts}</dl>
            {errors}
            <details class="imports-digest">
                <summary>{tu_string!(i18n, imports.digest)}</summary>
                <code>{import.digest}</code>
            </details>
        </li>
    }
}

fn counts(i18n: I18n, import: &ImportView) -> [(&'static str, i64); 8] {
    let of_answers = import.kind == "annotations";
    let unchanged =
        if of_answers { tu_string!(i18n, imports.repeated) } else { tu_string!(i18n, imports.unchanged) };
    // What an upload of answers kept is what is new.
    let answers = if of_answers { 0 } else { import.answers };
    [
        (tu_string!(i18n, imports.received), import.received),
        (tu_string!(i18n, imports.created), import.created),
        (tu_string!(i18n, imports.updated), import.updated),
        (unchanged, import.unchanged),
        (tu_string!(i18n, imports.rejected), import.rejected),
        (tu_string!(i18n, imports.label_conflicts), import.label_conflicts),
        (tu_string!(i18n, imports.tasks_opened), import.tasks_opened),
        (tu_string!(i18n, imports.answers), answers),
    ]
}

fn kind_text(i18n: I18n, kind: &str) -> String {
    match kind {
        "samples" => tu_string!(i18n, upload.samples).to_owned(),
        "annotations" => tu_string!(i18n, upload.annotations).to_owned(),
        "predictions" => tu_string!(i18n, upload.predictions).to_owned(),
        "feedback" => tu_string!(i18n, upload.reports).to_owned(),
        other => other.to_owned(),
    }
}
