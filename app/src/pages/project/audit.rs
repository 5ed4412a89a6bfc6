//! The audit log: who changed what, and when.

use crate::{
    components::{
        loaded::Loaded, pagination::Pagination, project_layout::use_slug, states::Empty, time::Time,
        title::Title,
    },
    error::Answer,
    i18n::{I18n, tu_string, use_i18n},
};
use domain::view::{Page, audit::AuditEntry};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One page of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// The project's name.
    pub project: String,
    /// The changes, the newest first.
    pub page: Page<AuditEntry>,
}

/// One page of the changes of a project.
#[server(endpoint = "load_audit", input = GetUrl)]
pub async fn load_audit(slug: String, cursor: Option<String>) -> Answer<Audit> {
    use crate::{error::load, parse, session};
    let audit = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let page = services.audit().list(&actor, &slug, parse::page(cursor)).await?;
        let project = services.projects().get(&actor, &slug).await?;
        Ok(Audit { project: project.name, page })
    };
    load(audit.await)
}

/// The page with the log.
#[component]
pub fn AuditPage() -> impl IntoView {
    let slug = use_slug();
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor")));
    let audit = Resource::new(move || (slug.get(), cursor.get()), |(slug, cursor)| load_audit(slug, cursor));
    view! { <Loaded data=audit view=|audit| view! { <Log audit /> }.into_any() /> }.into_any()
}

#[component]
fn Log(audit: Audit) -> impl IntoView {
    let i18n = use_i18n();
    let Audit { project, page } = audit;
    let content = if page.items.is_empty() {
        view! { <Empty title=tu_string!(i18n, audit.empty) /> }.into_any()
    } else {
        let rows: Vec<_> = page.items.into_iter().map(|entry| row(i18n, entry).into_any()).collect();
        view! {
            <div class="table-box" tabindex="0">
                <table class="table audit">
                    <thead>
                        <tr>
                            <th>{tu_string!(i18n, audit.when)}</th>
                            <th>{tu_string!(i18n, audit.who)}</th>
                            <th>{tu_string!(i18n, audit.what)}</th>
                            <th>{tu_string!(i18n, audit.subject)}</th>
                            <th>{tu_string!(i18n, audit.detail)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <Pagination next=page.next_cursor />
        }
        .into_any()
    };
    view! {
        <Title page=tu_string!(i18n, audit.title) project />
        <h1 class="page-title">{tu_string!(i18n, audit.title)}</h1>
        <p class="page-lead audit-lead">{tu_string!(i18n, audit.lead)}</p>
        {content}
    }
    .into_any()
}

fn row(i18n: I18n, entry: AuditEntry) -> impl IntoView {
    let who = match entry.actor.as_str() {
        "user" => entry.email.unwrap_or_default(),
        "token" => tu_string!(i18n, audit.by_token, email = entry.email.unwrap_or_default()).to_string(),
        "operator" => tu_string!(i18n, audit.by_operator).to_owned(),
        _ => tu_string!(i18n, audit.by_system).to_owned(),
    };
    let has_detail = match &entry.detail {
        Value::Null => false,
        Value::Object(map) => !map.is_empty(),
        _ => true,
    };
    let detail = has_detail.then(|| view! { <code class="audit-detail">{entry.detail.to_string()}</code> });
    view! {
        <tr>
            <td><Time at=entry.at /></td>
            <td>{who}</td>
            <td title=entry.action.clone()>{action_text(i18n, &entry.action)}</td>
            <td>{entry.subject}</td>
            <td>{detail}</td>
        </tr>
    }
}

/// What was done; an action without words of its own is shown by its code.
fn action_text(i18n: I18n, action: &str) -> String {
    let text = match action {
        "create_project" => tu_string!(i18n, audit.action.create_project),
        "update_project" => tu_string!(i18n, audit.action.update_project),
        "archive_project" => tu_string!(i18n, audit.action.archive_project),
        "set_member" => tu_string!(i18n, audit.action.set_member),
        "remove_member" => tu_string!(i18n, audit.action.remove_member),
        "pause_member" => tu_string!(i18n, audit.action.pause_member),
        "resume_member" => tu_string!(i18n, audit.action.resume_member),
        "mark_known_answers" => tu_string!(i18n, audit.action.mark_known_answers),
        "retire_known_answer" => tu_string!(i18n, audit.action.retire_known_answer),
        "write_notice" => tu_string!(i18n, audit.action.write_notice),
        "withdraw_notice" => tu_string!(i18n, audit.action.withdraw_notice),
        "close_notice" => tu_string!(i18n, audit.action.close_notice),
        "import_samples" => tu_string!(i18n, audit.action.import_samples),
        "import_annotations" => tu_string!(i18n, audit.action.import_annotations),
        "import_predictions" => tu_string!(i18n, audit.action.import_predictions),
        "import_feedback" => tu_string!(i18n, audit.action.import_feedback),
        "challenge" => tu_string!(i18n, audit.action.challenge),
        "write_rule" => tu_string!(i18n, audit.action.write_rule),
        "undo_change_set" => tu_string!(i18n, audit.action.undo_change_set),
        "prepare_change_set" => tu_string!(i18n, audit.action.prepare_change_set),
        "erase_sample" => tu_string!(i18n, audit.action.erase_sample),
        "claim" => tu_string!(i18n, audit.action.claim),
        "skip" => tu_string!(i18n, audit.action.skip),
        "release" => tu_string!(i18n, audit.action.release),
        "submit_annotation" => tu_string!(i18n, audit.action.submit_annotation),
        "undo_annotation" => tu_string!(i18n, audit.action.undo_annotation),
        "decide" => tu_string!(i18n, audit.action.decide),
        "cut_version" => tu_string!(i18n, audit.action.cut_version),
        "revert_version" => tu_string!(i18n, audit.action.revert_version),
        "set_tag" => tu_string!(i18n, audit.action.set_tag),
        "delete_tag" => tu_string!(i18n, audit.action.delete_tag),
        "create_webhook" => tu_string!(i18n, audit.action.create_webhook),
        "update_webhook" => tu_string!(i18n, audit.action.update_webhook),
        "delete_webhook" => tu_string!(i18n, audit.action.delete_webhook),
        "test_webhook" => tu_string!(i18n, audit.action.test_webhook),
        "retry_delivery" => tu_string!(i18n, audit.action.retry_delivery),
        "pause_webhook" => tu_string!(i18n, audit.action.pause_webhook),
        other => return other.to_owned(),
    };
    text.to_owned()
}
