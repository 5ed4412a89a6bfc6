//! Change sets: taking back what one annotator's answers did, by proposals that reviewers decide; and what rules decided.

mod api;
mod list;

use crate::{
    components::{
        form::{Outcome, use_outcome},
        loaded::Loaded,
        number::count,
        pagination::Pagination,
        project_layout::use_slug,
        reload::use_done,
        safe_textarea::SafeTextarea,
        states::Empty,
        title::Title,
    },
    error::Reply,
    i18n::{tu_string, use_i18n},
    refusal_text,
};
use api::{ApproveChangeSet, ChangeSets, Draft, PrepareChangeSet, UndoChangeSet, load_change_sets};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::{use_navigate, use_query_map};
use list::List;

/// The page of change sets.
#[component]
pub fn ChangeSetsPage() -> impl IntoView {
    let slug = use_slug();
    let query = use_query_map();
    let asked = move || query.with(|query| ["cursor", "annotator", "since"].map(|key| query.get(key)));
    let (prepare, approve) =
        (ServerAction::<PrepareChangeSet>::new(), ServerAction::<ApproveChangeSet>::new());
    let undo = ServerAction::<UndoChangeSet>::new();
    let changes = (use_done(prepare.value()), use_done(approve.value()), use_done(undo.value()));
    let sets = Resource::new(
        move || (slug.get(), asked(), changes.0.get(), changes.1.get(), changes.2.get()),
        |(slug, [cursor, annotator, since], ..)| load_change_sets(slug, cursor, annotator, since),
    );
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(Reply::Done(page))) = prepare.value().get() {
            navigate(&page, Default::default());
        }
    });
    view! {
        <Loaded data=sets view=move |sets| view! { <Shown sets prepare approve undo /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(
    sets: ChangeSets,
    prepare: ServerAction<PrepareChangeSet>,
    approve: ServerAction<ApproveChangeSet>,
    undo: ServerAction<UndoChangeSet>,
) -> impl IntoView {
    let i18n = use_i18n();
    let ChangeSets { slug, project, schema, page, draft, may_change } = sets;
    let title = tu_string!(i18n, change_sets.title);
    let prepared = use_outcome("prepare_change_set", prepare.value());
    let approved = use_outcome("approve_change_set", approve.value());
    let undone = use_outcome("undo_change_set", undo.value());
    let form = may_change.then(|| view! { <Undo slug=slug.clone() draft prepare /> });
    let list = if page.items.is_empty() {
        view! {
            <Empty title=tu_string!(i18n, change_sets.empty)>
                <p>{tu_string!(i18n, change_sets.empty_text)}</p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <List slug schema sets=page.items may_approve=may_change approve undo />
            <Pagination next=page.next_cursor />
        }
        .into_any()
    };
    view! {
        <Title page=title project />
        <h1 class="page-title">{title}</h1>
        <p class="page-lead">{tu_string!(i18n, change_sets.lead)}</p>
        <Outcome outcome=prepared done=tu_string!(i18n, change_sets.prepared) />
        <Outcome outcome=approved done=tu_string!(i18n, change_sets.approved) />
        <Outcome outcome=undone done=tu_string!(i18n, change_sets.undone) />
        <div class="sections">
            {form}
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, change_sets.list)}</h2>
                {list}
            </section>
        </div>
    }
}

/// Whose answers, and from when on. A plain form that asks for the page again, with what it would do; that one prepares it.
#[component]
fn Undo(slug: String, draft: Option<Draft>, prepare: ServerAction<PrepareChangeSet>) -> impl IntoView {
    let i18n = use_i18n();
    let (annotator, since) =
        draft.as_ref().map(|draft| (draft.annotator.clone(), draft.since.clone())).unwrap_or_default();
    view! {
        <section class="section section-wide">
            <h2 class="section-title">{tu_string!(i18n, change_sets.undo)}</h2>
            <p class="section-lead">{tu_string!(i18n, change_sets.undo_text)}</p>
            <form class="criteria" method="get">
                <label class="field">
                    <span class="field-label">{tu_string!(i18n, change_sets.annotator)}</span>
                    <input class="input" type="text" name="annotator" value=annotator autocomplete="off" required />
                </label>
                <label class="field">
                    <span class="field-label">{tu_string!(i18n, change_sets.since)}</span>
                    <input class="input" type="datetime-local" name="since" value=since required />
                </label>
                <button class="button">{tu_string!(i18n, change_sets.preview)}</button>
            </form>
            {draft.map(|draft| view! { <Preview slug draft prepare /> })}
        </section>
    }
}

#[component]
fn Preview(slug: String, draft: Draft, prepare: ServerAction<PrepareChangeSet>) -> impl IntoView {
    let i18n = use_i18n();
    let preview = match draft.preview {
        Ok(preview) => preview,
        Err(code) => {
            return view! { <p class="notice notice-bad" role="status">{refusal_text::of(i18n, code)}</p> }
                .into_any();
        }
    };
    let sentence = tu_string!(
        i18n,
        change_sets.would,
        matched = count(preview.matched),
        opened = count(preview.tasks_opened),
        active = count(preview.already_active)
    )
    .to_string();
    let form = (preview.tasks_opened > 0).then(|| {
        view! {
            <ActionForm action=prepare>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="annotator" value=draft.annotator />
                <input type="hidden" name="since" value=draft.since />
                <SafeTextarea name="note" label=tu_string!(i18n, change_sets.note) rows=2 />
                <button class="button button-primary" disabled=prepare.pending()>
                    {tu_string!(i18n, change_sets.prepare, n = count(preview.tasks_opened)).to_string()}
                </button>
            </ActionForm>
        }
    });
    view! {
        <p class="section-lead" role="status">{sentence}</p>
        {form}
    }
    .into_any()
}
