//! The guideline: what annotators agree to do.

use crate::{
    components::{
        loaded::Loaded, markdown::CleanHtml, project_layout::use_slug, states::Empty, title::Title,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// The guideline as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guideline {
    /// The project's name.
    pub project: String,
    /// Clean HTML; none where nothing is written.
    pub html: Option<String>,
    /// Its revision.
    pub revision: i32,
}

/// The guideline of a project, in its newest revision.
#[server(endpoint = "load_guideline", input = GetUrl)]
pub async fn load_guideline(slug: String) -> Answer<Guideline> {
    use crate::{components::markdown::to_html, error::load, parse, session};
    let guideline = async {
        let actor = session::actor().await?;
        let project = session::services()?.projects().get(&actor, &parse::slug(&slug)?).await?;
        let written = !project.guideline.trim().is_empty();
        Ok(Guideline {
            project: project.name,
            html: written.then(|| to_html(&project.guideline)),
            revision: project.guideline_revision,
        })
    };
    load(guideline.await)
}

/// The page with the guideline.
#[component]
pub fn GuidelinePage() -> impl IntoView {
    let slug = use_slug();
    let guideline = Resource::new(move || slug.get(), load_guideline);
    view! { <Loaded data=guideline view=|guideline| view! { <Shown guideline /> }.into_any() /> }.into_any()
}

#[component]
fn Shown(guideline: Guideline) -> impl IntoView {
    let i18n = use_i18n();
    let Guideline { project, html, revision } = guideline;
    view! {
        <Title page=tu_string!(i18n, common.nav.guideline) project />
        <h1 class="page-title">{tu_string!(i18n, common.nav.guideline)}</h1>
        {match html {
            None => view! { <Empty title=tu_string!(i18n, guideline.empty) /> }.into_any(),
            Some(html) => {
                view! {
                    <p class="guideline-revision">{tu_string!(i18n, guideline.revision, n = revision).to_string()}</p>
                    <CleanHtml html />
                }
                    .into_any()
            }
        }}
    }
}
