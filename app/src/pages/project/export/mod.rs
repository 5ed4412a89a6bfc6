//! Export: what is wanted stands in the address, exactly as the API takes it; the page turns it into commands to copy
//! and a link to download.

mod api;
mod commands;
mod python;

use crate::{
    components::{
        copy::{CopyShape, CopyText},
        field::SelectField,
        inputs::CheckField,
        loaded::Loaded,
        number::count,
        project_layout::use_slug,
        states::Empty,
        title::Title,
    },
    i18n::{tu_string, use_i18n},
};
use api::{Exportable, load_export};
use commands::{Commands, FORMATS, Wanted};
use domain::split::Split;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page with the ways to get the labels.
#[component]
pub fn ExportPage() -> impl IntoView {
    let slug = use_slug();
    let export = Resource::new(move || slug.get(), load_export);
    view! { <Loaded data=export view=|export| view! { <Shown export /> }.into_any() /> }.into_any()
}

#[component]
fn Shown(export: Exportable) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let title = tu_string!(i18n, common.nav.export);
    let (slug, origin) = (export.slug.clone(), export.origin.clone());
    let Some(newest) = export.versions.first().cloned() else {
        let versions = format!("/projects/{slug}/versions");
        return view! {
            <Title page=title project=export.project />
            <h1 class="page-title">{title}</h1>
            <Empty title=tu_string!(i18n, export.empty)>
                <p>{tu_string!(i18n, export.empty_text)}</p>
                <p><a href=versions>{tu_string!(i18n, versions.to_versions)}</a></p>
            </Empty>
        }
        .into_any();
    };
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let commands = Memo::new(move |_| wanted.with(|wanted| Commands::of(&origin, &slug, wanted)));
    let lead =
        tu_string!(i18n, export.newest, number = newest.number, labels = count(newest.labels)).to_string();
    let block = move |text: fn(&Commands) -> &String, label: &'static str| move || view! { <CopyText text=commands.with(|commands| text(commands).clone()) label shape=CopyShape::Block /> };
    let download = move || commands.with(|commands| commands.download.clone());
    let file = move || commands.with(|commands| commands.file.clone());
    view! {
        <Title page=title project=export.project.clone() />
        <h1 class="page-title">{title}</h1>
        <div class="sections">
            <section class="section section-wide">
                <p class="section-lead">{lead}</p>
                {move || view! { <Choice export=export.clone() wanted=wanted.get() /> }}
                <p>
                    <a class="button button-primary" href=download download=file rel="external">
                        {tu_string!(i18n, export.download)}
                    </a>
                </p>
            </section>
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, export.commands)}</h2>
                <p class="section-lead">
                    {tu_string!(i18n, export.token)} " "
                    <a href="/account/tokens">{tu_string!(i18n, export.token_link)}</a>
                </p>
                <h3 class="export-way">"curl"</h3>
                {block(|commands| &commands.curl, "curl")}
                <h3 class="export-way">"pandas"</h3>
                {block(|commands| &commands.pandas, "pandas")}
                <h3 class="export-way">"Polars"</h3>
                {block(|commands| &commands.polars, "Polars")}
                <h3 class="export-way">"Hugging Face datasets"</h3>
                {block(|commands| &commands.datasets, "datasets")}
            </section>
        </div>
    }
    .into_any()
}

/// The form that makes the address; its keys are those of the API.
#[component]
fn Choice(export: Exportable, wanted: Wanted) -> impl IntoView {
    let i18n = use_i18n();
    let mut versions = vec![("latest".to_owned(), tu_string!(i18n, export.latest).to_owned())];
    versions.extend(export.tags.iter().map(|(tag, number)| (tag.clone(), format!("{tag} (v{number})"))));
    versions.extend(export.versions.iter().map(|version| {
        let message: String = version.message.chars().take(60).collect();
        (version.number.to_string(), format!("v{} {message}", version.number))
    }));
    let mut since = vec![
        (String::new(), tu_string!(i18n, export.everything).to_owned()),
        ("0".to_owned(), tu_string!(i18n, export.since_empty).to_owned()),
    ];
    since.extend(versions.iter().skip(1).cloned());
    // A version that is too old for the list, or was typed into the address, stays chosen.
    for (list, chosen) in [(&mut versions, &wanted.version), (&mut since, &wanted.since)] {
        if !list.iter().any(|(value, _)| value == chosen) {
            list.push((chosen.clone(), chosen.clone()));
        }
    }
    let formats = FORMATS.map(|(value, title)| (value.to_owned(), title.to_owned())).to_vec();
    let splits = vec![
        (String::new(), tu_string!(i18n, export.split_all).to_owned()),
        ("train".to_owned(), tu_string!(i18n, export.split_train).to_owned()),
        ("validation".to_owned(), tu_string!(i18n, export.split_validation).to_owned()),
        ("test".to_owned(), tu_string!(i18n, export.split_test).to_owned()),
    ];
    let split = wanted.split.map(Split::as_str).unwrap_or_default();
    view! {
        <form class="criteria export-choice" method="get">
            <SelectField name="version" label=tu_string!(i18n, export.version) options=versions selected=wanted.version />
            <SelectField name="format" label=tu_string!(i18n, export.format) options=formats selected=wanted.format />
            <SelectField name="split" label=tu_string!(i18n, export.split) options=splits selected=split />
            <SelectField name="since" label=tu_string!(i18n, export.since) options=since selected=wanted.since />
            <fieldset class="fieldset export-include">
                <legend class="fieldset-legend">{tu_string!(i18n, export.include)}</legend>
                <CheckField
                    name="include"
                    value="provenance"
                    label=tu_string!(i18n, export.provenance)
                    ticked=wanted.provenance
                    hint=tu_string!(i18n, export.provenance_hint)
                />
                <CheckField
                    name="include"
                    value="predictions"
                    label=tu_string!(i18n, export.predictions)
                    ticked=wanted.predictions
                    hint=tu_string!(i18n, export.predictions_hint)
                />
            </fieldset>
            <button class="button">{tu_string!(i18n, export.show)}</button>
        </form>
    }
}
