//! What stands around every page: the thin bar at the top with where one is and who one is.

use crate::{
    components::{
        menu::Menu,
        preferences::{LanguageSwitch, ThemeSwitch},
    },
    error::{Answer, Reply},
    i18n::{tu_string, use_i18n},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::components::Outlet;
use serde::{Deserialize, Serialize};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Whether they are a site admin.
    pub admin: bool,
}

/// Who is signed in, for the bar; nobody is no refusal.
#[server(endpoint = "load_me", input = GetUrl)]
pub async fn load_me() -> Answer<Option<Me>> {
    use crate::{cookie, error::load, i18n::Locale, session};
    use domain::problem::Code;
    use leptos_i18n::Locale as _;
    let me = async {
        let actor = match session::actor().await {
            Err(error) if error.code() == Code::Unauthenticated => return Ok(None),
            actor => actor?,
        };
        let user = session::services()?.accounts().own(&actor).await?;
        // The account's language comes first; the cookie brings it to the beginning of the next page.
        if let Some(locale) = user.locale.as_deref().and_then(|text| text.parse::<Locale>().ok())
            && locale != cookie::locale()
        {
            cookie::set(cookie::LOCALE, Some(locale.as_str()));
        }
        Ok(Some(Me { email: user.email.to_string(), name: user.name, admin: user.admin }))
    };
    load(me.await)
}

/// The resource with who is signed in, shared by everything on the page.
#[derive(Clone, Copy)]
pub struct SignedIn(pub Resource<Answer<Option<Me>>>);

/// Loads who is signed in and shares it.
pub fn provide_signed_in() {
    provide_context(SignedIn(Resource::new(|| (), |()| load_me())));
}

/// The layout of pages that belong to no project.
#[component]
pub fn SiteLayout() -> impl IntoView {
    view! {
        <SkipLink />
        <header class="bar">
            <Brand />
            <span class="bar-space"></span>
            <UserMenu />
        </header>
        <main class="main" id="main" tabindex="-1">
            <Outlet />
        </main>
    }
    .into_any()
}

/// The layout of the pages for people who are not signed in.
#[component]
pub fn EntranceLayout() -> impl IntoView {
    view! {
        <main class="entrance" id="main">
            <Outlet />
            <footer class="entrance-footer">
                <LanguageSwitch />
                <ThemeSwitch />
            </footer>
        </main>
    }
    .into_any()
}

/// The first thing that a keyboard reaches.
#[component]
pub fn SkipLink() -> impl IntoView {
    let i18n = use_i18n();
    view! { <a class="skip-link" href="#main" rel="external">{tu_string!(i18n, common.skip_to_content)}</a> }
}

/// The way to the projects.
#[component]
pub fn Brand() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <a class="brand" href="/" title=tu_string!(i18n, common.projects)>
            <BrandMark />
            <span class="brand-name">{tu_string!(i18n, common.product)}</span>
        </a>
    }
}

/// The mark: a label that comes round again.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
            <path d="M4 4h9l7 8-7 8H4z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" />
            <circle cx="9" cy="12" r="2.25" fill="currentColor" />
        </svg>
    }
}

/// Name, preferences and the way out.
#[component]
pub fn UserMenu() -> impl IntoView {
    let signed_in = expect_context::<SignedIn>().0;
    view! {
        <Transition fallback=|| view! { <span class="menu-placeholder"></span> }>
            {move || Suspend::new(async move {
                match signed_in.await {
                    Ok(Reply::Done(Some(me))) => view! { <MenuOf me /> }.into_any(),
                    _ => view! { <span class="menu-placeholder"></span> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn MenuOf(me: Me) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Menu label=me.name>
            <p class="menu-email">{me.email}</p>
            <a class="menu-link" href="/account">{tu_string!(i18n, common.account)}</a>
            <a class="menu-link" href="/">{tu_string!(i18n, common.projects)}</a>
            <p class="menu-heading">{tu_string!(i18n, common.language)}</p>
            <LanguageSwitch />
            <p class="menu-heading">{tu_string!(i18n, common.theme)}</p>
            <ThemeSwitch />
            <form class="menu-form" action="/api/sign_out" method="post">
                <button class="button">{tu_string!(i18n, common.sign_out)}</button>
            </form>
        </Menu>
    }
}
