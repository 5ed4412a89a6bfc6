//! What is staged: decisions that the next cut will take into a version. A few stand on top of the history, all of them
//! on a page of their own.

use super::api::{StagedView, load_staged};
use crate::{
    address::with_query,
    components::{
        badge::Badge,
        change::{Change, Counts, CountsLine},
        loaded::Loaded,
        pagination::Pagination,
        project_layout::use_slug,
        sample_link::SampleLink,
        time::Time,
        title::Title,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{
    schema::Schema,
    view::version::{Staged, StagedItem},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The counts, or that nothing is staged.
#[component]
pub(super) fn StagedSummary(staged: Staged) -> impl IntoView {
    let i18n = use_i18n();
    if staged.items.is_empty() {
        return view! { <p class="section-lead">{tu_string!(i18n, versions.nothing_staged)}</p> }.into_any();
    }
    let Staged { added, changed, removed, confirmed, .. } = staged;
    view! { <CountsLine counts=Counts { added, changed, removed, confirmed } /> }.into_any()
}

/// The decisions, before → after.
#[component]
pub(super) fn StagedItems(slug: String, schema: Schema, items: Vec<StagedItem>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |item: StagedItem| {
        let task = item.task.map(|task| {
            let review = format!("/projects/{slug}/review");
            let href = with_query(&review, [("state", "approved"), ("task", task.to_string().as_str())]);
            view! { " · " <a href=href>{tu_string!(i18n, versions.task)}</a> }
        });
        let by = item.decided_by.unwrap_or_else(|| tu_string!(i18n, versions.by_policy).to_owned());
        view! {
            <tr>
                <td class="staged-sample">
                    <SampleLink slug=slug.clone() id=item.id.to_string() class="mono" />
                    {task}
                </td>
                <td class="change-cell">
                    <Change schema=&schema before=item.before.as_ref() after=item.after.as_ref() />
                    {item.confirmed.then(|| view! { " " <Badge text=tu_string!(i18n, parts.confirmed) /> })}
                </td>
                <td>{by}</td>
                <td><Time at=item.decided_at /></td>
            </tr>
        }
    };
    view! {
        <div class="table-box" tabindex="0">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, versions.sample)}</th>
                        <th scope="col">{tu_string!(i18n, versions.change)}</th>
                        <th scope="col">{tu_string!(i18n, versions.decided_by)}</th>
                        <th scope="col">{tu_string!(i18n, versions.decided_at)}</th>
                    </tr>
                </thead>
                <tbody>{items.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The page with all that is staged.
#[component]
pub fn StagedPage() -> impl IntoView {
    let slug = use_slug();
    let query = use_query_map();
    let staged = Resource::new(
        move || (slug.get(), query.with(|query| query.get("cursor"))),
        |(slug, cursor)| load_staged(slug, cursor),
    );
    view! { <Loaded data=staged view=|staged| view! { <Shown staged /> }.into_any() /> }.into_any()
}

#[component]
fn Shown(staged: StagedView) -> impl IntoView {
    let i18n = use_i18n();
    let StagedView { slug, project, schema, staged } = staged;
    let title = tu_string!(i18n, versions.staged);
    let items = staged.items.clone();
    let next = staged.next_cursor.clone();
    let list = (!items.is_empty()).then(|| view! { <StagedItems slug=slug.clone() schema items /> });
    view! {
        <Title page=title project />
        <h1 class="page-title">{title}</h1>
        <p class="page-lead">
            <a href=format!("/projects/{slug}/versions")>{tu_string!(i18n, versions.to_versions)}</a>
        </p>
        <StagedSummary staged />
        {list}
        <Pagination next />
    }
}
