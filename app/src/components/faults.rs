//! The places of a form's input that were refused: each with its place and what is wrong there, in the page's language.
//!
//! Without JavaScript the address carries the first place only.

use crate::{
    error::{Answer, Reply},
    i18n::{tu_string, use_i18n},
    refusal_text,
};
use domain::problem::Fault;
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

/// The list of places.
#[component]
pub fn Faults(#[prop(into)] faults: Signal<Vec<Fault>>) -> impl IntoView {
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
        let faults = faults.get();
        (!faults.is_empty())
            .then(|| view! { <ul class="faults">{faults.into_iter().map(one).collect_view()}</ul> })
    }
}
