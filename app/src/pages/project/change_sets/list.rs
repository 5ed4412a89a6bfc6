//! The change sets that were prepared, and how far the review of each is.

use super::api::{ApproveChangeSet, UndoChangeSet};
use crate::{
    address::with_query,
    components::{answer::title_of, confirm::Confirm, number::count, time::Time},
    i18n::{tu_string, use_i18n},
};
use domain::{
    problem::Code,
    schema::Schema,
    view::change_set::{ChangeSetView, RuleOfSet},
};
use leptos::{form::ActionForm, prelude::*};

/// One entry a change set, the newest first.
#[component]
pub(super) fn List(
    slug: String,
    schema: Schema,
    sets: Vec<ChangeSetView>,
    may_approve: bool,
    approve: ServerAction<ApproveChangeSet>,
    undo: ServerAction<UndoChangeSet>,
) -> impl IntoView {
    let schema = StoredValue::new(schema);
    let entry = move |set: ChangeSetView| {
        view! { <Entry slug=slug.clone() schema set may_approve approve undo /> }
    };
    view! { <ol class="change-sets">{sets.into_iter().map(entry).collect_view()}</ol> }
}

#[component]
fn Entry(
    slug: String,
    schema: StoredValue<Schema>,
    set: ChangeSetView,
    may_approve: bool,
    approve: ServerAction<ApproveChangeSet>,
    undo: ServerAction<UndoChangeSet>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = set.change_set;
    let author = set.author.unwrap_or_else(|| tu_string!(i18n, versions.operator).to_owned());
    let list = |state: &str| format!("/projects/{slug}/review?state={state}&change_set={id}");
    let states = [
        ("in_review", set.progress.in_review, tu_string!(i18n, common.task_state.in_review)),
        ("approved", set.progress.approved, tu_string!(i18n, common.task_state.approved)),
        ("dismissed", set.progress.dismissed, tu_string!(i18n, common.task_state.dismissed)),
        ("open", set.progress.open, tu_string!(i18n, common.task_state.open)),
        ("superseded", set.progress.superseded, tu_string!(i18n, common.task_state.superseded)),
    ];
    let progress = states
        .into_iter()
        .map(|(state, number, word)| {
            let text = format!("{} {word}", count(number));
            match number {
                0 => view! { <li class="counts-zero">{text}</li> }.into_any(),
                _ => view! { <li><a href=list(state)>{text}</a></li> }.into_any(),
            }
        })
        .collect_view();
    let left_alone = (set.already_active > 0).then(|| {
        let text = tu_string!(i18n, change_sets.left_alone, n = count(set.already_active)).to_string();
        view! { <p class="section-lead">{text}</p> }
    });
    let head = match &set.rule {
        Some(rule) => view! { <Rule slug=slug.clone() schema rule=rule.clone() /> }.into_any(),
        None => {
            let annotator = set.annotator.clone().unwrap_or_default();
            view! {
                <p class="change-set-head">
                    <strong>{tu_string!(i18n, change_sets.of, annotator = annotator).to_string()}</strong> " "
                    {set.since.map(|at| view! { <Time at /> })}
                </p>
            }
            .into_any()
        }
    };
    let of_undo = slug.clone();
    let waiting = set.progress.in_review;
    let all = (may_approve && waiting > 0 && set.rule.is_none()).then(|| {
        view! {
            <Confirm summary=tu_string!(i18n, change_sets.approve)>
                <p>{tu_string!(i18n, change_sets.approve_text, n = count(waiting)).to_string()}</p>
                <ActionForm action=approve>
                    <input type="hidden" name="slug" value=slug.clone() />
                    <input type="hidden" name="change_set" value=id.0 />
                    <button class="button button-primary" disabled=approve.pending()>
                        {tu_string!(i18n, change_sets.approve_confirm)}
                    </button>
                </ActionForm>
            </Confirm>
        }
    });
    let standing = set.rule.as_ref().filter(|rule| may_approve && rule.undone_at.is_none());
    let undoing = standing.map(|rule| match rule.undo_refused {
        Some(Code::AlreadyDecided) => {
            view! { <p class="section-lead">{tu_string!(i18n, change_sets.undo_in_version)}</p> }.into_any()
        }
        Some(_) => {
            view! { <p class="section-lead">{tu_string!(i18n, change_sets.undo_newer_task)}</p> }.into_any()
        }
        None => view! {
            <Confirm summary=tu_string!(i18n, change_sets.undo_rule)>
                <p>{tu_string!(i18n, change_sets.undo_rule_text)}</p>
                <ActionForm action=undo>
                    <input type="hidden" name="slug" value=of_undo.clone() />
                    <input type="hidden" name="change_set" value=id.0 />
                    <button class="button button-primary" disabled=undo.pending()>
                        {tu_string!(i18n, change_sets.undo_rule_confirm)}
                    </button>
                </ActionForm>
            </Confirm>
        }
        .into_any(),
    });
    view! {
        <li class="change-set">
            {head}
            <p class="provenance">
                {tu_string!(i18n, change_sets.by, author = author).to_string()} " · " <Time at=set.created_at />
            </p>
            {set.note.map(|note| view! { <blockquote class="line-note" dir="auto">{note}</blockquote> })}
            <ul class="counts">{progress}</ul>
            {left_alone}
            {all}
            {undoing}
        </li>
    }
}

/// Which labels the rule tells apart, and what became of it.
#[component]
fn Rule(slug: String, schema: StoredValue<Schema>, rule: RuleOfSet) -> impl IntoView {
    let i18n = use_i18n();
    let title = |value: &str| schema.with_value(|schema| title_of(schema, &rule.question, &value.into()));
    let names = tu_string!(i18n, change_sets.rule, a = title(&rule.a), b = title(&rule.b)).to_string();
    let pair = [("question", rule.question.as_str()), ("a", rule.a.as_str()), ("b", rule.b.as_str())];
    let pair = with_query(&format!("/projects/{slug}/ambiguous-pairs/pair"), pair);
    let revision = tu_string!(i18n, change_sets.revision, n = rule.guideline_revision).to_string();
    let undone = rule.undone_at.map(|at| {
        view! { <p class="section-lead">{tu_string!(i18n, change_sets.rule_undone)} " " <Time at /></p> }
    });
    view! {
        <p class="change-set-head"><a href=pair><strong>{names}</strong></a> " · " {revision}</p>
        {undone}
    }
}
