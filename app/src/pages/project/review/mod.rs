//! The review page: a list at the left, a task with everything that is known of it at the right, and the decision
//! below, by keyboard or by forms.

mod address;
pub mod api;
mod bar;
mod desk;
mod earlier;
mod filters;
mod item;
mod keyboard;
mod keys;
mod list;
mod news;
mod order;

use crate::{
    components::{
        keys_help::{KeysButton, KeysHelp},
        loaded::Loaded,
        number::count,
        pagination::Pagination,
        project_layout::use_slug,
        states::Empty,
        title::Title,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use address::{Address, number};
use api::{Screen, load_review};
use desk::Desk;
use domain::task::TaskState;
use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;
use order::Reviewer;

/// The review page.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let slug = use_slug();
    let search = use_location().search;
    let query = Memo::new(move |_| search.with(|search| Address::parse(search).query()));
    let screen = Resource::new(
        move || (slug.get(), query.get()),
        move |(slug, query)| {
            // Another task of the same list is no other list.
            let (task, last) =
                search.with_untracked(|search| (number(search, "task"), number(search, "last")));
            load_review(slug, query, task, last)
        },
    );
    view! { <Loaded data=screen view=|screen| view! { <Review screen /> }.into_any() /> }.into_any()
}

#[component]
fn Review(screen: Screen) -> impl IntoView {
    let i18n = use_i18n();
    let desk = Desk::new(&screen);
    let Screen {
        slug: _,
        project,
        schema,
        me,
        four_eyes,
        shows_open,
        waiting,
        items,
        next_cursor,
        last: _,
        earlier: _,
    } = screen;
    let reviewer = Reviewer { email: me, four_eyes };
    let schema = StoredValue::new(schema);
    let address = desk.address.get_value();
    let help = NodeRef::<html::Div>::new();
    let is_empty = items.is_empty();
    let annotators = annotators(&items);
    keyboard::listen(desk, help);
    let keys = keys_of(i18n);
    view! {
        <Title page=tu_string!(i18n, review.title) project />
        <div class="page-head">
            <h1 class="page-title">{tu_string!(i18n, review.title)}</h1>
            <p class="review-waiting">
                {tu_string!(i18n, review.waiting, n = count(waiting.0), conflicts = count(waiting.1)).to_string()}
            </p>
            <KeysButton label=tu_string!(i18n, review.keys.title) />
        </div>
        <KeysHelp title=tu_string!(i18n, review.keys.title) keys node_ref=help />
        <filters::Tabs desk shows_open />
        <filters::Filters desk schema annotators />
        <news::NewsLine desk schema />
        {if is_empty {
            view! { <Nothing address /> }.into_any()
        } else {
            view! {
                <div class="review">
                    <div class="review-side">
                        <list::List desk schema />
                        <Pagination next=next_cursor />
                        <list::ApproveAll desk reviewer=reviewer.clone() />
                    </div>
                    <item::Shown desk schema reviewer />
                </div>
            }
                .into_any()
        }}
    }
    .into_any()
}

#[component]
fn Nothing(address: Address) -> impl IntoView {
    let i18n = use_i18n();
    let title = match (address.state(), address.is_narrow()) {
        (_, true) => tu_string!(i18n, review.empty.filtered),
        (TaskState::InReview, false) => tu_string!(i18n, review.empty.in_review),
        _ => tu_string!(i18n, review.empty.other),
    };
    let hint = (address.state() == TaskState::InReview && !address.is_narrow())
        .then(|| view! { <p>{tu_string!(i18n, review.empty.in_review_text)}</p> });
    view! { <Empty title>{hint}</Empty> }
}

/// Who answered the tasks of this page, for the filter.
fn annotators(items: &[domain::view::review::ReviewItem]) -> Vec<String> {
    let all = items.iter().flat_map(|item| &item.annotations).map(|annotation| annotation.annotator.clone());
    let mut all: Vec<String> = all.collect();
    all.sort();
    all.dedup();
    all
}

fn keys_of(i18n: I18n) -> Vec<(&'static str, String)> {
    [
        ("A", tu_string!(i18n, review.approve)),
        ("C", tu_string!(i18n, review.correct)),
        ("R", tu_string!(i18n, review.give_back)),
        ("D", tu_string!(i18n, review.dismiss)),
        ("O", tu_string!(i18n, review.reopen)),
        ("N", tu_string!(i18n, review.note)),
        ("J", tu_string!(i18n, review.keys.next)),
        ("K", tu_string!(i18n, review.keys.previous)),
        ("?", tu_string!(i18n, review.keys.title)),
    ]
    .map(|(key, text)| (key, text.to_owned()))
    .into()
}
