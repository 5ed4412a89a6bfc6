//! The stored labels of the pair that were made before its rule, offered as challenges.

use super::api::Asked;
use crate::{
    address::pairs,
    components::{
        answer::AnswerText,
        form::{FormOutcome, Outcome, use_outcome},
        number::count,
        safe_textarea::SafeTextarea,
        sample_fields::excerpt,
        sample_link::SampleLink,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
};
use domain::{
    schema::Schema,
    view::{
        ambiguity::{OlderLabel, OlderLabels},
        sample::MOST_AT_ONCE,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

#[component]
pub(super) fn Older(
    slug: String,
    schema: Schema,
    asked: Asked,
    older: OlderLabels,
    may_change: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    older.rule.is_some().then(|| {
        let body = if older.page.items.is_empty() {
            view! { <p class="section-lead">{tu_string!(i18n, ambiguity.no_older)}</p> }.into_any()
        } else {
            view! { <List slug schema asked older may_change /> }.into_any()
        };
        view! {
            <section class="section section-wide" id="older">
                <h2 class="section-title">{tu_string!(i18n, ambiguity.older)}</h2>
                <p class="section-lead">{tu_string!(i18n, ambiguity.older_lead)}</p>
                <Challenged />
                {body}
            </section>
        }
    })
}

/// A plain form: the page is loaded anew with what became of it.
#[component]
fn List(slug: String, schema: Schema, asked: Asked, older: OlderLabels, may_change: bool) -> impl IntoView {
    let i18n = use_i18n();
    let shown = i64::try_from(older.page.items.len()).unwrap_or(i64::MAX);
    let total =
        tu_string!(i18n, ambiguity.older_count, n = count(older.total), shown = count(shown)).to_string();
    let query = asked.query(&slug);
    let rows = older.page.items.iter().map(|label| row(&slug, &schema, label)).collect_view();
    // More are left for the next time, since one challenge names no more.
    let at_once = older.total.min(i64::from(MOST_AT_ONCE));
    let buttons = may_change.then(|| {
        view! {
            <SafeTextarea name="note" label=tu_string!(i18n, ambiguity.challenge_note) rows=2 />
            <div class="form-buttons">
                <button class="button button-primary" name="scope" value="selected">
                    {tu_string!(i18n, ambiguity.challenge_selected)}
                </button>
                <button class="button" name="scope" value="all">
                    {tu_string!(i18n, ambiguity.challenge_all, n = count(at_once)).to_string()}
                </button>
            </div>
        }
    });
    view! {
        <form method="post" action="/api/challenge_older">
            <input type="hidden" name="slug" value=slug.clone() />
            <input type="hidden" name="query" value=query />
            <p>{total}</p>
            <div class="table-box" tabindex="0">
                <table class="table samples-table">
                    <thead>
                        <tr>
                            <td></td>
                            <th scope="col">{tu_string!(i18n, samples.id)}</th>
                            <th scope="col">{tu_string!(i18n, samples.content)}</th>
                            <th scope="col">{tu_string!(i18n, samples.label)}</th>
                            <th class="number" scope="col">{tu_string!(i18n, ambiguity.made_under)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {buttons}
        </form>
    }
}

fn row(slug: &str, schema: &Schema, label: &OlderLabel) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let id = label.id.to_string();
    let select = tu_string!(i18n, samples.select_one, id = id.clone()).to_string();
    let text = label.fields.as_ref().map(|fields| excerpt(schema, fields)).unwrap_or_default();
    view! {
        <tr>
            <td><input type="checkbox" name="ids[]" value=id.clone() aria-label=select checked /></td>
            <td><SampleLink slug=slug.to_owned() id /></td>
            <td class="samples-text"><span dir="auto">{text}</span></td>
            <td><AnswerText schema answers=Some(&label.label) /></td>
            <td class="number">{label.guideline_revision}</td>
        </tr>
    }
}

/// What became of a challenge, as the address tells it.
#[component]
fn Challenged() -> impl IntoView {
    let i18n = use_i18n();
    let search = use_location().search;
    let outcome = use_outcome("challenge_older", Signal::derive(|| None::<Answer<()>>));
    let refused = Signal::derive(move || outcome.get().filter(|outcome| *outcome != FormOutcome::Done));
    let done = move || {
        (outcome.get() == Some(FormOutcome::Done)).then(|| {
            let found = search.with(|query| pairs(query));
            let opened = found.iter().find(|(name, _)| name == "opened");
            let opened = opened.and_then(|(_, value)| value.parse().ok()).unwrap_or_default();
            let text = tu_string!(i18n, ambiguity.challenged, n = count(opened)).to_string();
            view! { <p class="notice notice-good" role="status">{text}</p> }
        })
    };
    view! {
        {done}
        <Outcome outcome=refused done="" />
    }
}
