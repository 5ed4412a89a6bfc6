//! The guideline: what annotators agree to do.

use crate::{
    components::{
        answer::title_of, loaded::Loaded, markdown::CleanHtml, number::count, pagination::Pagination,
        project_layout::use_slug, states::Empty, title::Title,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
};
use domain::{
    schema::Schema,
    view::{Page, ambiguity::RuleExamples},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::use_query_map;
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
    /// One page of the rules in it, the oldest first.
    pub rules: Page<RuleExamples>,
    /// What is asked.
    pub schema: Schema,
}

/// The guideline of a project, in its newest revision.
#[server(endpoint = "load_guideline", input = GetUrl)]
pub async fn load_guideline(slug: String, cursor: Option<String>) -> Answer<Guideline> {
    use crate::{components::markdown::to_html, error::load, parse, session};
    let guideline = async {
        let actor = session::actor().await?;
        let (services, slug) = (session::services()?, parse::slug(&slug)?);
        let project = services.projects().get(&actor, &slug).await?;
        let rules = services.rules().list(&actor, &slug, parse::page(cursor)).await?;
        let written = !project.guideline.trim().is_empty();
        Ok(Guideline {
            project: project.name,
            html: written.then(|| to_html(&project.guideline)),
            revision: project.guideline_revision,
            rules,
            schema: project.schema,
        })
    };
    load(guideline.await)
}

/// The page with the guideline.
#[component]
pub fn GuidelinePage() -> impl IntoView {
    let slug = use_slug();
    let query = use_query_map();
    let cursor = move || query.with(|query| query.get("cursor"));
    let guideline =
        Resource::new(move || (slug.get(), cursor()), |(slug, cursor)| load_guideline(slug, cursor));
    view! { <Loaded data=guideline view=|guideline| view! { <Shown guideline /> }.into_any() /> }.into_any()
}

#[component]
fn Shown(guideline: Guideline) -> impl IntoView {
    let i18n = use_i18n();
    let Guideline { project, html, revision, rules, schema } = guideline;
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
        <Rules schema rules />
    }
}

/// What reviewers decided by rules that tell two labels apart.
#[component]
fn Rules(schema: Schema, rules: Page<RuleExamples>) -> impl IntoView {
    let i18n = use_i18n();
    (!rules.items.is_empty()).then(|| {
        let rule = |rule: RuleExamples| {
            let title = |value: &str| title_of(&schema, &rule.question, &value.into());
            let number = i64::try_from(rule.examples.len()).unwrap_or(i64::MAX);
            let head =
                tu_string!(i18n, guideline.rule, a = title(&rule.a), b = title(&rule.b), n = count(number));
            let revision = tu_string!(i18n, guideline.revision, n = rule.rule.guideline_revision);
            let examples = rule.examples.iter().map(|example| {
                view! { <li><span dir="auto">{example.id.to_string()}</span> " → " {title(&example.label)}</li> }
            });
            view! {
                <details class="rule-examples">
                    <summary>{head.to_string()} " · " {revision.to_string()}</summary>
                    <ul>{examples.collect_view()}</ul>
                </details>
            }
        };
        view! {
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, guideline.rules)}</h2>
                <p class="section-lead">{tu_string!(i18n, guideline.rules_lead)}</p>
                {rules.items.into_iter().map(rule).collect_view()}
                <Pagination next=rules.next_cursor />
            </section>
        }
    })
}
