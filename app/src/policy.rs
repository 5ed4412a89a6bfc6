//! Which permission every server function and every page stands under.
//!
//! The use cases check it; this table lets a test hold the list of endpoints against the policy, so that none is
//! added without one.

use domain::access::Permission;

/// What a caller needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Nothing: it is there for people who are not signed in, or tells only about the caller.
    Public,
    /// This permission.
    Needs(Permission),
}

use Guard::{Needs, Public};

/// Every server function by its endpoint below `/api/`.
pub const SERVER_FNS: &[(&str, Guard)] = &[
    // shell
    ("load_me", Public),
    ("set_locale", Public),
    ("set_theme", Public),
    // account
    ("load_entrance", Public),
    ("sign_in", Public),
    ("sign_out", Public),
    ("set_up", Public),
    ("load_account", Needs(Permission::OwnAccount)),
    ("update_account", Needs(Permission::OwnAccount)),
    ("change_password", Needs(Permission::OwnAccount)),
    // projects
    ("load_projects", Needs(Permission::ListProjects)),
    ("load_frame", Needs(Permission::ViewProject)),
    ("load_guideline", Needs(Permission::ViewProject)),
    ("load_home", Needs(Permission::ViewProject)),
    ("load_own_answers", Needs(Permission::OwnAnnotations)),
    // annotate
    ("load_annotate", Needs(Permission::Annotate)),
    ("load_progress", Needs(Permission::Annotate)),
    ("claim_tasks", Needs(Permission::Annotate)),
    ("submit_annotation", Needs(Permission::Annotate)),
    ("submit_and_claim_next", Needs(Permission::Annotate)),
    ("skip_task", Needs(Permission::Annotate)),
    ("skip_and_claim_next", Needs(Permission::Annotate)),
    ("undo_annotation", Needs(Permission::Annotate)),
    ("renew_lease", Needs(Permission::Annotate)),
];

/// Every page by its path.
pub const PAGES: &[(&str, Guard)] = &[
    ("/", Needs(Permission::ListProjects)),
    ("/sign-in", Public),
    ("/set-up", Public),
    ("/account", Needs(Permission::OwnAccount)),
    ("/projects/:slug", Needs(Permission::ViewProject)),
    ("/projects/:slug/answers", Needs(Permission::OwnAnnotations)),
    ("/projects/:slug/annotate", Needs(Permission::Annotate)),
    ("/projects/:slug/guideline", Needs(Permission::ViewProject)),
];

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{PAGES, SERVER_FNS};

    fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    // Routes are found by rendering the app once, which starts loading.
    #[tokio::test]
    async fn every_page_has_a_guard_and_every_guard_a_page() {
        let routes = leptos_axum::generate_route_list(crate::App);
        let routed = sorted(routes.iter().map(|route| route.path().to_owned()));
        let guarded = sorted(PAGES.iter().map(|(path, _)| path.replace(":slug", "{slug}")));
        assert_eq!(routed, guarded);
    }

    #[test]
    fn every_server_function_has_a_guard_and_every_guard_a_server_function() {
        let registered = leptos::server_fn::axum::server_fn_paths();
        let registered =
            sorted(registered.filter_map(|(path, _)| path.strip_prefix("/api/").map(str::to_owned)));
        let guarded = sorted(SERVER_FNS.iter().map(|(name, _)| (*name).to_owned()));
        assert_eq!(registered, guarded);
    }
}
