//! What stands around every page of a project: its name, and links to the pages that the caller's role may use.

use crate::{
    components::{
        layout::{Brand, SkipLink, UserMenu},
        menu::Menu,
    },
    error::{Answer, Reply},
    i18n::{I18n, tu_string, use_i18n},
};
use domain::access::{Permission, Role, Standing};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::{
    components::{A, Outlet},
    hooks::use_params_map,
};
use serde::{Deserialize, Serialize};

/// What the frame around a project's pages needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The caller's role in it; none for an admin who is no member.
    pub role: Option<Role>,
    /// Whether the caller is a site admin.
    pub admin: bool,
    /// Whether it is archived.
    pub archived: bool,
}

impl Frame {
    /// Whether the caller may; for links only, the use cases decide.
    pub fn allows(&self, permission: Permission) -> bool {
        permission.allows(Standing { admin: self.admin, role: self.role })
    }
}

/// The frame of a project.
#[server(endpoint = "load_frame", input = GetUrl)]
pub async fn load_frame(slug: String) -> Answer<Frame> {
    use crate::{error::load, parse, session};
    let frame = async {
        let actor = session::actor().await?;
        let project = session::services()?.projects().get(&actor, &parse::slug(&slug)?).await?;
        Ok(Frame {
            slug: project.slug.to_string(),
            name: project.name,
            role: project.role,
            admin: actor.is_admin(),
            archived: project.archived_at.is_some(),
        })
    };
    load(frame.await)
}

/// The slug in the address.
pub fn use_slug() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("slug").unwrap_or_default()))
}

/// The frame, for pages that offer something only to some roles; not loaded yet while it is `None`.
#[derive(Clone, Copy)]
pub struct ProjectFrame(pub Resource<Answer<Frame>>);

/// The layout of a project's pages.
#[component]
pub fn ProjectLayout() -> impl IntoView {
    let slug = use_slug();
    let frame = Resource::new(move || slug.get(), load_frame);
    provide_context(ProjectFrame(frame));
    view! {
        <SkipLink />
        <header class="bar">
            <Brand />
            <Transition fallback=|| view! { <span class="bar-project"></span> }>
                {move || Suspend::new(async move {
                    match frame.await {
                        Ok(Reply::Done(frame)) => view! { <ProjectNav frame /> }.into_any(),
                        _ => view! { <span class="bar-project"></span> }.into_any(),
                    }
                })}
            </Transition>
            <span class="bar-space"></span>
            <UserMenu />
        </header>
        <main class="main" id="main" tabindex="-1">
            <Outlet />
        </main>
    }
    .into_any()
}

#[component]
fn ProjectNav(frame: Frame) -> impl IntoView {
    let i18n = use_i18n();
    let home = format!("/projects/{}", frame.slug);
    let may = |(_, _, permission): &Page| frame.allows(*permission);
    let href = |path: &str| if path.is_empty() { home.clone() } else { format!("{home}/{path}") };
    let links = pages(i18n).into_iter().filter(may).map(|(path, text, _)| {
        view! { <li><A href=href(path) exact=path.is_empty() attr:class="nav-link">{text}</A></li> }
    });
    let links: Vec<_> = links.collect();
    let managing = managing(i18n).into_iter().filter(may).map(|(path, text, _)| {
        view! { <A href=href(path) attr:class="menu-link">{text}</A> }
    });
    let managing: Vec<_> = managing.collect();
    let managing = (!managing.is_empty()).then(|| {
        view! { <Menu label=tu_string!(i18n, common.nav.manage) class="nav-more">{managing}</Menu> }
    });
    let archived =
        frame.archived.then(|| view! { <span class="badge">{tu_string!(i18n, common.archived)}</span> });
    view! {
        <a class="bar-project" href=home>{frame.name}</a>
        {archived}
        <nav class="nav" aria-label=tu_string!(i18n, common.pages_of_project)>
            <ul class="nav-list">{links}</ul>
            {managing}
        </nav>
    }
}

/// A page's path below the project's, its name, and what opening it needs.
type Page = (&'static str, &'static str, Permission);

/// The pages of the work itself, in the order of the bar. One line a page.
fn pages(i18n: I18n) -> [Page; 11] {
    [
        ("", tu_string!(i18n, common.nav.home), Permission::ViewProject),
        ("annotate", tu_string!(i18n, common.nav.annotate), Permission::Annotate),
        ("answers", tu_string!(i18n, common.nav.answers), Permission::OwnAnnotations),
        ("guideline", tu_string!(i18n, common.nav.guideline), Permission::ViewProject),
        ("review", tu_string!(i18n, common.nav.review), Permission::ReadReview),
        ("samples", tu_string!(i18n, common.nav.samples), Permission::ReadSamples),
        ("agreement", tu_string!(i18n, common.nav.agreement), Permission::ReadAgreement),
        ("annotators", tu_string!(i18n, common.nav.annotators), Permission::ReadQuality),
        ("yield", tu_string!(i18n, common.nav.yields), Permission::ReadYield),
        ("versions", tu_string!(i18n, common.nav.versions), Permission::ReadVersions),
        ("export", tu_string!(i18n, common.nav.export), Permission::Export),
    ]
}

/// The pages on which a project is fed and set up, which stand in a menu at the bar's end.
fn managing(i18n: I18n) -> [Page; 6] {
    [
        ("upload", tu_string!(i18n, common.nav.upload), Permission::Ingest),
        ("imports", tu_string!(i18n, common.nav.imports), Permission::ReadImports),
        ("webhooks", tu_string!(i18n, common.nav.webhooks), Permission::ManageWebhooks),
        ("members", tu_string!(i18n, common.nav.members), Permission::ReadMembers),
        ("settings", tu_string!(i18n, common.nav.settings), Permission::ManageProject),
        ("audit", tu_string!(i18n, common.nav.audit), Permission::ReadAudit),
    ]
}
