//! The versions as a vertical history, the newest first; what is staged for the next one stands on top.

mod api;
mod cut;
mod history;
mod staged;

pub(in crate::pages::project) use history::{counts_of, source_text};
pub use staged::StagedPage;

use crate::{
    components::{
        loaded::Loaded, pagination::Pagination, project_layout::use_slug, reload::use_done, states::Empty,
        title::Title,
    },
    i18n::{tu_string, use_i18n},
};
use api::{CutVersion, Versions, load_versions};
use cut::{Cut, CutOutcome, use_parent_moved};
use history::History;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use staged::{StagedItems, StagedSummary};

/// The page with the project's versions.
#[component]
pub fn VersionsPage() -> impl IntoView {
    let slug = use_slug();
    let query = use_query_map();
    let cut = ServerAction::<CutVersion>::new();
    // What was cut, or what somebody else has cut in the meantime, must show.
    let changes = (use_done(cut.value()), use_parent_moved(cut.value()));
    let message = RwSignal::new(String::new());
    let versions = Resource::new(
        move || (slug.get(), query.with(|query| query.get("cursor")), changes.0.get(), changes.1.get()),
        |(slug, cursor, ..)| load_versions(slug, cursor),
    );
    view! {
        <Loaded data=versions view=move |versions| view! { <Shown versions cut message /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(versions: Versions, cut: ServerAction<CutVersion>, message: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let Versions { slug, project, schema, page, staged, may_cut } = versions;
    let title = tu_string!(i18n, common.nav.versions);
    let is_first_page = use_query_map().with_untracked(|query| query.get_str("cursor").is_none());
    let compare = staged.parent.map(|_| {
        view! { <a href=format!("/projects/{slug}/compare")>{tu_string!(i18n, compare.open)}</a> }
    });
    let sets = format!("/projects/{slug}/change-sets");
    let links = view! {
        {compare}
        <a href=sets>{tu_string!(i18n, change_sets.open)}</a>
    };
    let parent = staged.parent.unwrap_or(0);
    let is_empty = staged.items.is_empty();
    let on_top = is_first_page.then(|| {
        let form = (may_cut && !is_empty).then(|| view! { <Cut slug=slug.clone() parent cut message /> });
        let list = (!is_empty)
            .then(|| view! { <StagedItems slug=slug.clone() schema items=staged.items.clone() /> });
        let all = staged.next_cursor.is_some().then(|| {
            let href = format!("/projects/{slug}/versions/staged");
            view! { <p><a href=href>{tu_string!(i18n, versions.staged_all)}</a></p> }
        });
        view! {
            <section class="staged">
                <h2 class="section-title">{tu_string!(i18n, versions.staged)}</h2>
                <CutOutcome cut />
                <StagedSummary staged />
                {list}
                {all}
                {form}
            </section>
        }
    });
    let history = if page.items.is_empty() {
        view! {
            <Empty title=tu_string!(i18n, versions.empty)>
                <p>{tu_string!(i18n, versions.empty_text)}</p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <History slug versions=page.items />
            <Pagination next=page.next_cursor />
        }
        .into_any()
    };
    view! {
        <Title page=title project />
        <div class="page-head">
            <h1 class="page-title">{title}</h1>
            {links}
        </div>
        {on_top}
        {history}
    }
}
