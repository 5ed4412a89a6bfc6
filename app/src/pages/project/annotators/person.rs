//! One person's answers, to the project's managers.

use super::{
    api::{Person, load_annotator},
    confusion::Confusion,
    figures::{Figures, Reader},
    mix_ups::MixUps,
    weeks::Weeks,
    words::Share,
};
use crate::{
    address::with_query,
    components::{
        badge::{SimulatedBadge, reason_text},
        loaded::Loaded,
        number::count,
        project_layout::use_slug,
        question_choice::QuestionChoice,
        time::ComputedAt,
        title::Title,
    },
    i18n::{tu_string, use_i18n},
};
use domain::quality::OfReason;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page about one person.
#[component]
pub fn AnnotatorPage() -> impl IntoView {
    let (slug, params, query) = (use_slug(), use_params_map(), use_query_map());
    let annotator = move || params.with(|params| params.get("annotator").unwrap_or_default());
    let person = Resource::new(
        move || (slug.get(), annotator(), query.with(|query| query.get("question"))),
        |(slug, annotator, question)| load_annotator(slug, annotator, question),
    );
    view! {
        <Loaded data=person view=|person| view! { <Shown person /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(person: Person) -> impl IntoView {
    let i18n = use_i18n();
    let Person { about, view } = person;
    let (question, quality) = (view.question, view.quality);
    let back = with_query(&format!("/projects/{}/annotators", about.slug), [("question", question.as_str())]);
    let tasks = with_query(
        &format!("/projects/{}/review", about.slug),
        [("state", "approved"), ("annotator", view.name.as_str())],
    );
    let simulated = view.simulated.then(|| view! { <SimulatedBadge /> });
    let answers = tu_string!(i18n, annotators.answers);
    let schema = about.schema.clone();
    view! {
        <Title page=view.name.clone() project=about.project.clone() />
        <p><a href=back>{tu_string!(i18n, annotators.back)}</a></p>
        <div class="page-head">
            <h1 class="page-title">{view.name}</h1>
            {simulated}
            <span class="person-facts">
                {answers} ": " {count(quality.answers)} "." <ComputedAt at=view.computed_at />
            </span>
        </div>
        <QuestionChoice schema=about.schema question=question.clone() />
        <div class="sections">
            <Figures quality=quality.clone() reader=Reader::Manager />
            <MixUps schema=schema.clone() question=question.clone() quality=quality.clone() tasks />
            <Confusion schema question quality=quality.clone() />
            <Weeks quality=quality.clone() time_zone=about.time_zone />
            <Reasons reasons=quality.reasons />
        </div>
    }
    .into_any()
}

#[component]
fn Reasons(reasons: Vec<OfReason>) -> impl IntoView {
    let i18n = use_i18n();
    let row = |of: OfReason| {
        view! {
            <tr>
                <th scope="row">{reason_text(i18n, of.reason)}</th>
                <td class="number">{count(of.answers)}</td>
                <td><Share share=of.agreement_with_final /></td>
            </tr>
        }
    };
    (!reasons.is_empty()).then(|| {
        view! {
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, annotators.reasons)}</h2>
                <p class="section-lead">{tu_string!(i18n, annotators.reasons_lead)}</p>
                <div class="table-box" tabindex="0">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{tu_string!(i18n, annotators.reason)}</th>
                                <th class="number" scope="col">{tu_string!(i18n, annotators.answers)}</th>
                                <th scope="col">{tu_string!(i18n, annotators.settled.name)}</th>
                            </tr>
                        </thead>
                        <tbody>{reasons.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}
