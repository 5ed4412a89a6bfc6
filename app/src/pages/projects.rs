//! The caller's projects.

use crate::{
    components::{
        badge::{Badge, role_text},
        loaded::Loaded,
        pagination::Pagination,
        states::Empty,
        time::Time,
        title::Title,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
};
use domain::view::{Page, project::ProjectSummary};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// The list, and whether the caller could add to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Projects {
    /// One page of them.
    pub page: Page<ProjectSummary>,
    /// Whether the caller is a site admin.
    pub admin: bool,
}

/// One page of the caller's projects.
#[server(endpoint = "load_projects", input = GetUrl)]
pub async fn load_projects(cursor: Option<String>) -> Answer<Projects> {
    use crate::{error::load, parse, session};
    let projects = async {
        let actor = session::actor().await?;
        let page = session::services()?.projects().list(&actor, parse::page(cursor)).await?;
        Ok(Projects { page, admin: actor.is_admin() })
    };
    load(projects.await)
}

/// The page with the caller's projects.
#[component]
pub fn ProjectsPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let projects = Resource::new(move || query.with(|query| query.get("cursor")), load_projects);
    view! {
        <Title page=tu_string!(i18n, projects.title) />
        <h1 class="page-title">{tu_string!(i18n, projects.title)}</h1>
        <Loaded data=projects view=|projects| view! { <ProjectList projects /> }.into_any() />
    }
    .into_any()
}

#[component]
fn ProjectList(projects: Projects) -> impl IntoView {
    let i18n = use_i18n();
    let Projects { page, admin } = projects;
    // What only admins do: making projects, and letting people in.
    let site = admin.then(|| {
        view! {
            <p class="projects-site">
                <a class="button" href="/new-project">{tu_string!(i18n, new_project.link)}</a>
                <a class="button" href="/users">{tu_string!(i18n, users.link)}</a>
            </p>
        }
    });
    if page.items.is_empty() {
        return view! {
            {site}
            <Empty title=tu_string!(i18n, projects.empty)>
                {if admin {
                    view! {
                        <p>{tu_string!(i18n, projects.empty_admin)}</p>
                        <pre class="code"><code>{tu_string!(i18n, projects.create_command)}</code></pre>
                    }
                        .into_any()
                } else {
                    view! { <p>{tu_string!(i18n, projects.empty_member)}</p> }.into_any()
                }}
            </Empty>
        }
        .into_any();
    }
    view! {
        {site}
        <ul class="projects">
            {page
                .items
                .into_iter()
                .map(|project| {
                    let archived = project.archived_at.is_some();
                    view! {
                        <li class="projects-item">
                            <a class="projects-link" href=format!("/projects/{}", project.slug)>
                                <span class="projects-name">{project.name}</span>
                                <span class="projects-slug">{project.slug.to_string()}</span>
                            </a>
                            <span class="projects-facts">
                                {archived.then(|| view! { <Badge text=tu_string!(i18n, common.archived) /> })}
                                <Badge text=role_text(i18n, project.role) />
                                <Time at=project.created_at />
                            </span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
        <Pagination next=page.next_cursor />
    }
    .into_any()
}
