//! Writing the rule, and what became of it.

use super::{api::WriteRule, draft::Draft};
use crate::{
    address::pairs,
    components::{
        faults::{Faults, use_faults},
        field::{Requirement, TextField},
        form::{FormOutcome, Outcome, use_outcome},
        number::count,
        safe_textarea::SafeTextarea,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
    pages::project::guideline_preview::PreviewButton,
};
use domain::view::ambiguity::PairRule;
use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

/// The fields of the rule; the form around them has the tasks.
#[component]
pub(super) fn RuleEditor(
    slug: String,
    /// What people read as the two labels.
    titles: [String; 2],
    write: ServerAction<WriteRule>,
    /// What it begins with.
    draft: Draft,
) -> impl IntoView {
    let i18n = use_i18n();
    let faults = use_faults("write_rule", write.value());
    let outcome = use_outcome("write_rule", write.value());
    let refused = Signal::derive(move || outcome.get().filter(|outcome| *outcome != FormOutcome::Done));
    let text = NodeRef::<html::Textarea>::new();
    view! {
        <section class="section section-wide" id="write">
            <h2 class="section-title">{tu_string!(i18n, ambiguity.write)}</h2>
            <p class="section-lead">{tu_string!(i18n, ambiguity.write_lead)}</p>
            <TextField
                name="title"
                value=draft.title
                label=tu_string!(i18n, ambiguity.heading)
                hint=tu_string!(i18n, ambiguity.heading_hint, a = titles[0].clone(), b = titles[1].clone()).to_string()
                requirement=Requirement::Optional
                longest=200
            />
            <SafeTextarea
                name="rule"
                value=draft.rule
                label=tu_string!(i18n, ambiguity.rule)
                hint=tu_string!(i18n, ambiguity.rule_hint)
                rows=6
                longest=5_000
                requirement=Requirement::Required
                node_ref=text
                class="textarea-code"
            />
            <Outcome outcome=refused done="" />
            <Faults faults />
            <div class="form-buttons">
                <button class="button button-primary" disabled=write.pending()>
                    {tu_string!(i18n, ambiguity.write_confirm)}
                </button>
                <PreviewButton slug text is_rule=true />
            </div>
        </section>
    }
}

/// The newest rule of the pair, and what it decided, where it was written just now.
#[component]
pub(super) fn Written(slug: String, rule: Option<PairRule>) -> impl IntoView {
    let i18n = use_i18n();
    let search = use_location().search;
    // As the address tells it: the action would go on telling it on the tabs that the page leads to.
    let outcome = use_outcome("write_rule", Signal::derive(|| None::<Answer<()>>));
    let number = move |key: &str| {
        let found = search.with(|query| pairs(query));
        let value = found.iter().find(|(name, _)| name == key).and_then(|(_, value)| value.parse().ok());
        value.unwrap_or_default()
    };
    let done = move || {
        (outcome.get() == Some(FormOutcome::Done)).then(|| {
            let (decided, in_part) = (number("decided"), number("in_part"));
            let waits = (in_part > 0)
                .then(|| tu_string!(i18n, ambiguity.written_in_part, n = count(in_part)).to_string());
            let text = tu_string!(i18n, ambiguity.written, n = count(decided)).to_string();
            view! { <p class="notice notice-good" role="status">{text} " " {waits}</p> }
        })
    };
    let rule = rule.map(|rule| {
        let revision = tu_string!(i18n, guideline.revision, n = rule.guideline_revision).to_string();
        view! {
            <p class="section-lead">
                {tu_string!(i18n, ambiguity.has_rule)} " "
                <a href=format!("/projects/{slug}/guideline")>{revision}</a> " · "
                <a href=format!("/projects/{slug}/change-sets")>{tu_string!(i18n, ambiguity.change_set)}</a>
            </p>
        }
    });
    view! {
        {done}
        {rule}
    }
}
