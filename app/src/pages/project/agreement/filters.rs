//! What of the answers is looked at, as a form that makes an address; and the addresses of narrower looks.

use super::api::{Agreement, Filter};
use crate::{
    address::with_query,
    components::badge::reason_text,
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{agreement::Level, signal::SignalKind};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What the address says.
pub(super) fn use_filter() -> Memo<Filter> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let said = |key: &str| query.get(key).unwrap_or_default();
            Filter {
                question: said("question"),
                level: said("level"),
                reason: said("reason"),
                model: said("model"),
                guideline_revision: said("guideline_revision"),
                from: said("from"),
                to: said("to"),
            }
        })
    })
}

impl Filter {
    /// The address of the page that shows this.
    pub(super) fn address(&self, slug: &str) -> String {
        let all = [
            ("question", &self.question),
            ("level", &self.level),
            ("reason", &self.reason),
            ("model", &self.model),
            ("guideline_revision", &self.guideline_revision),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let said =
            all.iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (*key, value.as_str()));
        with_query(&format!("/projects/{slug}/agreement"), said)
    }
}

#[component]
pub(super) fn Filters(agreement: Agreement) -> impl IntoView {
    let i18n = use_i18n();
    let filter = use_filter().get_untracked();
    let Agreement { slug, schema, view, guideline_revision, .. } = agreement;
    let is_narrowed = filter != Filter::default();
    let questions = schema.questions.iter().map(|known| (known.name.clone(), known.title().to_owned()));
    let questions = options(questions, &view.question);
    let levels = Level::ALL.map(|level| (level.as_str().to_owned(), level_text(i18n, level).to_owned()));
    let levels = options(levels, view.report.level.as_str());
    let all = || (String::new(), tu_string!(i18n, agreement.all).to_owned());
    let reasons = SignalKind::ALL.map(|kind| (kind.as_str().to_owned(), reason_text(i18n, kind).to_owned()));
    let reasons = options(std::iter::once(all()).chain(reasons), &filter.reason);
    // Where one is chosen, only that one is told, and none where it has no answers.
    let mut models: Vec<String> = view.parts.model.iter().filter_map(|part| part.key.clone()).collect();
    if !filter.model.is_empty() && !models.contains(&filter.model) {
        models.push(filter.model.clone());
    }
    let has_models = !models.is_empty();
    let models = models.into_iter().map(|name| (name.clone(), name));
    let models = options(std::iter::once(all()).chain(models), &filter.model);
    let asked =
        filter.guideline_revision.parse().ok().filter(|asked| !(1..=guideline_revision).contains(asked));
    let revisions = asked.into_iter().chain((1..=guideline_revision).rev());
    let revisions = revisions.map(|revision| (revision.to_string(), revision.to_string()));
    let revisions = options(std::iter::once(all()).chain(revisions), &filter.guideline_revision);
    view! {
        <form class="criteria" method="get">
            <label class="field">
                <span class="field-label">{tu_string!(i18n, agreement.question)}</span>
                <select class="input" name="question">{questions}</select>
            </label>
            <label class="field">
                <span class="field-label">{tu_string!(i18n, agreement.level.name)}</span>
                <select class="input" name="level">{levels}</select>
            </label>
            <label class="field">
                <span class="field-label">{tu_string!(i18n, agreement.reason)}</span>
                <select class="input" name="reason">{reasons}</select>
            </label>
            {has_models
                .then(|| {
                    view! {
                        <label class="field">
                            <span class="field-label">{tu_string!(i18n, agreement.model)}</span>
                            <select class="input" name="model">{models}</select>
                        </label>
                    }
                })}
            <label class="field">
                <span class="field-label">{tu_string!(i18n, agreement.guideline)}</span>
                <select class="input" name="guideline_revision">{revisions}</select>
            </label>
            <label class="field">
                <span class="field-label">{tu_string!(i18n, agreement.from)}</span>
                <input class="input" type="date" name="from" value=filter.from />
            </label>
            <label class="field">
                <span class="field-label">{tu_string!(i18n, agreement.to)}</span>
                <input class="input" type="date" name="to" value=filter.to />
            </label>
            <button class="button">{tu_string!(i18n, agreement.show)}</button>
            {is_narrowed
                .then(|| {
                    view! {
                        <a class="button button-quiet" href=Filter::default().address(&slug)>
                            {tu_string!(i18n, agreement.show_all)}
                        </a>
                    }
                })}
        </form>
    }
}

fn options(all: impl IntoIterator<Item = (String, String)>, chosen: &str) -> AnyView {
    let option = |(value, text): (String, String)| {
        let is_selected = value == chosen;
        view! { <option value=value selected=is_selected>{text}</option> }
    };
    all.into_iter().map(option).collect_view().into_any()
}

fn level_text(i18n: I18n, level: Level) -> &'static str {
    match level {
        Level::Nominal => tu_string!(i18n, agreement.level.nominal),
        Level::Ordinal => tu_string!(i18n, agreement.level.ordinal),
        Level::Interval => tu_string!(i18n, agreement.level.interval),
        Level::Ratio => tu_string!(i18n, agreement.level.ratio),
    }
}
