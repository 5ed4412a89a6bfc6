//! Pairs of labels that annotators mix up, the most disagreement beyond chance first: where the guideline needs a rule.

mod api;

use crate::{
    address::{pairs, with_query},
    components::{
        answer::title_of,
        loaded::Loaded,
        number::{count, decimal, percent},
        pagination::Pagination,
        project_layout::use_slug,
        question_choice::QuestionChoice,
        states::Empty,
        time::ComputedAt,
        title::Title,
    },
    i18n::{tu_string, use_i18n},
};
use api::{Pairs, load_ambiguous_pairs};
use domain::{schema::Schema, view::ambiguity::PairView};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The page with the list; the question stands in the address.
#[component]
pub fn AmbiguousPairsPage() -> impl IntoView {
    let slug = use_slug();
    let search = use_location().search;
    let asked = move || {
        let found = search.with(|query| pairs(query));
        ["question", "cursor"]
            .map(|key| found.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone()))
    };
    let found = Resource::new(
        move || (slug.get(), asked()),
        |(slug, [question, cursor])| load_ambiguous_pairs(slug, question, cursor),
    );
    view! { <Loaded data=found view=|found| view! { <Shown found /> }.into_any() /> }.into_any()
}

#[component]
fn Shown(found: Pairs) -> impl IntoView {
    let i18n = use_i18n();
    let Pairs { slug, project, schema, found } = found;
    let title = tu_string!(i18n, ambiguity.title);
    let agreement = format!("/projects/{slug}/agreement");
    let body = if found.items.is_empty() {
        view! {
            <Empty title=tu_string!(i18n, ambiguity.empty)>
                <p>{tu_string!(i18n, ambiguity.empty_text)}</p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Table slug schema=schema.clone() question=found.question.clone() pairs=found.items />
            <Pagination next=found.next_cursor />
        }
        .into_any()
    };
    view! {
        <Title page=title project />
        <h1 class="page-title">{title}</h1>
        <p class="page-lead">{tu_string!(i18n, ambiguity.lead)} <ComputedAt at=found.computed_at /></p>
        <QuestionChoice schema question=found.question />
        {body}
        <p class="section-lead"><a href=agreement>{tu_string!(i18n, ambiguity.to_agreement)}</a></p>
    }
}

#[component]
fn Table(slug: String, schema: Schema, question: String, pairs: Vec<PairView>) -> impl IntoView {
    let i18n = use_i18n();
    let row =
        move |pair: PairView| view! { <Row slug=slug.clone() schema=&schema question=&question pair /> };
    view! {
        <div class="table-box" tabindex="0">
            <table class="table pairs">
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, ambiguity.labels)}</th>
                        <th class="number" scope="col">{tu_string!(i18n, ambiguity.excess)}</th>
                        <th class="number" scope="col">{tu_string!(i18n, ambiguity.observed)}</th>
                        <th class="number" scope="col">{tu_string!(i18n, ambiguity.expected)}</th>
                        <th class="number" scope="col">{tu_string!(i18n, ambiguity.share)}</th>
                        <th class="number" scope="col">{tu_string!(i18n, ambiguity.to_decide)}</th>
                        <th class="number" scope="col">{tu_string!(i18n, ambiguity.decided)}</th>
                        <th scope="col">{tu_string!(i18n, ambiguity.rule)}</th>
                    </tr>
                </thead>
                <tbody>{pairs.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="section-lead">{tu_string!(i18n, ambiguity.meaning)}</p>
    }
}

#[component]
fn Row<'a>(slug: String, schema: &'a Schema, question: &'a str, pair: PairView) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let ambiguity = pair.ambiguity;
    let title = |value: &str| title_of(schema, question, &value.into());
    let own = with_query(
        &format!("/projects/{slug}/ambiguous-pairs/pair"),
        [("question", question), ("a", ambiguity.a.as_str()), ("b", ambiguity.b.as_str())],
    );
    let interval = ambiguity.ci95.map(|[low, high]| {
        tu_string!(i18n, agreement.interval, low = decimal(low), high = decimal(high)).to_string()
    });
    let rule = match pair.rule {
        None => view! { <span class="counts-zero">"–"</span> }.into_any(),
        Some(rule) => {
            let text = tu_string!(i18n, guideline.revision, n = rule.guideline_revision).to_string();
            let href = format!("/projects/{slug}/guideline");
            view! { <a href=href>{text}</a> }.into_any()
        }
    };
    view! {
        <tr>
            <td class="pair">
                <a href=own>
                    <span>{title(&ambiguity.a)}</span>
                    <span class="pair-with" aria-hidden="true">"↔"</span>
                    <span>{title(&ambiguity.b)}</span>
                </a>
            </td>
            <td class="number">
                <strong class="pair-excess">{decimal(ambiguity.excess)}</strong>
                {interval.map(|text| view! { <span class="pair-interval">{text}</span> })}
            </td>
            <td class="number">{decimal(ambiguity.observed)}</td>
            <td class="number">{decimal(ambiguity.expected)}</td>
            <td class="number">{percent(ambiguity.share)}</td>
            <td class="number">{count(pair.tasks.in_review)}</td>
            <td class="number">{count(pair.tasks.decided)}</td>
            <td>{rule}</td>
        </tr>
    }
}
