//! How far annotators agree on a question: as a whole and part by part, who with whom, which labels they mix up, and which
//! tasks the disagreement comes from.

mod api;
mod disputed;
mod filters;
mod heat;
mod pairs;
mod parts;
mod statistics;

use crate::{
    components::{
        loaded::Loaded, number::count, project_layout::use_slug, states::Empty, time::ComputedAt,
        title::Title,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use api::{Agreement, Filter, load_agreement};
use disputed::DisputedTasks;
use domain::agreement::{Coverage, Undefined};
use filters::{Filters, use_filter};
use heat::Heat;
use leptos::prelude::*;
use pairs::Pairs;
use parts::PartByPart;
use statistics::Statistics;

/// The page with agreement; what is looked at stands in the address.
#[component]
pub fn AgreementPage() -> impl IntoView {
    let slug = use_slug();
    let filter = use_filter();
    let agreement =
        Resource::new(move || (slug.get(), filter.get()), |(slug, filter)| load_agreement(slug, filter));
    view! {
        <Loaded
            data=agreement
            view=move |agreement| view! { <Shown agreement filter=filter.get_untracked() /> }.into_any()
        />
    }
    .into_any()
}

#[component]
fn Shown(agreement: Agreement, filter: Filter) -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, common.nav.agreement);
    let project = agreement.project.clone();
    let Agreement { slug, schema, view, more_pairs, .. } = agreement.clone();
    let body = if view.report.answers == 0 {
        view! {
            <Empty title=tu_string!(i18n, agreement.empty)>
                <p>{tu_string!(i18n, agreement.empty_text)}</p>
            </Empty>
        }
        .into_any()
    } else {
        let question = view.question.clone();
        view! {
            <p class="page-lead">
                {coverage_text(i18n, view.coverage, view.report.annotators)}
                <ComputedAt at=view.computed_at />
            </p>
            <div class="sections">
                <Statistics report=view.report.clone() />
                <PartByPart slug=slug.clone() filter parts=view.parts />
                <Heat slug=slug.clone() schema=schema.clone() question=question.clone() matrix=view.matrix />
                <DisputedTasks slug schema question tasks=view.disputed />
                <Pairs pairs=view.report.pairs more=more_pairs />
            </div>
        }
        .into_any()
    };
    view! {
        <Title page=title project />
        <h1 class="page-title">{title}</h1>
        <Filters agreement />
        {body}
    }
}

/// How much of what was answered can be compared.
fn coverage_text(i18n: I18n, coverage: Coverage, annotators: u64) -> String {
    tu_string!(
        i18n,
        agreement.lead,
        shared = number(coverage.shared_items),
        items = number(coverage.items),
        shared_answers = number(coverage.shared_answers),
        answers = number(coverage.answers),
        annotators = number(annotators)
    )
    .to_string()
}

fn number(number: u64) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Why a statistic has no value, in words.
fn undefined_text(i18n: I18n, reason: Undefined) -> &'static str {
    match reason {
        Undefined::NoItems => tu_string!(i18n, agreement.undefined.no_items),
        Undefined::SingleAnnotator => tu_string!(i18n, agreement.undefined.single_annotator),
        Undefined::NoSharedItems => tu_string!(i18n, agreement.undefined.no_shared_items),
        Undefined::NoVariation => tu_string!(i18n, agreement.undefined.no_variation),
        Undefined::NotTwoComplete => tu_string!(i18n, agreement.undefined.not_two_complete),
        Undefined::UnorderedLabels => tu_string!(i18n, agreement.undefined.unordered_labels),
        Undefined::NonNumericLabels => tu_string!(i18n, agreement.undefined.non_numeric_labels),
        Undefined::NegativeLabels => tu_string!(i18n, agreement.undefined.negative_labels),
        Undefined::TooManyLabels => tu_string!(i18n, agreement.undefined.too_many_labels),
        Undefined::TooManyPairs => tu_string!(i18n, agreement.undefined.too_many_pairs),
    }
}
