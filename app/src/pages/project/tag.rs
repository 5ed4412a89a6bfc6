//! One tag: every version that it named, who moved it there, and when.

use crate::{
    address::last_segment,
    components::{
        badge::{Badge, Tone},
        loaded::Loaded,
        pagination::Pagination,
        project_layout::use_slug,
        time::Time,
        title::Title,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
};
use domain::view::{Page, version::TagMove};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::{use_location, use_query_map};
use serde::{Deserialize, Serialize};

/// The moves of a tag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TagTrail {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// The tag.
    pub tag: String,
    /// The moves.
    pub page: Page<TagMove>,
}

/// One page of the moves of a tag, the newest first.
#[server(endpoint = "load_tag", input = GetUrl)]
pub async fn load_tag(slug: String, tag: String, cursor: Option<String>) -> Answer<TagTrail> {
    use crate::{error::load, parse, session};
    use domain::{name::TagName, problem::Code};
    let trail = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let name = TagName::parse(tag).map_err(|_| Code::NotFound)?;
        let page = services.tags().history(&actor, &slug, &name, parse::page(cursor)).await?;
        let project = services.projects().get(&actor, &slug).await?;
        Ok(TagTrail { slug: slug.to_string(), project: project.name, tag: name.to_string(), page })
    };
    load(trail.await)
}

/// The page of a tag.
#[component]
pub fn TagPage() -> impl IntoView {
    let slug = use_slug();
    let (path, query) = (use_location().pathname, use_query_map());
    let tag = Memo::new(move |_| path.with(|path| last_segment(path)));
    let trail = Resource::new(
        move || (slug.get(), tag.get(), query.with(|query| query.get("cursor"))),
        |(slug, tag, cursor)| load_tag(slug, tag, cursor),
    );
    view! { <Loaded data=trail view=|trail| view! { <Shown trail /> }.into_any() /> }.into_any()
}

#[component]
fn Shown(trail: TagTrail) -> impl IntoView {
    let i18n = use_i18n();
    let TagTrail { slug, project, tag, page } = trail;
    let title = tu_string!(i18n, version.tag_title, tag = tag).to_string();
    let back = format!("/projects/{slug}/versions");
    let row = move |one: TagMove| {
        let version = |number: Option<i64>| match number {
            None => {
                view! { <span class="answer-none">{tu_string!(i18n, version.tag_nowhere)}</span> }.into_any()
            }
            Some(number) => {
                view! { <a href=format!("/projects/{slug}/versions/{number}")>{format!("v{number}")}</a> }
                    .into_any()
            }
        };
        let by = one.moved_by.unwrap_or_else(|| tu_string!(i18n, versions.operator).to_owned());
        view! {
            <tr>
                <td>{version(one.from)}</td>
                <td>
                    {version(one.to)} " "
                    {one
                        .protected
                        .then(|| view! { <Badge text=tu_string!(i18n, version.protected) tone=Tone::Good /> })}
                </td>
                <td>{by}</td>
                <td><Time at=one.moved_at /></td>
            </tr>
        }
    };
    view! {
        <Title page=title.clone() project />
        <div class="page-head">
            <h1 class="page-title">{title}</h1>
            <a href=back>{tu_string!(i18n, versions.to_versions)}</a>
        </div>
        <div class="table-box" tabindex="0">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, version.tag_from)}</th>
                        <th scope="col">{tu_string!(i18n, version.tag_to)}</th>
                        <th scope="col">{tu_string!(i18n, version.tag_by)}</th>
                        <th scope="col">{tu_string!(i18n, version.tag_when)}</th>
                    </tr>
                </thead>
                <tbody>{page.items.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Pagination next=page.next_cursor />
    }
}
