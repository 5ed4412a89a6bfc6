//! A pair of labels that annotators mix up: its tasks side by side, the rule that tells it apart, and the stored labels
//! from before that rule.

pub mod api;
mod draft;
mod item;
mod keyboard;
mod older;
mod rule;

use crate::{
    address::with_query,
    components::{
        answer::title_of,
        loaded::Loaded,
        number::{count, decimal, percent},
        pagination::Pagination,
        project_layout::use_slug,
        reload::use_done,
        states::Empty,
        title::Title,
        wrong_address::Back,
    },
    error::Reply,
    i18n::{tu_string, use_i18n},
};
use api::{Screen, WriteRule, load_ambiguous_pair};
use domain::{task::TaskState, view::ambiguity::PairView};
use draft::Draft;
use item::Item;
use keyboard::Keys;
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::{use_location, use_navigate};
use older::Older;
use rule::{RuleEditor, Written};

/// The states whose tasks can be looked at, in the order of the tabs.
const STATES: [TaskState; 3] = [TaskState::InReview, TaskState::Approved, TaskState::Dismissed];

/// The page of one pair; question, labels and state stand in the address.
#[component]
pub fn AmbiguousPairPage() -> impl IntoView {
    let i18n = use_i18n();
    let slug = use_slug();
    let search = use_location().search;
    let write = ServerAction::<WriteRule>::new();
    // A second rule may lead to the address of the first, so the address alone does not say when to load anew.
    let written = use_done(write.value());
    let screen = Resource::new(
        move || (slug.get(), search.get(), written.get()),
        |(slug, query, _)| load_ambiguous_pair(slug, query),
    );
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(Reply::Done(page))) = write.value().get() {
            navigate(&page, Default::default());
        }
    });
    // Without its labels there is no such page.
    let back = Signal::derive(move || Back {
        href: format!("/projects/{}/ambiguous-pairs", slug.get()),
        text: tu_string!(i18n, ambiguity.all_pairs),
    });
    view! { <Loaded data=screen back view=move |screen| view! { <Shown screen write /> }.into_any() /> }
        .into_any()
}

#[component]
fn Shown(screen: Screen, write: ServerAction<WriteRule>) -> impl IntoView {
    let i18n = use_i18n();
    let Screen { slug, project, schema, asked, found, older, may_change, draft } = screen;
    let slug = slug.to_string();
    let state = asked.state.unwrap_or(TaskState::InReview);
    let titles = [&asked.a, &asked.b].map(|value| title_of(&schema, &asked.question, &value.as_str().into()));
    let title = format!("{} ↔ {}", titles[0], titles[1]);
    let list =
        with_query(&format!("/projects/{slug}/ambiguous-pairs"), [("question", asked.question.as_str())]);
    let tabs = STATES.map(|one| {
        let word = match one {
            TaskState::InReview => tu_string!(i18n, ambiguity.tab_in_review),
            TaskState::Approved => tu_string!(i18n, common.task_state.approved),
            _ => tu_string!(i18n, common.task_state.dismissed),
        };
        let current = (one == state).then_some("page");
        let href = format!("{}&state={}", asked.path(&slug), one.as_str());
        view! { <li><a class="tab" href=href aria-current=current>{word}</a></li> }
    });
    let writes = may_change && state == TaskState::InReview;
    let (guideline_revision, next) = (found.guideline_revision, found.next_cursor);
    let items = found
        .items
        .iter()
        .map(|item| {
            let drafted = draft.as_ref().and_then(|draft| draft.choices.get(&item::field_of(item))).cloned();
            view! { <Item slug=slug.clone() schema=&schema asked=&asked titles=&titles item writes drafted /> }
        })
        .collect_view();
    let tasks = if found.items.is_empty() {
        view! {
            <Empty title=tu_string!(i18n, ambiguity.no_tasks)>
                <p>{tu_string!(i18n, ambiguity.no_tasks_text)}</p>
            </Empty>
        }
        .into_any()
    } else {
        let list = view! { <ol class="pair-items">{items}</ol> };
        let (slug, query) = (slug.clone(), asked.query(&slug));
        let list = match writes {
            true => view! {
                <Keys titles=titles.clone() />
                <Deciding slug query guideline_revision titles write draft=draft.unwrap_or_default()>{list}</Deciding>
            }
            .into_any(),
            false => list.into_any(),
        };
        view! {
            {list}
            <Pagination next />
        }
        .into_any()
    };
    view! {
        <Title page=title.clone() project />
        <p class="page-back"><a href=list>{tu_string!(i18n, ambiguity.all_pairs)}</a></p>
        <h1 class="page-title">{title}</h1>
        <Figures pair=found.pair />
        <Written slug=slug.clone() rule=older.rule.clone() />
        <nav class="tabs" aria-label=tu_string!(i18n, ambiguity.tasks)><ul class="tabs-list">{tabs}</ul></nav>
        {tasks}
        <Older slug schema asked older may_change />
    }
}

/// The form around the tasks, with the rule at its end.
#[component]
fn Deciding(
    slug: String,
    /// The page's address behind its question mark.
    query: String,
    guideline_revision: i32,
    /// What people read as the two labels.
    titles: [String; 2],
    write: ServerAction<WriteRule>,
    draft: Draft,
    children: Children,
) -> impl IntoView {
    view! {
        <ActionForm action=write>
            <input type="hidden" name="slug" value=slug.clone() />
            <input type="hidden" name="query" value=query />
            <input type="hidden" name="guideline_revision" value=guideline_revision />
            {children()}
            <RuleEditor slug titles write draft />
        </ActionForm>
    }
}

/// How ambiguous the pair is, in a sentence.
#[component]
fn Figures(pair: Option<PairView>) -> impl IntoView {
    let i18n = use_i18n();
    match pair {
        None => view! { <p class="page-lead">{tu_string!(i18n, ambiguity.never)}</p> }.into_any(),
        Some(pair) => {
            let ambiguity = pair.ambiguity;
            let items = i64::try_from(ambiguity.items).unwrap_or(i64::MAX);
            let text = tu_string!(
                i18n,
                ambiguity.figures,
                items = count(items),
                share = percent(ambiguity.share),
                observed = decimal(ambiguity.observed),
                expected = decimal(ambiguity.expected),
                waiting = count(pair.tasks.in_review),
                decided = count(pair.tasks.decided)
            );
            view! { <p class="page-lead">{text.to_string()}</p> }.into_any()
        }
    }
}
