//! One's own answers: what the figures say, and what they do not say. Compares nobody with anybody.

use super::{
    api::{Own, load_own_work},
    confusion::Confusion,
    figures::{Figures, Reader},
    mix_ups::OwnMixUps,
    weeks::Weeks,
};
use crate::{
    components::{
        loaded::Loaded, number::count, project_layout::use_slug, question_choice::QuestionChoice,
        states::Empty, time::ComputedAt, title::Title,
    },
    i18n::{tu_string, use_i18n},
};
use domain::quality::LEAST_TOLD;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page about one's own answers.
#[component]
pub fn OwnWorkPage() -> impl IntoView {
    let (slug, query) = (use_slug(), use_query_map());
    let own = Resource::new(
        move || (slug.get(), query.with(|query| query.get("question"))),
        |(slug, question)| load_own_work(slug, question),
    );
    view! {
        <Loaded data=own view=|own| view! { <Shown own /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(own: Own) -> impl IntoView {
    let i18n = use_i18n();
    let Own { about, work } = own;
    let (slug, question, quality) = (about.slug, work.question, work.quality);
    let title = tu_string!(i18n, annotators.own.title);
    let head = view! {
        <Title page=title project=about.project />
        <p><a href=format!("/projects/{slug}/answers")>{tu_string!(i18n, annotators.own.back)}</a></p>
        <h1 class="page-title">{title}</h1>
        <QuestionChoice schema=about.schema.clone() question=question.clone() />
    };
    if quality.answers == 0 {
        return view! {
            {head}
            <Empty title=tu_string!(i18n, annotators.own.empty)>
                <p>{tu_string!(i18n, annotators.own.empty_text)}</p>
                <p>
                    <a class="button" href=format!("/projects/{slug}/annotate")>
                        {tu_string!(i18n, common.nav.annotate)}
                    </a>
                </p>
            </Empty>
        }
        .into_any();
    }
    let numbers = tu_string!(
        i18n,
        annotators.own.answers,
        answers = count(quality.answers),
        decided = count(quality.agreement_with_final.of)
    );
    let least = tu_string!(i18n, annotators.own.decided_only, least = count(LEAST_TOLD));
    view! {
        {head}
        <div class="own-words">
            <p>{tu_string!(i18n, annotators.own.lead)}</p>
            <p><strong>{tu_string!(i18n, annotators.own.not_a_grade)}</strong></p>
            <p>{least.to_string()}</p>
            <p>{numbers.to_string()} <ComputedAt at=work.computed_at /></p>
        </div>
        <div class="sections">
            <Figures quality=quality.clone() reader=Reader::Themselves />
            <OwnMixUps slug schema=about.schema.clone() question=question.clone() quality=quality.clone() />
            <Confusion schema=about.schema question quality=quality.clone() />
            <Weeks quality time_zone=about.time_zone />
        </div>
    }
    .into_any()
}
