//! A project's home: the loop as it stands, and what needs a person now.

mod pause;

use crate::{
    components::{
        badge::{Badge, SimulatedBadge, role_text},
        loaded::Loaded,
        number::{count, decimal, percent},
        project_layout::use_slug,
        title::Title,
    },
    error::Answer,
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{
    access::{Permission, Role, Standing},
    view::{
        annotate::Progress,
        project::{AnswersSaved, Overview, OverviewAlpha, QuestionAudit},
    },
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use pause::{Pause, Paused};
use serde::{Deserialize, Serialize};

/// A project as its home page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The caller's role; none for an admin who is no member.
    pub role: Option<Role>,
    /// Whether the caller is a site admin.
    pub admin: bool,
    /// The loop as it stands.
    pub overview: Overview,
    /// The caller's own progress, where they are a member.
    pub progress: Option<Progress>,
    /// Why nothing more is served to the caller, where they are paused.
    pub pause: Option<Pause>,
    /// How many people's answers fell below the level; none for those who may not know.
    pub notices: i64,
}

/// A project's home.
#[server(endpoint = "load_home", input = GetUrl)]
pub async fn load_home(slug: String) -> Answer<Home> {
    use crate::{error::load, parse, session};
    let home = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let project = services.projects().get(&actor, &slug).await?;
        let overview = services.projects().overview(&actor, &slug).await?;
        let progress = match project.role {
            Some(_) => Some(services.annotations().progress(&actor, &slug).await?),
            None => None,
        };
        let standing = Standing { admin: actor.is_admin(), role: project.role };
        // An admin may annotate without being a member.
        let pause = match Permission::OwnAnnotations.allows(standing) {
            true => pause::of(&services, &actor, &slug).await?,
            false => None,
        };
        let notices = match Permission::ManageQuality.allows(standing) {
            true => services.notices().open(&actor, &slug).await?.len(),
            false => 0,
        };
        Ok(Home {
            slug: slug.to_string(),
            name: project.name,
            role: project.role,
            admin: actor.is_admin(),
            overview,
            progress,
            pause,
            notices: i64::try_from(notices).unwrap_or(i64::MAX),
        })
    };
    load(home.await)
}

impl Home {
    fn allows(&self, permission: Permission) -> bool {
        permission.allows(Standing { admin: self.admin, role: self.role })
    }

    /// The address of one of the project's pages, for who may open it.
    fn page(&self, path: &str, permission: Permission) -> Option<String> {
        self.allows(permission).then(|| format!("/projects/{}/{path}", self.slug))
    }
}

/// The home page.
#[component]
pub fn HomePage() -> impl IntoView {
    let slug = use_slug();
    let home = Resource::new(move || slug.get(), load_home);
    view! { <Loaded data=home view=|home| view! { <Shown home /> }.into_any() /> }.into_any()
}

#[component]
fn Shown(home: Home) -> impl IntoView {
    let i18n = use_i18n();
    let sees_results = home.allows(Permission::ReadAgreement);
    let own = match (&home.pause, &home.progress) {
        (Some(pause), _) => Some(view! { <Paused slug=home.slug.clone() pause=pause.clone() /> }.into_any()),
        (None, Some(progress)) => Some(own_work(i18n, &home, progress)),
        (None, None) => None,
    };
    let simulated = home.overview.simulated_annotations;
    view! {
        <Title page=tu_string!(i18n, common.nav.home) project=home.name.clone() />
        <div class="page-head">
            <h1 class="page-title">{home.name.clone()}</h1>
            <Badge text=role_text(i18n, home.role) />
        </div>
        <div class="home">
            {own} {the_loop(i18n, &home)}
            {(simulated > 0)
                .then(|| {
                    view! {
                        <p class="home-note">
                            <SimulatedBadge />
                            {tu_string!(
                                i18n, home.simulated, n = count(simulated), all = count(home.overview.annotations)
                            )
                                .to_string()}
                        </p>
                    }
                })} {sees_results.then(|| quality(i18n, &home))} {needs(i18n, &home)}
        </div>
    }
}

/// The way to the queue, the largest thing on the page.
fn own_work(i18n: I18n, home: &Home, progress: &Progress) -> AnyView {
    let href = format!("/projects/{}/annotate", home.slug);
    view! {
        <section class="home-own">
            <a class="button button-primary button-big" href=href>{tu_string!(i18n, home.annotate)}</a>
            <p class="home-position number">
                {tu_string!(
                    i18n, annotate.position, today = count(progress.today), waiting = count(progress.waiting)
                )
                    .to_string()}
            </p>
        </section>
    }
    .into_any()
}

/// Waiting, in review, staged, version: each count leads to its list.
fn the_loop(i18n: I18n, home: &Home) -> AnyView {
    let overview = &home.overview;
    let version = overview.version.map_or_else(|| "–".to_owned(), |version| format!("v{version}"));
    let conflicts = match overview.conflicts {
        0 => String::new(),
        n => tu_string!(i18n, home.conflicts, n = count(n)).to_string(),
    };
    let waiting = home
        .page("review?state=open", Permission::ReadOpenTasks)
        .or_else(|| home.progress.as_ref().and_then(|_| home.page("annotate", Permission::Annotate)));
    let stages = [
        (
            count(overview.samples),
            tu_string!(i18n, home.stage.samples),
            String::new(),
            home.page("samples", Permission::ReadSamples),
        ),
        (
            count(overview.open),
            tu_string!(i18n, home.stage.waiting),
            tu_string!(i18n, home.answers, n = count(overview.annotations)).to_string(),
            waiting,
        ),
        (
            count(overview.in_review),
            tu_string!(i18n, home.stage.in_review),
            conflicts,
            home.page("review", Permission::ReadReview),
        ),
        (
            count(overview.staged),
            tu_string!(i18n, home.stage.staged),
            String::new(),
            home.page("versions", Permission::ReadVersions),
        ),
        (
            version,
            tu_string!(i18n, home.stage.version),
            tu_string!(i18n, home.labels, n = count(overview.labels)).to_string(),
            home.page("versions", Permission::ReadVersions),
        ),
    ];
    let stages = stages.map(|(number, name, detail, href)| {
        let inside = view! {
            <span class="loop-number">{number}</span>
            <span class="loop-name">{name}</span>
            <span class="loop-detail">{detail}</span>
        };
        let stage = match href {
            Some(href) => view! { <a class="loop-stage" href=href>{inside}</a> }.into_any(),
            None => view! { <span class="loop-stage">{inside}</span> }.into_any(),
        };
        view! { <li class="loop-item">{stage}</li> }
    });
    view! {
        <section>
            <h2 class="section-title home-heading">{tu_string!(i18n, home.the_loop)}</h2>
            <ol class="loop">{stages.collect_view()}</ol>
        </section>
    }
    .into_any()
}

/// Agreement, and how often the audit found the stored label and the model wrong.
fn quality(i18n: I18n, home: &Home) -> AnyView {
    let overview = &home.overview;
    let agreement = match overview.alpha {
        OverviewAlpha::Value(alpha) => (decimal(alpha), tu_string!(i18n, home.alpha_text)),
        OverviewAlpha::Computing => ("…".to_owned(), tu_string!(i18n, home.alpha_computing)),
        OverviewAlpha::None => ("–".to_owned(), tu_string!(i18n, home.alpha_none)),
    };
    let is_only = overview.audits.len() == 1;
    let heading = |audit: &QuestionAudit| (!is_only).then(|| audit.question.clone());
    let audits: Vec<_> =
        overview.audits.iter().map(|audit| audited(i18n, audit, heading(audit).as_deref())).collect();
    let adaptive = overview.adaptive.map(|saved| spared(i18n, saved));
    let yields = home.page("yield", Permission::ReadYield);
    let details = home.page("agreement", Permission::ReadAgreement);
    view! {
        <section>
            <h2 class="section-title home-heading">{tu_string!(i18n, home.quality)}</h2>
            <dl class="figures">
                <div class="figure">
                    <dt class="figure-name">{tu_string!(i18n, home.alpha)}</dt>
                    <dd class="figure-number">{agreement.0}</dd>
                    <dd class="figure-text">
                        {agreement.1}" "
                        {details.map(|href| view! { <a href=href>{tu_string!(i18n, common.nav.agreement)}</a> })}
                    </dd>
                </div>
                {audits}
                {adaptive}
            </dl>
            {yields
                .map(|href| {
                    view! {
                        <p class="home-yield">
                            <a class="button" href=href>{tu_string!(i18n, home.yields)}</a>
                            <span class="home-yield-text">{tu_string!(i18n, home.yields_text)}</span>
                        </p>
                    }
                })}
        </section>
    }
    .into_any()
}

/// How many answers the adaptive overlap spared.
fn spared(i18n: I18n, saved: AnswersSaved) -> AnyView {
    let (number, text) = match saved.tasks {
        0 => ("–".to_owned(), tu_string!(i18n, home.saved_none).to_owned()),
        tasks => {
            let text = tu_string!(
                i18n,
                home.saved_text,
                tasks = count(tasks),
                mean = format!("{:.1}", saved.answers as f64 / tasks as f64),
                fixed = count(saved.fixed)
            );
            (count(saved.saved()), text.to_string())
        }
    };
    view! {
        <div class="figure">
            <dt class="figure-name">{tu_string!(i18n, home.saved)}</dt>
            <dd class="figure-number">{number}</dd>
            <dd class="figure-text">{text}</dd>
        </div>
    }
    .into_any()
}

/// How often the stored labels and the model were wrong about a question; the question is named where there are several.
fn audited(i18n: I18n, audit: &QuestionAudit, question: Option<&str>) -> AnyView {
    let named = |name: &str| question.map_or_else(|| name.to_owned(), |title| format!("{name} · {title}"));
    let labels = match audit.labels.rate() {
        Some(rate) => {
            let text = tu_string!(
                i18n,
                home.errors_text,
                errors = count(audit.labels.errors),
                audited = count(audit.labels.of),
                low = percent(rate.ci95[0]),
                high = percent(rate.ci95[1])
            );
            (percent(rate.value), text.to_string())
        }
        None => ("–".to_owned(), tu_string!(i18n, home.errors_none).to_owned()),
    };
    let model = match audit.predictions.rate() {
        Some(rate) => {
            let text = tu_string!(
                i18n,
                home.model_errors_text,
                errors = count(audit.predictions.errors),
                audited = count(audit.predictions.of),
                low = percent(rate.ci95[0]),
                high = percent(rate.ci95[1])
            );
            (percent(rate.value), text.to_string())
        }
        None => ("–".to_owned(), tu_string!(i18n, home.model_errors_none).to_owned()),
    };
    let figures =
        [(named(tu_string!(i18n, home.errors)), labels), (named(tu_string!(i18n, home.model_errors)), model)];
    let figures = figures.map(|(name, (number, text))| {
        view! {
            <div class="figure">
                <dt class="figure-name">{name}</dt>
                <dd class="figure-number">{number}</dd>
                <dd class="figure-text">{text}</dd>
            </div>
        }
    });
    figures.collect_view().into_any()
}

/// What waits for a person, the most pressing first; only what the caller can do something about.
fn needs(i18n: I18n, home: &Home) -> AnyView {
    let overview = &home.overview;
    let n = count(overview.in_review);
    let in_review = match overview.conflicts {
        0 => tu_string!(i18n, home.need.review, n = n).to_string(),
        conflicts => {
            tu_string!(i18n, home.need.review_conflicts, n = n, conflicts = count(conflicts)).to_string()
        }
    };
    let candidates = [
        (overview.samples == 0, "upload", Permission::Ingest, tu_string!(i18n, home.need.samples).to_owned()),
        (
            overview.annotators == 0,
            "members",
            Permission::ManageMembers,
            tu_string!(i18n, home.need.annotators).to_owned(),
        ),
        (
            home.notices > 0,
            "known-answers",
            Permission::ManageQuality,
            tu_string!(i18n, home.need.notices, n = count(home.notices)).to_string(),
        ),
        // One line, as the list behind it is one: all that is in review, conflicts first.
        (overview.in_review > 0, "review", Permission::Decide, in_review),
        (
            overview.staged > 0,
            "versions",
            Permission::CutVersion,
            tu_string!(i18n, home.need.cut, n = count(overview.staged)).to_string(),
        ),
        (
            overview.open > 0 && home.pause.is_none(),
            "annotate",
            Permission::Annotate,
            tu_string!(i18n, home.need.answers, n = count(overview.open)).to_string(),
        ),
    ];
    let needs: Vec<_> = candidates
        .into_iter()
        .filter(|(holds, ..)| *holds)
        .filter_map(|(_, path, permission, text)| home.page(path, permission).map(|href| (href, text)))
        .map(|(href, text)| view! { <li class="needs-item"><a href=href>{text}</a></li> })
        .collect();
    if !home.allows(Permission::ReadReview) {
        return ().into_any();
    }
    view! {
        <section>
            <h2 class="section-title home-heading">{tu_string!(i18n, home.needs)}</h2>
            {if needs.is_empty() {
                view! { <p class="page-lead">{tu_string!(i18n, home.need.nothing)}</p> }.into_any()
            } else {
                view! { <ul class="needs">{needs}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}
