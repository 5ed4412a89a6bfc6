//! The history: one entry a version, as in a commit log.

use crate::{
    components::{
        badge::{Badge, Tone},
        change::{Counts, CountsLine},
        copy::{CopyShape, CopyText},
        number::count,
        time::Time,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{provenance::VersionSource, view::version::VersionView};
use leptos::prelude::*;

/// What made a version, in words.
pub(in crate::pages::project) fn source_text(i18n: I18n, source: VersionSource) -> &'static str {
    match source {
        VersionSource::Cut => tu_string!(i18n, versions.source.cut),
        VersionSource::Import => tu_string!(i18n, versions.source.import),
        VersionSource::Revert => tu_string!(i18n, versions.source.revert),
    }
}

#[component]
pub(super) fn History(slug: String, versions: Vec<VersionView>) -> impl IntoView {
    view! {
        <ol class="history">
            {versions.into_iter().map(|version| view! { <Entry slug=slug.clone() version /> }).collect_view()}
        </ol>
    }
}

#[component]
fn Entry(slug: String, version: VersionView) -> impl IntoView {
    let i18n = use_i18n();
    let href = format!("/projects/{slug}/versions/{}", version.number);
    let counts = counts_of(&version);
    let author = version.author.unwrap_or_else(|| tu_string!(i18n, versions.operator).to_owned());
    view! {
        <li class="history-entry">
            <div class="history-head">
                <a class="history-number" href=href>{format!("v{}", version.number)}</a>
                {version
                    .tags
                    .into_iter()
                    .map(|tag| view! { <Badge text=tag.to_string() tone=Tone::Accent /> })
                    .collect_view()}
                {(version.source != VersionSource::Cut)
                    .then(|| view! { <Badge text=source_text(i18n, version.source) /> })}
                <span class="history-message">{version.message}</span>
            </div>
            <div class="history-facts">
                <span>{author}</span>
                <Time at=version.created_at />
                <span>{tu_string!(i18n, versions.labels, n = count(version.labels)).to_string()}</span>
                <CountsLine counts />
            </div>
            <CopyText text=version.digest label=tu_string!(i18n, versions.digest) shape=CopyShape::Line />
        </li>
    }
}

/// The counts of a version.
pub(in crate::pages::project) fn counts_of(version: &VersionView) -> Counts {
    Counts {
        added: version.added,
        changed: version.changed,
        removed: version.removed,
        confirmed: version.confirmed,
    }
}
