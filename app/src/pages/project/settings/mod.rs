//! A project's settings: each section is a form of its own and carries the revision that it was made on, so that
//! nobody overwrites what somebody else has changed in the meantime.

mod api;
mod archive;
mod card;
mod consensus;
mod display;
mod forecast;
mod general;
mod guideline;
mod older;
mod options;
mod quality;
mod queue;
mod review;
mod schema;
mod scores;
mod split;

use crate::{
    components::{
        form::{FormOutcome, Outcome},
        loaded::Loaded,
        project_layout::use_slug,
        states::Empty,
        title::Title,
    },
    error::{Answer, Reply},
    i18n::{tu_string, use_i18n},
};
use api::{load_forecast, load_settings};
use archive::Archive;
use card::CardForm;
use consensus::Consensus;
use display::Display;
use domain::{
    problem::Code,
    view::project::{ProjectView, QueueForecast},
};
use general::General;
use guideline::GuidelineEditor;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use quality::Quality;
use queue::Queue;
use review::Review;
use schema::SchemaEditor;
use split::Split;

/// The page with a project's settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let slug = use_slug();
    let settings = Resource::new(move || slug.get(), load_settings);
    // Another target finds other samples, so a saved queue policy is counted anew.
    let policy = RwSignal::new(0);
    let forecast = Resource::new(move || (slug.get(), policy.get()), |(slug, _)| load_forecast(slug));
    view! {
        <Loaded
            data=settings
            view=move |project| view! { <Sections project policy forecast /> }.into_any()
        />
    }
    .into_any()
}

#[component]
fn Sections(
    project: ProjectView,
    /// Grows with every change of what decides the queue.
    policy: RwSignal<i32>,
    forecast: Resource<Answer<QueueForecast>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, common.nav.settings);
    let name = project.name.clone();
    if project.archived_at.is_some() {
        return view! {
            <Title page=title project=name />
            <h1 class="page-title">{title}</h1>
            <Empty title=tu_string!(i18n, settings.archived)>
                <p>{tu_string!(i18n, settings.archived_text)}</p>
            </Empty>
        }
        .into_any();
    }
    let project = RwSignal::new(project);
    view! {
        <Title page=title project=name />
        <h1 class="page-title">{title}</h1>
        <div class="settings">
            <nav class="settings-index" aria-label=tu_string!(i18n, settings.sections)>
                <ul>
                    {[
                        ("#general", tu_string!(i18n, settings.general.title)),
                        ("#schema", tu_string!(i18n, settings.schema.title)),
                        ("#guideline-section", tu_string!(i18n, settings.guideline.title)),
                        ("#queue", tu_string!(i18n, settings.queue.title)),
                        ("#review", tu_string!(i18n, settings.review.title)),
                        ("#consensus", tu_string!(i18n, settings.consensus.title)),
                        ("#quality", tu_string!(i18n, settings.quality.title)),
                        ("#split", tu_string!(i18n, settings.split.title)),
                        ("#display", tu_string!(i18n, settings.display.title)),
                        ("#card", tu_string!(i18n, settings.card.title)),
                        ("#archive", tu_string!(i18n, settings.archive.title)),
                    ]
                        .map(|(href, text)| view! { <li><a class="settings-link" href=href>{text}</a></li> })
                        .collect_view()}
                </ul>
            </nav>
            <div class="sections">
                <General project />
                <SchemaEditor project />
                <GuidelineEditor project />
                <Queue project policy forecast />
                <Review project />
                <Consensus project />
                <Quality project />
                <Split project />
                <Display project />
                <CardForm project />
                <Archive project />
            </div>
        </div>
    }
    .into_any()
}

/// Takes over the project as a form has saved it, and with it the revision that the other forms need.
fn follow(
    value: impl Get<Value = Option<Answer<ProjectView>>> + Send + Sync + 'static,
    project: RwSignal<ProjectView>,
) {
    Effect::new(move || {
        if let Some(Ok(Reply::Done(saved))) = value.get() {
            project.set(saved);
        }
    });
}

/// What every form of the page carries: which project, in which revision.
#[component]
fn Carried(project: RwSignal<ProjectView>) -> impl IntoView {
    view! {
        <input type="hidden" name="slug" value=move || project.with(|project| project.slug.to_string()) />
        <input type="hidden" name="rev" value=move || project.with(|project| project.rev) />
    }
}

/// What became of a form of this page; where somebody else was faster, the way to what they did.
#[component]
fn Saved(outcome: Signal<Option<FormOutcome>>, project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    // A page that came back from a plain form shows what stands now already.
    let is_fresh = move || query.with(|query| query.get_str("refused").is_some());
    let stale = move || outcome.get() == Some(FormOutcome::Refused(Code::StaleRev)) && !is_fresh();
    view! {
        <Outcome outcome done=tu_string!(i18n, common.saved) />
        {move || {
            stale()
                .then(|| {
                    let here = project.with(|project| format!("/projects/{}/settings", project.slug));
                    view! {
                        <p class="section-lead">
                            {tu_string!(i18n, settings.stale)} " "
                            // A real load: the forms begin anew from what stands now.
                            <a href=here rel="external">{tu_string!(i18n, settings.stale_reload)}</a>
                        </p>
                    }
                })
        }}
    }
}
