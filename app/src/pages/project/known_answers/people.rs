//! What people's answers say: whose fell below the level, and how often each is right.

use super::api::CloseNotice;
use crate::{
    components::{
        badge::{Badge, Tone},
        number::{count, percent},
        states::Empty,
        time::Time,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{
    known::WINDOW,
    schema::Schema,
    view::{
        known::{Accuracy, KnownResults},
        notice::Notice,
    },
};
use leptos::{form::ActionForm, prelude::*};

/// The open notices; nothing where there is none.
#[component]
pub(super) fn Notices(
    slug: String,
    archived: bool,
    notices: Vec<Notice>,
    close: ServerAction<CloseNotice>,
) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |notice: Notice| {
        let text = tu_string!(
            i18n,
            known.open_text,
            right = count(notice.right),
            of = count(notice.of),
            level = percent(notice.level)
        )
        .to_string();
        let seen = match notice.seen_at {
            Some(_) => tu_string!(i18n, known.seen),
            None => tu_string!(i18n, known.unseen),
        };
        let members = format!("/projects/{slug}/members");
        let still_paused = (notice.paused && !archived).then(|| {
            view! {
                <p>{tu_string!(i18n, known.still_paused)} " " <a href=members>{tu_string!(i18n, common.nav.members)}</a></p>
            }
        });
        let slug = slug.clone();
        let form = (!archived).then(|| {
            view! {
                <ActionForm action=close attr:class="row-form">
                    <input type="hidden" name="slug" value=slug />
                    <input type="hidden" name="notice" value=notice.notice.to_string() />
                    <button class="button" disabled=close.pending()>{tu_string!(i18n, known.close)}</button>
                </ActionForm>
            }
        });
        view! {
            <li class="known-notice">
                <p>
                    <strong>{notice.annotator}</strong> " " <Time at=notice.created_at /> " "
                    {notice.paused.then(|| view! { <Badge text=tu_string!(i18n, known.paused) tone=Tone::Warning /> })}
                </p>
                <p>{text} " " {seen}</p>
                {still_paused}
                {form}
            </li>
        }
    };
    (!notices.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2 class="section-title">{tu_string!(i18n, known.open_title)}</h2>
                <ul class="known-notices">{notices.into_iter().map(one).collect_view()}</ul>
            </section>
        }
    })
}

/// How often each person is right, by name.
#[component]
pub(super) fn People(schema: Schema, results: Vec<KnownResults>) -> impl IntoView {
    let i18n = use_i18n();
    let several = schema.questions.len() > 1;
    let body = if results.is_empty() {
        view! { <Empty title=tu_string!(i18n, known.people_none) /> }.into_any()
    } else {
        let rows = results.into_iter().map(|one| row(i18n, &schema, several, one)).collect_view();
        view! {
            <div class="table-box" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{tu_string!(i18n, known.who)}</th>
                            <th scope="col" class="number">{tu_string!(i18n, known.right)}</th>
                            <th scope="col" class="number">{tu_string!(i18n, known.accuracy)}</th>
                            <th scope="col" class="number">{tu_string!(i18n, known.interval)}</th>
                            {several.then(|| view! { <th scope="col">{tu_string!(i18n, known.questions)}</th> })}
                            <th scope="col">{tu_string!(i18n, known.state)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="section">
            <h2 class="section-title">{tu_string!(i18n, known.people)}</h2>
            <p class="section-lead">{tu_string!(i18n, known.people_text, n = WINDOW).to_string()}</p>
            {body}
        </section>
    }
}

fn row(i18n: I18n, schema: &Schema, several: bool, one: KnownResults) -> AnyView {
    let title = |name: &str| schema.question(name).map_or(name, |question| question.title()).to_owned();
    let questions: Vec<String> = one
        .questions
        .iter()
        .map(|(name, accuracy)| format!("{}: {}", title(name), right_of(accuracy)))
        .collect();
    let share = one.accuracy.value.map_or_else(|| "–".to_owned(), percent);
    let interval = one
        .accuracy
        .ci95
        .map_or_else(|| "–".to_owned(), |[low, high]| format!("{}–{}", percent(low), percent(high)));
    view! {
        <tr>
            <td>{one.annotator}</td>
            <td class="number">{right_of(&one.accuracy)}</td>
            <td class="number">{share}</td>
            <td class="number">{interval}</td>
            {several.then(|| view! { <td>{questions.join(" · ")}</td> })}
            <td>
                {one.notice.map(|_| view! { <Badge text=tu_string!(i18n, known.notice) tone=Tone::Warning /> })} " "
                {one.paused_at.map(|_| view! { <Badge text=tu_string!(i18n, known.paused) tone=Tone::Warning /> })}
            </td>
        </tr>
    }
    .into_any()
}

fn right_of(accuracy: &Accuracy) -> String {
    format!("{} / {}", count(accuracy.right), count(accuracy.of))
}
