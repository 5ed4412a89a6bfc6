//! One version: what it says of itself, its tags, what it changed, and the way back to it.

mod api;
mod card;
mod changes;
mod revert;
mod tags;

use crate::{
    address::with_query,
    components::{
        change::CountsLine,
        copy::{CopyShape, CopyText},
        label_changes::LabelChanges,
        loaded::Loaded,
        number::count,
        pagination::Pagination,
        project_layout::use_slug,
        reload::use_done,
        time::Time,
        title::Title,
    },
    i18n::{tu_string, use_i18n},
    pages::project::versions::{counts_of, source_text},
};
use api::{DeleteTag, ProtectTag, RevertVersion, SetTag, Version, load_version};
use card::{CardText, DataCard, use_card};
use changes::{Against, Summary};
use domain::view::version::VersionView;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use revert::Revert;
use tags::Tags;

/// The page of one version.
#[component]
pub fn VersionPage() -> impl IntoView {
    let slug = use_slug();
    let (params, query) = (use_params_map(), use_query_map());
    let reference = Memo::new(move |_| params.with(|params| params.get("reference").unwrap_or_default()));
    let asked = move || query.with(|query| (query.get("against"), query.get("cursor")));
    let (set, delete) = (ServerAction::<SetTag>::new(), ServerAction::<DeleteTag>::new());
    let protect = ServerAction::<ProtectTag>::new();
    let revert = ServerAction::<RevertVersion>::new();
    let changes = [use_done(set.value()), use_done(delete.value()), use_done(protect.value())];
    let version = Resource::new(
        move || (slug.get(), reference.get(), asked(), changes.map(|change| change.get())),
        |(slug, reference, (against, cursor), _)| load_version(slug, reference, against, cursor),
    );
    let card = use_card(slug, reference);
    view! {
        <Loaded
            data=version
            view=move |version| view! { <Shown version card set delete protect revert /> }.into_any()
        />
    }
    .into_any()
}

#[component]
fn Shown(
    version: Version,
    card: CardText,
    set: ServerAction<SetTag>,
    delete: ServerAction<DeleteTag>,
    protect: ServerAction<ProtectTag>,
    revert: ServerAction<RevertVersion>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Version { slug, project, schema, version, newest, tags, diff, may_tag, may_unprotect, may_revert } =
        version;
    let title = tu_string!(i18n, version.title, number = version.number).to_string();
    let number = version.number;
    let next = diff.next_cursor.clone();
    let export = format!("/projects/{slug}/export?version={number}");
    let compare = format!("/projects/{slug}/compare?from={}&to={number}", diff.from);
    let form =
        (may_revert && number != newest).then(|| view! { <Revert slug=slug.clone() number newest revert /> });
    let challenge = (diff.from > 0 && !diff.items.is_empty()).then(|| {
        let (from, to) = (diff.from.to_string(), number.to_string());
        let list = with_query(
            &format!("/projects/{slug}/samples"),
            [("changed_from", from.as_str()), ("changed_to", to.as_str())],
        );
        view! {
            <p class="version-challenge">
                <a class="button" href=list>{tu_string!(i18n, version.challenge)}</a>
            </p>
        }
    });
    let (changed, items) = (slug.clone(), diff.items);
    let labels =
        (!items.is_empty()).then(|| view! { <LabelChanges slug=changed schema=schema.clone() items /> });
    view! {
        <Title page=title.clone() project />
        <div class="page-head">
            <h1 class="page-title">{title}</h1>
            <a href=format!("/projects/{slug}/versions")>{tu_string!(i18n, versions.to_versions)}</a>
            <a href=compare>{tu_string!(i18n, compare.open)}</a>
            <a href=export>{tu_string!(i18n, version.export)}</a>
        </div>
        <div class="sections">
            <Facts version=version.clone() />
            <Tags slug=slug.clone() number tags may_tag may_unprotect set delete protect />
            <DataCard slug=slug.clone() number card />
            {form}
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, version.changes)}</h2>
                <Against number from=diff.from />
                {challenge}
                <Summary schema=schema.clone() summary=diff.summary />
                {labels}
                <Pagination next />
            </section>
        </div>
    }
}

/// What the version says of itself.
#[component]
fn Facts(version: VersionView) -> impl IntoView {
    let i18n = use_i18n();
    let counts = counts_of(&version);
    let author = version.author.unwrap_or_else(|| tu_string!(i18n, versions.operator).to_owned());
    view! {
        <section class="section section-wide">
            <p class="version-message">{version.message}</p>
            <dl class="facts">
                <div class="fact">
                    <dt>{tu_string!(i18n, version.author)}</dt>
                    <dd>{author} " · " <Time at=version.created_at /></dd>
                </div>
                <div class="fact">
                    <dt>{tu_string!(i18n, version.source)}</dt>
                    <dd>{source_text(i18n, version.source)}</dd>
                </div>
                <div class="fact">
                    <dt>{tu_string!(i18n, version.labels)}</dt>
                    <dd>{count(version.labels)}</dd>
                </div>
                <div class="fact">
                    <dt>{tu_string!(i18n, version.counts)}</dt>
                    <dd><CountsLine counts /></dd>
                </div>
                <div class="fact">
                    <dt>{tu_string!(i18n, versions.digest)}</dt>
                    <dd>
                        <CopyText
                            text=version.digest
                            label=tu_string!(i18n, versions.digest)
                            shape=CopyShape::Line
                        />
                    </dd>
                </div>
            </dl>
        </section>
    }
}
