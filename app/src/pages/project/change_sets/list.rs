//! The change sets that were prepared, and how far the review of each is.

use super::api::ApproveChangeSet;
use crate::{
    components::{confirm::Confirm, number::count, time::Time},
    i18n::{tu_string, use_i18n},
};
use domain::view::change_set::ChangeSetView;
use leptos::{form::ActionForm, prelude::*};

/// One entry a change set, the newest first.
#[component]
pub(super) fn List(
    slug: String,
    sets: Vec<ChangeSetView>,
    may_approve: bool,
    approve: ServerAction<ApproveChangeSet>,
) -> impl IntoView {
    let entry = move |set: ChangeSetView| view! { <Entry slug=slug.clone() set may_approve approve /> };
    view! { <ol class="change-sets">{sets.into_iter().map(entry).collect_view()}</ol> }
}

#[component]
fn Entry(
    slug: String,
    set: ChangeSetView,
    may_approve: bool,
    approve: ServerAction<ApproveChangeSet>,
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
    let waiting = set.progress.in_review;
    let all = (may_approve && waiting > 0).then(|| {
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
    view! {
        <li class="change-set">
            <p class="change-set-head">
                <strong>{tu_string!(i18n, change_sets.of, annotator = set.annotator).to_string()}</strong> " "
                <Time at=set.since />
            </p>
            <p class="provenance">
                {tu_string!(i18n, change_sets.by, author = author).to_string()} " · " <Time at=set.created_at />
            </p>
            {set.note.map(|note| view! { <blockquote class="line-note" dir="auto">{note}</blockquote> })}
            <ul class="counts">{progress}</ul>
            {left_alone}
            {all}
        </li>
    }
}
