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
    ("create_project", Needs(Permission::CreateProject)),
    ("load_settings", Needs(Permission::ManageProject)),
    ("load_forecast", Needs(Permission::ManageProject)),
    ("update_name", Needs(Permission::ManageProject)),
    ("update_options", Needs(Permission::ManageProject)),
    ("update_schema", Needs(Permission::ManageProject)),
    ("update_guideline", Needs(Permission::ManageProject)),
    ("preview_guideline", Needs(Permission::ViewProject)),
    ("update_queue", Needs(Permission::ManageProject)),
    ("update_consensus", Needs(Permission::ManageProject)),
    ("update_quality", Needs(Permission::ManageProject)),
    ("update_review", Needs(Permission::ManageProject)),
    ("update_split", Needs(Permission::ManageProject)),
    ("update_display", Needs(Permission::ManageProject)),
    ("update_card", Needs(Permission::ManageProject)),
    ("archive_project", Needs(Permission::ManageProject)),
    ("load_members", Needs(Permission::ReadMembers)),
    ("set_member", Needs(Permission::ManageMembers)),
    ("remove_member", Needs(Permission::ManageMembers)),
    ("pause_member", Needs(Permission::ManageQuality)),
    ("resume_member", Needs(Permission::ManageQuality)),
    // results
    ("load_agreement", Needs(Permission::ReadAgreement)),
    ("load_annotators", Needs(Permission::ReadQuality)),
    ("load_annotator", Needs(Permission::ReadQuality)),
    ("load_own_work", Needs(Permission::OwnAnnotations)),
    ("load_yield", Needs(Permission::ReadYield)),
    ("load_known_answers", Needs(Permission::ManageQuality)),
    ("mark_known_answer", Needs(Permission::ManageQuality)),
    ("retire_known_answer", Needs(Permission::ManageQuality)),
    ("close_notice", Needs(Permission::ManageQuality)),
    ("load_versions", Needs(Permission::ReadVersions)),
    ("load_staged", Needs(Permission::ReadVersions)),
    ("load_version", Needs(Permission::ReadVersions)),
    ("load_comparison", Needs(Permission::ReadVersions)),
    ("load_tag", Needs(Permission::ReadVersions)),
    ("load_card", Needs(Permission::ReadVersions)),
    ("cut_version", Needs(Permission::CutVersion)),
    ("revert_version", Needs(Permission::CutVersion)),
    ("set_tag", Needs(Permission::ManageTags)),
    ("delete_tag", Needs(Permission::ManageTags)),
    ("load_webhooks", Needs(Permission::ManageWebhooks)),
    ("create_webhook", Needs(Permission::ManageWebhooks)),
    ("load_webhook", Needs(Permission::ManageWebhooks)),
    ("load_deliveries", Needs(Permission::ManageWebhooks)),
    ("update_webhook", Needs(Permission::ManageWebhooks)),
    ("pause_webhook", Needs(Permission::ManageWebhooks)),
    ("resume_webhook", Needs(Permission::ManageWebhooks)),
    ("test_webhook", Needs(Permission::ManageWebhooks)),
    ("retry_delivery", Needs(Permission::ManageWebhooks)),
    ("delete_webhook", Needs(Permission::ManageWebhooks)),
    ("protect_tag", Needs(Permission::ManageTags)),
    ("load_export", Needs(Permission::ReadVersions)),
    // review
    ("load_review", Needs(Permission::ReadReview)),
    ("load_review_item", Needs(Permission::ReadReview)),
    ("load_earlier", Needs(Permission::ReadReview)),
    ("decide", Needs(Permission::Decide)),
    ("decide_all", Needs(Permission::Decide)),
    ("load_ambiguous_pairs", Needs(Permission::ReadAgreement)),
    ("load_ambiguous_pair", Needs(Permission::ReadReview)),
    ("write_rule", Needs(Permission::WriteRule)),
    ("challenge_older", Needs(Permission::Challenge)),
    ("load_change_sets", Needs(Permission::ReadReview)),
    ("prepare_change_set", Needs(Permission::Challenge)),
    ("approve_change_set", Needs(Permission::Decide)),
    ("undo_change_set", Needs(Permission::WriteRule)),
    // samples
    ("load_samples", Needs(Permission::ReadSamples)),
    ("load_sample", Needs(Permission::ReadSamples)),
    ("challenge", Needs(Permission::Challenge)),
    ("erase_sample", Needs(Permission::EraseSample)),
    // intake
    ("load_upload", Needs(Permission::Ingest)),
    ("import_upload", Needs(Permission::Ingest)),
    ("load_imports", Needs(Permission::ReadImports)),
    ("load_audit", Needs(Permission::ReadAudit)),
    // site
    ("load_tokens", Needs(Permission::OwnAccount)),
    ("create_token", Needs(Permission::OwnAccount)),
    ("revoke_token", Needs(Permission::OwnAccount)),
    ("load_users", Needs(Permission::ManageUsers)),
    ("add_user", Needs(Permission::ManageUsers)),
    ("disable_user", Needs(Permission::ManageUsers)),
    ("enable_user", Needs(Permission::ManageUsers)),
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
    ("see_notice", Needs(Permission::OwnAnnotations)),
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
    ("/projects/:slug/agreement", Needs(Permission::ReadAgreement)),
    ("/projects/:slug/ambiguous-pairs", Needs(Permission::ReadAgreement)),
    ("/projects/:slug/ambiguous-pairs/pair", Needs(Permission::ReadReview)),
    ("/projects/:slug/annotators", Needs(Permission::ReadQuality)),
    ("/projects/:slug/annotators/:annotator", Needs(Permission::ReadQuality)),
    ("/projects/:slug/my-work", Needs(Permission::OwnAnnotations)),
    ("/projects/:slug/yield", Needs(Permission::ReadYield)),
    ("/projects/:slug/known-answers", Needs(Permission::ManageQuality)),
    ("/projects/:slug/versions", Needs(Permission::ReadVersions)),
    ("/projects/:slug/versions/staged", Needs(Permission::ReadVersions)),
    ("/projects/:slug/versions/:reference", Needs(Permission::ReadVersions)),
    ("/projects/:slug/compare", Needs(Permission::ReadVersions)),
    ("/projects/:slug/tags/:tag", Needs(Permission::ReadVersions)),
    ("/projects/:slug/change-sets", Needs(Permission::ReadReview)),
    ("/projects/:slug/export", Needs(Permission::Export)),
    ("/projects/:slug/webhooks", Needs(Permission::ManageWebhooks)),
    ("/projects/:slug/webhooks/:webhook", Needs(Permission::ManageWebhooks)),
    ("/projects/:slug/members", Needs(Permission::ReadMembers)),
    ("/projects/:slug/settings", Needs(Permission::ManageProject)),
    ("/projects/:slug/review", Needs(Permission::ReadReview)),
    ("/projects/:slug/samples", Needs(Permission::ReadSamples)),
    ("/projects/:slug/samples/:id", Needs(Permission::ReadSamples)),
    ("/projects/:slug/upload", Needs(Permission::Ingest)),
    ("/projects/:slug/imports", Needs(Permission::ReadImports)),
    ("/projects/:slug/audit", Needs(Permission::ReadAudit)),
    ("/new-project", Needs(Permission::CreateProject)),
    ("/account/tokens", Needs(Permission::OwnAccount)),
    ("/users", Needs(Permission::ManageUsers)),
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
        let as_routed = |part: &str| match part.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => part.to_owned(),
        };
        let guarded =
            PAGES.iter().map(|(path, _)| path.split('/').map(as_routed).collect::<Vec<_>>().join("/"));
        let guarded = sorted(guarded);
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
