//! The questions and their options: full-width rows with a key cap each, in columns where there are many short ones.

use super::{desk::Desk, keys};
use domain::schema::Question;
use leptos::prelude::*;

/// From how many options on, and up to which length of their titles, they stand in columns.
const MANY: usize = 8;
const SHORT: usize = 30;

/// All questions of the schema.
#[component]
pub fn Questions(desk: Desk) -> impl IntoView {
    let questions = desk.with_schema(|schema| schema.questions.clone());
    let several = questions.len() > 1;
    questions
        .into_iter()
        .enumerate()
        .map(|(place, question)| {
            if several {
                view! { <OneOfSeveral desk place question /> }.into_any()
            } else {
                view! { <OnlyQuestion desk question /> }.into_any()
            }
        })
        .collect_view()
}

fn list_class(question: &Question) -> &'static str {
    let offered: Vec<_> = question.offered().collect();
    let are_short = offered.iter().all(|option| option.title().chars().count() <= SHORT);
    if offered.len() >= MANY && are_short { "options options-columns" } else { "options" }
}

/// The only question: choosing an option answers it.
#[component]
fn OnlyQuestion(desk: Desk, question: Question) -> impl IntoView {
    let class = list_class(&question);
    let rows: Vec<_> = question
        .offered()
        .enumerate()
        .map(|(index, option)| {
            let value = option.value.clone();
            view! {
                <li>
                    <button
                        class="option"
                        name="choices[0]"
                        value=option.value.clone()
                        on:click=move |event| {
                            event.prevent_default();
                            desk.answer(&value);
                        }
                    >
                        <KeyCap index />
                        <span class="option-title">{option.title().to_owned()}</span>
                    </button>
                </li>
            }
        })
        .collect();
    view! {
        <section class="question">
            <h2 class="question-title" id="question">{question.title().to_owned()}</h2>
            <ul class=class aria-labelledby="question">{rows}</ul>
        </section>
    }
}

/// One question of several: options are chosen first and sent together.
#[component]
fn OneOfSeveral(desk: Desk, place: usize, question: Question) -> impl IntoView {
    let class = list_class(&question);
    let name = format!("choices[{place}]");
    let rows: Vec<_> = question
        .offered()
        .enumerate()
        .map(|(index, option)| {
            let value = StoredValue::new(option.value.clone());
            let is_chosen = move || {
                desk.choices.with(|choices| value.with_value(|value| choices.get(&place) == Some(value)))
            };
            view! {
                <li>
                    <label class="option">
                        <input
                            class="option-radio"
                            type="radio"
                            name=name.clone()
                            value=option.value.clone()
                            prop:checked=is_chosen
                            on:change=move |_| {
                                desk.active.set(place);
                                desk.choices.update(|choices| {
                                    choices.insert(place, value.get_value());
                                });
                            }
                        />
                        <KeyCap index />
                        <span class="option-title">{option.title().to_owned()}</span>
                    </label>
                </li>
            }
        })
        .collect();
    let is_active = move || if desk.active.get() == place { "question question-active" } else { "question" };
    view! {
        <fieldset class=is_active>
            <legend class="question-title">{question.title().to_owned()}</legend>
            <ul class=class>{rows}</ul>
        </fieldset>
    }
}

#[component]
fn KeyCap(index: usize) -> impl IntoView {
    match keys::of_option(index) {
        Some(key) => view! { <kbd aria-hidden="true">{key}</kbd> }.into_any(),
        None => view! { <span class="option-no-key"></span> }.into_any(),
    }
}
