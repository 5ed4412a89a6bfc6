//! How far annotators agree on a question, who with whom, and which labels they mix up.

mod api;
mod confusion;
mod pairs;
mod statistics;

use crate::{
    components::{
        badge::reason_text, loaded::Loaded, number::count, project_layout::use_slug, states::Empty,
        title::Title,
    },
    i18n::{tu_string, use_i18n},
};
use api::{Agreement, load_agreement};
use confusion::Confusion;
use domain::{agreement::Undefined, signal::SignalKind};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use pairs::Pairs;
use statistics::Statistics;

/// The page with agreement; question, reason and time stand in the address.
#[component]
pub fn AgreementPage() -> impl IntoView {
    let slug = use_slug();
    let query = use_query_map();
    let filter = move || query.with(|query| ["question", "reason", "from", "to"].map(|key| query.get(key)));
    let agreement = Resource::new(
        move || (slug.get(), filter()),
        |(slug, [question, reason, from, to])| load_agreement(slug, question, reason, from, to),
    );
    view! {
        <Loaded data=agreement view=|agreement| view! { <Shown agreement /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(agreement: Agreement) -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, common.nav.agreement);
    let project = agreement.project.clone();
    let summary = agreement.view.summary.clone();
    let lead = tu_string!(
        i18n,
        agreement.lead,
        answers = count(i64::try_from(summary.answers).unwrap_or(i64::MAX)),
        items = count(i64::try_from(summary.items).unwrap_or(i64::MAX)),
        annotators = count(i64::try_from(summary.annotators).unwrap_or(i64::MAX))
    )
    .to_string();
    let body = if summary.answers == 0 {
        view! {
            <Empty title=tu_string!(i18n, agreement.empty)>
                <p>{tu_string!(i18n, agreement.empty_text)}</p>
            </Empty>
        }
        .into_any()
    } else {
        let schema = agreement.schema.clone();
        let (slug, question) = (agreement.slug.clone(), agreement.view.question.clone());
        view! {
            <p class="page-lead">{lead}</p>
            <div class="sections">
                <Statistics summary=summary.clone() />
                <Pairs pairs=summary.pairs />
                <Confusion slug schema question confusion=summary.confusion />
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

/// The filters, as a form that makes an address.
#[component]
fn Filters(agreement: Agreement) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map().get_untracked();
    let value = move |key: &str| query.get(key).unwrap_or_default();
    let question = agreement.view.question;
    let questions = agreement
        .schema
        .questions
        .iter()
        .map(|known| {
            let is_selected = known.name == question;
            view! { <option value=known.name.clone() selected=is_selected>{known.title().to_owned()}</option> }
        })
        .collect_view();
    let reason = value("reason");
    let reasons = SignalKind::ALL
        .map(|kind| {
            let is_selected = kind.as_str() == reason;
            view! { <option value=kind.as_str() selected=is_selected>{reason_text(i18n, kind)}</option> }
        })
        .collect_view();
    view! {
        <form class="criteria" method="get">
            <label class="field">
                <span class="field-label">{tu_string!(i18n, agreement.question)}</span>
                <select class="input" name="question">{questions}</select>
            </label>
            <label class="field">
                <span class="field-label">{tu_string!(i18n, agreement.reason)}</span>
                <select class="input" name="reason">
                    <option value="">{tu_string!(i18n, agreement.all_reasons)}</option>
                    {reasons}
                </select>
            </label>
            <label class="field">
                <span class="field-label">{tu_string!(i18n, agreement.from)}</span>
                <input class="input" type="date" name="from" value=value("from") />
            </label>
            <label class="field">
                <span class="field-label">{tu_string!(i18n, agreement.to)}</span>
                <input class="input" type="date" name="to" value=value("to") />
            </label>
            <button class="button">{tu_string!(i18n, agreement.show)}</button>
        </form>
    }
}

/// Why a statistic has no value, in words.
fn undefined_text(i18n: crate::i18n::I18n, reason: Undefined) -> &'static str {
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
