//! The app: what every page shares, and the list of pages.

use crate::{
    clock::provide_now,
    components::{
        layout::{EntranceLayout, SiteLayout, provide_signed_in},
        project_layout::ProjectLayout,
    },
    i18n::I18nContextProvider,
    pages::{
        account::AccountPage,
        new_project::NewProjectPage,
        not_found::NotFound,
        project::{
            agreement::AgreementPage,
            ambiguous_pair::AmbiguousPairPage,
            ambiguous_pairs::AmbiguousPairsPage,
            annotate::AnnotatePage,
            annotators::{AnnotatorsPage, own::OwnWorkPage, person::AnnotatorPage},
            audit::AuditPage,
            change_sets::ChangeSetsPage,
            compare::ComparePage,
            export::ExportPage,
            guideline::GuidelinePage,
            home::HomePage,
            imports::ImportsPage,
            known_answers::KnownAnswersPage,
            members::MembersPage,
            own_answers::OwnAnswersPage,
            review::ReviewPage,
            sample::SamplePage,
            samples::SamplesPage,
            settings::SettingsPage,
            tag::TagPage,
            upload::UploadPage,
            version::VersionPage,
            versions::{StagedPage, VersionsPage},
            webhook::WebhookPage,
            webhooks::WebhooksPage,
            yields::YieldPage,
        },
        projects::ProjectsPage,
        set_up::SetUpPage,
        sign_in::SignInPage,
        tokens::TokensPage,
        users::UsersPage,
    },
};
use leptos::prelude::*;
use leptos_i18n::context::UseLocalesOptions;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// Everything inside the page's body. The address decides what it shows.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Frame>
            <Pages />
        </Frame>
    }
    // Else the type of the whole app, megabytes of it, is in the name of every function of the server that holds it.
    .into_any()
}

/// The annotation screen alone. People answer all day and load nothing but this, so it has a browser module of its own;
/// its links to other pages are loaded from the server. It renders what [`App`] renders at the same address.
#[component]
pub fn AnnotateApp() -> impl IntoView {
    view! {
        <Frame>
            <Router>
                <Routes fallback=NotFound>
                    <Route path=path!("/projects/:slug/annotate") view=AnnotatePage ssr=SsrMode::Async />
                </Routes>
            </Router>
        </Frame>
    }
    .into_any()
}

/// What every page shares.
#[component]
fn Frame(children: Children) -> impl IntoView {
    provide_meta_context();
    provide_now();
    provide_signed_in();
    // `shell` writes `lang`, and the cookie is ours, so that both are right before the first byte is sent.
    let language = UseLocalesOptions::default().ssr_lang_header_getter(|| {
        #[cfg(feature = "ssr")]
        {
            use leptos_i18n::Locale as _;
            Some(crate::cookie::locale().as_str().to_owned())
        }
        #[cfg(not(feature = "ssr"))]
        None
    });
    view! {
        <I18nContextProvider
            set_lang_attr_on_html=false
            set_dir_attr_on_html=false
            enable_cookie=false
            ssr_lang_header_getter=language
        >
            {children()}
        </I18nContextProvider>
    }
}

/// Every page, one line each. Pages whose data decide the status or a redirect wait for them (`Async`); that is all.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <ParentRoute path=path!("") view=EntranceLayout>
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                    <Route path=path!("/set-up") view=SetUpPage ssr=SsrMode::Async />
                </ParentRoute>
                <ParentRoute path=path!("") view=SiteLayout>
                    <Route path=path!("/") view=ProjectsPage ssr=SsrMode::Async />
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
                    <Route path=path!("/account/tokens") view=TokensPage ssr=SsrMode::Async />
                    <Route path=path!("/users") view=UsersPage ssr=SsrMode::Async />
                    <Route path=path!("/new-project") view=NewProjectPage ssr=SsrMode::Async />
                </ParentRoute>
                <Route path=path!("/projects/:slug/annotate") view=AnnotatePage ssr=SsrMode::Async />
                <ParentRoute path=path!("/projects/:slug") view=ProjectLayout>
                    <Route path=path!("") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/answers") view=OwnAnswersPage ssr=SsrMode::Async />
                    <Route path=path!("/guideline") view=GuidelinePage ssr=SsrMode::Async />
                    <Route path=path!("/agreement") view=AgreementPage ssr=SsrMode::Async />
                    <Route path=path!("/ambiguous-pairs") view=AmbiguousPairsPage ssr=SsrMode::Async />
                    <Route path=path!("/ambiguous-pairs/pair") view=AmbiguousPairPage ssr=SsrMode::Async />
                    <Route path=path!("/annotators") view=AnnotatorsPage ssr=SsrMode::Async />
                    <Route path=path!("/annotators/:annotator") view=AnnotatorPage ssr=SsrMode::Async />
                    <Route path=path!("/my-work") view=OwnWorkPage ssr=SsrMode::Async />
                    <Route path=path!("/yield") view=YieldPage ssr=SsrMode::Async />
                    <Route path=path!("/known-answers") view=KnownAnswersPage ssr=SsrMode::Async />
                    <Route path=path!("/versions") view=VersionsPage ssr=SsrMode::Async />
                    <Route path=path!("/versions/staged") view=StagedPage ssr=SsrMode::Async />
                    <Route path=path!("/versions/:reference") view=VersionPage ssr=SsrMode::Async />
                    <Route path=path!("/compare") view=ComparePage ssr=SsrMode::Async />
                    <Route path=path!("/tags/:tag") view=TagPage ssr=SsrMode::Async />
                    <Route path=path!("/change-sets") view=ChangeSetsPage ssr=SsrMode::Async />
                    <Route path=path!("/export") view=ExportPage ssr=SsrMode::Async />
                    <Route path=path!("/members") view=MembersPage ssr=SsrMode::Async />
                    <Route path=path!("/webhooks") view=WebhooksPage ssr=SsrMode::Async />
                    <Route path=path!("/webhooks/:webhook") view=WebhookPage ssr=SsrMode::Async />
                    <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async />
                    <Route path=path!("/review") view=ReviewPage ssr=SsrMode::Async />
                    <Route path=path!("/samples") view=SamplesPage ssr=SsrMode::Async />
                    <Route path=path!("/samples/:id") view=SamplePage ssr=SsrMode::Async />
                    <Route path=path!("/upload") view=UploadPage ssr=SsrMode::Async />
                    <Route path=path!("/imports") view=ImportsPage ssr=SsrMode::Async />
                    <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
