//! The page for addresses that lead nowhere.

use crate::{
    components::{
        layout::{Brand, UserMenu},
        states::RefusedState,
        title::Title,
    },
    error::Refused,
    i18n::{tu_string, use_i18n},
};
use domain::problem::Code;
use leptos::prelude::*;

/// Says that there is nothing here, with the status that says so too.
#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title page=tu_string!(i18n, common.error.not_found) />
        <header class="bar">
            <Brand />
            <span class="bar-space"></span>
            <UserMenu />
        </header>
        <main class="main" id="main">
            <RefusedState refused=Refused::of(Code::NotFound) />
        </main>
    }
    .into_any()
}
