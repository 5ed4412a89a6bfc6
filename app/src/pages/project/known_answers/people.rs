//! How often each person is right.

use crate::{
    components::{
        badge::{Badge, Tone},
        number::{count, percent},
        states::Empty,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{
    known::{Right, WINDOW},
    schema::Schema,
    view::known::{Accuracy, KnownResults},
};
use leptos::prelude::*;

/// What is to be said where the list of people does not say it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand {
    /// The level that people are held to.
    pub level: Option<f64>,
    /// Whether somebody's answers until now do not count any more.
    pub begun_anew: bool,
}

/// How often each person is right, by name.
#[component]
pub(super) fn People(schema: Schema, results: Vec<KnownResults>, stand: Stand) -> impl IntoView {
    let i18n = use_i18n();
    let several = schema.questions.len() > 1;
    let is_below = |level: f64| {
        let mut rights = results.iter().map(|one| Right { right: one.accuracy.right, of: one.accuracy.of });
        rights.any(|right| right.is_below(level))
    };
    // A notice comes with an answer, so that somebody may be below a level that was set since, without one.
    let nobody_below = stand.level.filter(|level| !results.is_empty() && !is_below(*level)).map(|level| {
        let text = tu_string!(i18n, known.nobody_below, level = percent(level)).to_string();
        view! { <p class="section-lead">{text}</p> }
    });
    let body = if results.is_empty() && stand.begun_anew {
        view! {
            <Empty title=tu_string!(i18n, known.people_anew)>
                <p>{tu_string!(i18n, known.people_anew_text)}</p>
            </Empty>
        }
        .into_any()
    } else if results.is_empty() {
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
        <section class="section section-wide">
            <h2 class="section-title">{tu_string!(i18n, known.people)}</h2>
            <p class="section-lead">{tu_string!(i18n, known.people_text, n = WINDOW).to_string()}</p>
            {nobody_below}
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
