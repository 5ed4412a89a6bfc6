//! Shows what a server function loaded: the value, or why there is none.

use crate::{
    address::with_query,
    components::{
        states::{FailureState, RefusedState, Skeleton},
        wrong_address::Back,
    },
    error::{Answer, Reply},
};
use domain::problem::Code;
use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_location};

/// The value of `data` through `view`; a skeleton until it is there; the sign-in page where nobody is signed in;
/// else the reason.
#[component]
pub fn Loaded<T>(
    data: Resource<Answer<T>>,
    view: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
    /// What stands there until then; six grey lines where absent.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// Where somebody is led whose address names nothing; to the page without what is wrong where absent.
    #[prop(optional, into)]
    back: Option<Signal<Back>>,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let view = StoredValue::new(view);
    let fallback = StoredValue::new(fallback);
    let waiting = move || {
        let given = fallback.with_value(ViewFn::run);
        view! { <div class="loading">{given}</div> }
    };
    view! {
        <Transition fallback=waiting>
            {move || Suspend::new(async move {
                let answer = data.await;
                let back = back.map(|back| back.get_untracked());
                shown_or(answer, back, move |value| view.with_value(|view| view(value)))
            })}
        </Transition>
    }
}

/// The default fallback of a page.
pub fn skeleton() -> AnyView {
    view! { <Skeleton /> }.into_any()
}

/// What an answer shows.
pub fn shown<T>(answer: Answer<T>, view: impl FnOnce(T) -> AnyView) -> AnyView {
    shown_or(answer, None, view)
}

fn shown_or<T>(answer: Answer<T>, back: Option<Back>, view: impl FnOnce(T) -> AnyView) -> AnyView {
    match answer {
        Ok(Reply::Done(value)) => view(value),
        Ok(Reply::Refused(refused)) if refused.code == Code::Unauthenticated => {
            view! { <ToSignIn /> }.into_any()
        }
        Ok(Reply::Refused(refused)) => view! { <RefusedState refused back /> }.into_any(),
        Err(failure) => view! { <FailureState failure /> }.into_any(),
    }
}

/// To the sign-in page, and back here afterwards.
#[component]
pub fn ToSignIn() -> impl IntoView {
    let here = use_location();
    let mut next = here.pathname.get_untracked();
    let search = here.search.get_untracked();
    if !search.is_empty() {
        next.push('?');
        next.push_str(search.trim_start_matches('?'));
    }
    view! { <Redirect path=with_query("/sign-in", [("next", next.as_str())]) /> }
}
