//! The places of a form's input that were refused: each with its place and what is wrong there, in the page's language.
//!
//! Without JavaScript the address carries the first place only.

use crate::{
    error::{Answer, Reply},
    i18n::{tu_string, use_i18n},
    refusal_text,
};
use domain::problem::{Code, Fault};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The places that the last answer of the form with this endpoint names, else those of the address.
pub fn use_faults<T>(
    endpoint: &'static str,
    value: impl With<Value = Option<Answer<T>>> + Send + Sync + 'static,
) -> Signal<Vec<Fault>> {
    let query = use_query_map();
    Signal::derive(move || {
        let answered = value.with(|answer| match answer {
            None => None,
            Some(Ok(Reply::Refused(refused))) => Some(refused.errors.clone()),
            Some(_) => Some(Vec::new()),
        });
        answered.unwrap_or_else(|| {
            query.with(|query| {
                let code = query.get_str("refused").and_then(refusal_text::code_of);
                let place = query.get_str("at").filter(|_| query.get_str("form") == Some(endpoint));
                code.zip(place).map(|(code, place)| Fault::at(place, code, "")).into_iter().collect()
            })
        })
    })
}

/// What is wrong with one field, said beside it.
#[component]
pub fn FieldFault(
    #[prop(into)] id: String,
    /// What people read as the field.
    #[prop(into)]
    label: String,
    #[prop(into)] faults: Signal<Vec<Fault>>,
    /// The field's places in the input.
    places: &'static [&'static str],
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let mut faults = faults.get();
        faults.retain(|fault| is_at(fault, places));
        let one = |fault: Fault| {
            let text = match fault.code {
                Code::Missing => tu_string!(i18n, parts.field_missing, field = label.clone()).to_string(),
                code => format!("{label}: {}", refusal_text::of(i18n, code)),
            };
            let detail = (fault.code != Code::Missing && !fault.detail.is_empty()).then(
                || view! { " " <span class="faults-detail" lang="en" dir="auto">{fault.detail}</span> },
            );
            view! { <p class="field-fault">{text} {detail}</p> }
        };
        (!faults.is_empty())
            .then(|| view! { <div id=id.clone()>{faults.into_iter().map(one).collect_view()}</div> })
    }
}

/// Whether a fault is at one of these places.
pub fn is_at(fault: &Fault, places: &[&str]) -> bool {
    fault.pointer.as_deref().is_some_and(|pointer| places.contains(&pointer))
}

/// The list of places.
#[component]
pub fn Faults(
    #[prop(into)] faults: Signal<Vec<Fault>>,
    /// Places that are told beside their fields.
    #[prop(default = &[])]
    except: &'static [&'static str],
) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |fault: Fault| {
        let place = fault.pointer.filter(|pointer| !pointer.is_empty());
        let line = fault.line.map(|line| tu_string!(i18n, parts.line, n = line).to_string());
        // Which option, which key: what a code cannot say. In the words of the API.
        let detail = (!fault.detail.is_empty())
            .then(|| view! { <span class="faults-detail" lang="en" dir="auto">{fault.detail}</span> });
        view! {
            <li class="faults-item">
                {place.map(|place| view! { <code class="faults-place">{place}</code> })}
                {line.map(|line| view! { <span class="faults-place">{line}</span> })}
                <span>{refusal_text::of(i18n, fault.code)}</span>
                {detail}
            </li>
        }
    };
    move || {
        let mut faults = faults.get();
        faults.retain(|fault| !is_at(fault, except));
        (!faults.is_empty())
            .then(|| view! { <ul class="faults">{faults.into_iter().map(one).collect_view()}</ul> })
    }
}
