//! Two versions side by side: which answer became which, why, by whose answers, and label by label.

mod address;
mod api;
mod matrix;
mod parts;

use crate::{
    components::{
        answer::title_of, label_changes::LabelChanges, loaded::Loaded, pagination::Pagination,
        project_layout::use_slug, title::Title,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use address::Address;
use api::{Comparison, load_comparison};
use domain::{
    schema::Schema,
    view::diff::{DiffFilter, Wanted},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use matrix::Matrices;
use parts::{ByAnnotator, ByReason, Effects, effect_text, why_text};

/// The page that compares two versions.
#[component]
pub fn ComparePage() -> impl IntoView {
    let slug = use_slug();
    let search = use_location().search;
    let query = Memo::new(move |_| search.with(|search| search.trim_start_matches('?').to_owned()));
    let comparison =
        Resource::new(move || (slug.get(), query.get()), |(slug, query)| load_comparison(slug, query));
    view! {
        <Loaded data=comparison view=|comparison| view! { <Shown comparison /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(comparison: Comparison) -> impl IntoView {
    let i18n = use_i18n();
    let Comparison { slug, project, schema, query, summary, items, next_cursor, choices } = comparison;
    let filter = Address::parse(&query).filter;
    let ends = (summary.from, summary.to);
    let title = tu_string!(i18n, compare.title);
    let nothing = summary.pairs.is_empty().then(|| {
        view! { <p class="section-lead">{tu_string!(i18n, version.no_changes)}</p> }
    });
    let shown = described(i18n, &schema, &filter);
    let all = Address::path(&slug, ends, &DiffFilter::default());
    let labels = if items.is_empty() {
        view! { <p class="section-lead">{tu_string!(i18n, compare.no_labels)}</p> }.into_any()
    } else {
        view! { <LabelChanges slug=slug.clone() schema=schema.clone() items /> }.into_any()
    };
    let narrowed = (!shown.is_empty()).then(|| {
        view! {
            <p class="section-lead">
                {tu_string!(i18n, compare.only, what = shown.join(" · ")).to_string()} " "
                <a href=format!("{all}#labels")>{tu_string!(i18n, compare.all)}</a>
            </p>
        }
    });
    view! {
        <Title page=title project />
        <div class="page-head">
            <h1 class="page-title">{title}</h1>
            <a href=format!("/projects/{slug}/versions")>{tu_string!(i18n, versions.to_versions)}</a>
        </div>
        <Choice ends choices />
        <div class="sections">
            <section class="section section-full">
                <h2 class="section-title">{tu_string!(i18n, compare.pairs)}</h2>
                <Effects slug=slug.clone() summary=summary.clone() />
                {nothing}
                <Matrices slug=slug.clone() ends schema=schema.clone() pairs=summary.pairs />
            </section>
            <ByReason slug=slug.clone() ends counts=summary.by_reason />
            <ByAnnotator slug=slug.clone() ends counts=summary.by_annotator />
            <section class="section section-wide" id="labels">
                <h2 class="section-title">{tu_string!(i18n, compare.labels)}</h2>
                {narrowed}
                {labels}
                <Pagination next=next_cursor />
            </section>
        </div>
    }
}

/// Which two versions, as a form that makes an address.
#[component]
fn Choice(ends: (i64, i64), choices: Vec<(String, String)>) -> impl IntoView {
    let i18n = use_i18n();
    let options =
        choices.into_iter().map(|(name, what)| view! { <option value=name>{what}</option> }).collect_view();
    view! {
        <form class="criteria" method="get">
            <label class="field">
                <span class="field-label">{tu_string!(i18n, compare.from)}</span>
                <input class="input" type="text" name="from" value=ends.0 list="versions" autocomplete="off" maxlength="64" />
            </label>
            <label class="field">
                <span class="field-label">{tu_string!(i18n, compare.to)}</span>
                <input class="input" type="text" name="to" value=ends.1 list="versions" autocomplete="off" maxlength="64" />
            </label>
            <datalist id="versions">
                <option value="0">{tu_string!(i18n, compare.empty_state)}</option>
                {options}
            </datalist>
            <button class="button">{tu_string!(i18n, version.compare_show)}</button>
        </form>
    }
}

/// What the list is narrowed down to, in words.
fn described(i18n: I18n, schema: &Schema, filter: &DiffFilter) -> Vec<String> {
    let mut parts = Vec::new();
    parts.extend(filter.effect.map(|effect| effect_text(i18n, effect).to_owned()));
    parts.extend(filter.reason.map(|reason| why_text(i18n, reason).to_owned()));
    parts.extend(filter.annotator.clone());
    if let Some(question) = &filter.question {
        let title = |wanted: &Option<Wanted>| match wanted {
            None => "…".to_owned(),
            Some(None) => tu_string!(i18n, common.no_label).to_owned(),
            Some(Some(value)) => title_of(schema, question, &value.as_str().into()),
        };
        parts.push(format!("{} → {}", title(&filter.before), title(&filter.after)));
    }
    parts
}
