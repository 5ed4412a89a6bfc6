//! Which tasks the review page lists: states as tabs, the rest as a form whose fields stand in the address.

use super::{address::ORDERS, desk::Desk};
use crate::{
    components::badge::reason_text,
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{schema::Schema, signal::SignalKind, task::TaskState, view::review::ReviewOrder};
use leptos::prelude::*;

/// One tab for each state that the reader may list.
#[component]
pub fn Tabs(desk: Desk, shows_open: bool) -> impl IntoView {
    let i18n = use_i18n();
    let (slug, address) = (desk.slug.get_value(), desk.address.get_value());
    let states = [
        TaskState::InReview,
        TaskState::Approved,
        TaskState::Dismissed,
        TaskState::Superseded,
        TaskState::Open,
    ];
    let links: Vec<_> = states
        .into_iter()
        .filter(|state| shows_open || *state != TaskState::Open)
        .map(|state| {
            let current = (state == address.state()).then_some("page");
            let href = address.in_state(state).path(&slug, None);
            view! { <li><a class="tab" href=href aria-current=current>{state_text(i18n, state)}</a></li> }
        })
        .collect();
    view! {
        <nav class="tabs" aria-label=tu_string!(i18n, review.states)>
            <ul class="tabs-list">{links}</ul>
        </nav>
    }
}

/// The word for a state as the name of a list.
pub fn state_text(i18n: I18n, state: TaskState) -> &'static str {
    match state {
        TaskState::Open => tu_string!(i18n, review.state.open),
        TaskState::InReview => tu_string!(i18n, review.state.in_review),
        TaskState::Approved => tu_string!(i18n, review.state.approved),
        TaskState::Dismissed => tu_string!(i18n, review.state.dismissed),
        TaskState::Superseded => tu_string!(i18n, review.state.superseded),
        TaskState::Known => tu_string!(i18n, common.task_state.known),
    }
}

/// Order and filters. A plain form that asks for the page again.
#[component]
pub fn Filters(desk: Desk, schema: StoredValue<Schema>, annotators: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    let (slug, address) = (desk.slug.get_value(), desk.address.get_value());
    let (order, filter, is_narrow) = (address.order(), address.filter.clone(), address.is_narrow());
    let orders = ORDERS.map(|(one, name)| {
        let text = match one {
            ReviewOrder::Disagreement => tu_string!(i18n, review.order.disagreement),
            ReviewOrder::Priority => tu_string!(i18n, review.order.priority),
            ReviewOrder::Oldest => tu_string!(i18n, review.order.oldest),
        };
        view! { <option value=name selected=one == order>{text}</option> }
    });
    let reasons = SignalKind::ALL.map(|kind| {
        let is_selected = filter.reason == Some(kind);
        view! { <option value=kind.as_str() selected=is_selected>{reason_text(i18n, kind)}</option> }
    });
    let labels = schema.with_value(|schema| {
        let options = schema.questions.iter().flat_map(|question| &question.options);
        options.map(|option| (option.value.clone(), option.title().to_owned())).collect::<Vec<_>>()
    });
    let [first, second] = [0, 1].map(|index| {
        let chosen = filter.pair.get(index).cloned().unwrap_or_default();
        let labels = labels.clone();
        labels
            .into_iter()
            .map(|(value, title)| {
                let is_selected = value == chosen;
                view! { <option value=value selected=is_selected>{title}</option> }
            })
            .collect_view()
    });
    let names = annotators.into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    let all = address.in_state(address.state());
    let clear = is_narrow.then(|| {
        let all = super::address::Address {
            filter: domain::view::review::ReviewFilter {
                state: all.filter.state,
                order: all.filter.order,
                ..Default::default()
            },
            cursor: None,
        };
        view! { <a class="button button-quiet" href=all.path(&slug, None)>{tu_string!(i18n, review.clear)}</a> }
    });
    view! {
        <details class="filters" open=is_narrow>
            <summary class="filters-summary">{tu_string!(i18n, review.filters)}</summary>
            <form class="filters-form" method="get" action=format!("/projects/{slug}/review") role="search">
                <input type="hidden" name="state" value=address.state().as_str() />
                {address
                    .filter
                    .change_set
                    .map(|set| view! { <input type="hidden" name="change_set" value=set.0 /> })}
                <label class="filter">
                    <span class="field-label">{tu_string!(i18n, review.order.label)}</span>
                    <select class="input" name="order">{orders}</select>
                </label>
                <label class="filter">
                    <span class="field-label">{tu_string!(i18n, review.pair_first)}</span>
                    <select class="input" name="pair">
                        <option value="">{tu_string!(i18n, review.any)}</option>
                        {first}
                    </select>
                </label>
                <label class="filter">
                    <span class="field-label">{tu_string!(i18n, review.pair_second)}</span>
                    <select class="input" name="pair">
                        <option value="">{tu_string!(i18n, review.any)}</option>
                        {second}
                    </select>
                </label>
                <label class="filter">
                    <span class="field-label">{tu_string!(i18n, review.reason)}</span>
                    <select class="input" name="reason">
                        <option value="">{tu_string!(i18n, review.any)}</option>
                        {reasons}
                    </select>
                </label>
                <label class="filter">
                    <span class="field-label">{tu_string!(i18n, review.annotator)}</span>
                    <input
                        class="input"
                        name="annotator"
                        value=filter.annotator.unwrap_or_default()
                        list="review-annotators"
                        autocomplete="off"
                    />
                    <datalist id="review-annotators">{names}</datalist>
                </label>
                <div class="filters-send">
                    <button class="button">{tu_string!(i18n, review.apply)}</button>
                    {clear}
                </div>
            </form>
        </details>
    }
}
