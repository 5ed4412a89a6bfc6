//! The labels that one person mixed up most, as sentences: to managers with the way to the tasks, to the person with the
//! way to the guideline.

use super::words::Share;
use crate::{
    components::answer::title_of,
    i18n::{tu_string, use_i18n},
};
use domain::{quality::Quality, schema::Schema};
use leptos::prelude::*;

/// So many are listed.
const MOST_SHOWN: usize = 8;

/// To a manager; `tasks` is the address of the person's approved tasks.
#[component]
pub(super) fn MixUps(schema: Schema, question: String, quality: Quality, tasks: String) -> impl IntoView {
    let i18n = use_i18n();
    let title = |label: &str| title_of(&schema, &question, &label.into());
    let lines = quality
        .mix_ups()
        .into_iter()
        .take(MOST_SHOWN)
        .map(|each| {
            let (answer, label) = (title(each.answer), title(each.final_label));
            let text = tu_string!(i18n, annotators.mix_up, answer = answer, label = label).to_string();
            view! { <li class="mix-up">{text} " " <Share share=each.share /></li> }
        })
        .collect::<Vec<_>>();
    let body = if lines.is_empty() {
        view! { <p class="section-lead">{tu_string!(i18n, annotators.no_mix_ups)}</p> }.into_any()
    } else {
        view! { <ul class="mix-ups">{lines}</ul> }.into_any()
    };
    (quality.agreement_with_final.of > 0).then(|| {
        view! {
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, annotators.mix_ups)}</h2>
                {body}
                <p><a href=tasks>{tu_string!(i18n, annotators.to_tasks)}</a></p>
            </section>
        }
    })
}

/// To the person themselves.
#[component]
pub(super) fn OwnMixUps(slug: String, schema: Schema, question: String, quality: Quality) -> impl IntoView {
    let i18n = use_i18n();
    let title = |label: &str| title_of(&schema, &question, &label.into());
    let lines = quality
        .mix_ups()
        .into_iter()
        .take(MOST_SHOWN)
        .map(|each| {
            let (answer, label) = (title(each.answer), title(each.final_label));
            let text = tu_string!(i18n, annotators.own.mix_up, answer = answer, label = label).to_string();
            view! { <li class="mix-up">{text} " " <Share share=each.share /></li> }
        })
        .collect::<Vec<_>>();
    let body = if lines.is_empty() {
        view! { <p class="section-lead">{tu_string!(i18n, annotators.own.no_mix_ups)}</p> }.into_any()
    } else {
        view! {
            <p class="section-lead">{tu_string!(i18n, annotators.own.mix_ups_lead)}</p>
            <ul class="mix-ups">{lines}</ul>
        }
        .into_any()
    };
    quality.agreement_with_final.value.is_some().then(|| {
        view! {
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, annotators.own.mix_ups)}</h2>
                {body}
                <p>
                    <a class="button" href=format!("/projects/{slug}/guideline")>
                        {tu_string!(i18n, annotators.own.guideline)}
                    </a>
                </p>
            </section>
        }
    })
}
