//! What a page shows when it has nothing, not yet anything, or something else than was asked for.

use crate::{
    components::wrong_address::{Back, WrongAddress, wrong_parameters},
    error::{Failure, Refused},
    i18n::{tu_string, use_i18n},
    refusal_text,
};
use domain::problem::Code;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// There is nothing here, and what to do about it.
#[component]
pub fn Empty(#[prop(into)] title: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <section class="state">
            <h2 class="state-title">{title}</h2>
            {children.map(|children| view! { <div class="state-text">{children()}</div> })}
        </section>
    }
}

/// Grey lines where text will be, so that nothing moves when it comes.
#[component]
pub fn Skeleton(#[prop(default = 6)] lines: usize) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{tu_string!(i18n, common.loading)}</span>
            {(0..lines).map(|_| view! { <span class="skeleton-line" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}

/// The page was refused. Sets the page's status.
#[component]
pub fn RefusedState(
    #[prop(into)] refused: Refused,
    /// The way back where the address is wrong; the page without what is wrong where absent.
    #[prop(optional_no_strip)]
    back: Option<Back>,
) -> impl IntoView {
    let i18n = use_i18n();
    let code = refused.code;
    #[cfg(feature = "ssr")]
    crate::error::set_status(code);
    let wrong = wrong_parameters(&refused.errors);
    if !wrong.is_empty() {
        return view! { <WrongAddress wrong back /> }.into_any();
    }
    let (title, text) = match code {
        Code::NotFound => {
            (tu_string!(i18n, common.error.not_found), tu_string!(i18n, common.error.not_found_text))
        }
        Code::Forbidden => {
            (tu_string!(i18n, common.error.forbidden), tu_string!(i18n, common.error.forbidden_text))
        }
        code => (tu_string!(i18n, common.error.refused), refusal_text::of(i18n, code)),
    };
    view! {
        <section class="state state-problem">
            <h1 class="state-title">{title}</h1>
            <p class="state-text">{text}</p>
            <p><a class="button" href="/" rel="external">{tu_string!(i18n, common.error.to_projects)}</a></p>
        </section>
    }
    .into_any()
}

/// The page could not be loaded. Sets the page's status.
#[component]
pub fn FailureState(failure: Failure) -> impl IntoView {
    let i18n = use_i18n();
    let address = use_location().pathname.get_untracked();
    let (title, text) = match failure {
        Failure::Unreachable => {
            (tu_string!(i18n, common.error.unreachable), tu_string!(i18n, common.error.unreachable_text))
        }
        Failure::Unavailable | Failure::StorageFull => {
            (tu_string!(i18n, common.error.failed), refusal_text::of(i18n, failure.code()))
        }
        Failure::Internal => {
            (tu_string!(i18n, common.error.failed), tu_string!(i18n, common.error.failed_text))
        }
    };
    #[cfg(feature = "ssr")]
    crate::error::set_status(failure.code());
    view! {
        <section class="state state-problem">
            <h1 class="state-title">{title}</h1>
            <p class="state-text">{text}</p>
            // A real load, not a client-side step: the app itself may be what is broken.
            <p><a class="button" href=address rel="external">{tu_string!(i18n, common.error.try_again)}</a></p>
        </section>
    }
}
