//! What people's answers are like: everybody's in the order of their names, one person's, and one's own. No page sorts or
//! colours people by a figure.

mod api;
mod confusion;
mod figures;
mod mix_ups;
pub mod own;
pub mod person;
mod weeks;
mod words;

use crate::{
    address::with_query,
    components::{
        badge::SimulatedBadge, loaded::Loaded, number::count, project_layout::use_slug,
        question_choice::QuestionChoice, states::Empty, time::ComputedAt, title::Title,
    },
    i18n::{tu_string, use_i18n},
};
use api::{Everybody, load_annotators};
use domain::view::annotator::AnnotatorLine;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use words::{Estimate, Share, time};

/// The page with everybody; the question stands in the address.
#[component]
pub fn AnnotatorsPage() -> impl IntoView {
    let (slug, query) = (use_slug(), use_query_map());
    let everybody = Resource::new(
        move || (slug.get(), query.with(|query| query.get("question"))),
        |(slug, question)| load_annotators(slug, question),
    );
    view! {
        <Loaded data=everybody view=|everybody| view! { <Shown everybody /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(everybody: Everybody) -> impl IntoView {
    let i18n = use_i18n();
    let Everybody { about, list } = everybody;
    let title = tu_string!(i18n, annotators.title);
    let question = list.question.clone();
    let head = view! {
        <Title page=title project=about.project />
        <h1 class="page-title">{title}</h1>
        <QuestionChoice schema=about.schema question=question.clone() />
    };
    if list.annotators.is_empty() {
        return view! {
            {head}
            <Empty title=tu_string!(i18n, annotators.empty)>
                <p>{tu_string!(i18n, annotators.empty_text)}</p>
            </Empty>
        }
        .into_any();
    }
    let known = format!("/projects/{}/known-answers", about.slug);
    let row = move |line: AnnotatorLine| {
        let path = format!("/projects/{}/annotators/{}", about.slug, line.annotator);
        let simulated = line.simulated.then(|| view! { " " <SimulatedBadge /> });
        view! {
            <tr>
                <th scope="row">
                    <a href=with_query(&path, [("question", question.as_str())])>{line.name}</a>
                    {simulated}
                </th>
                <td class="number">{count(line.answers)}</td>
                <td><Estimate accuracy=line.accuracy /></td>
                <td><Share share=line.agreement_with_final /></td>
                <td class="number">{line.median_ms.map_or_else(|| "–".to_owned(), |ms| time(i18n, ms))}</td>
            </tr>
        }
    };
    view! {
        {head}
        <p class="page-lead">
            {tu_string!(i18n, annotators.lead)} " "
            <a href=known>{tu_string!(i18n, known.on_known)}</a>
        </p>
        <div class="table-box" tabindex="0">
            <table class="table people">
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, annotators.name)}</th>
                        <th class="number" scope="col">{tu_string!(i18n, annotators.answers)}</th>
                        <th scope="col">{tu_string!(i18n, annotators.accuracy.name)}</th>
                        <th scope="col">{tu_string!(i18n, annotators.settled.name)}</th>
                        <th class="number" scope="col">{tu_string!(i18n, annotators.speed.name)}</th>
                    </tr>
                </thead>
                <tbody>{list.annotators.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="people-computed"><ComputedAt at=list.computed_at /></p>
    }
    .into_any()
}
