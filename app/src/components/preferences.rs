//! Language and appearance. Plain forms: the whole page changes anyway, with or without JavaScript.

use crate::{
    cookie::Theme,
    error::Answer,
    i18n::{Locale, tu_string, use_i18n},
};
use leptos::prelude::*;

/// Keeps the language in the browser and, for who is signed in, in the account.
#[server(endpoint = "set_locale")]
pub async fn set_locale(locale: String) -> Answer<()> {
    use crate::{cookie, error::submit, session};
    use domain::problem::Code;
    use leptos_i18n::Locale as _;
    use service::usecase::accounts::OwnUpdate;
    let changed = async {
        let locale: Locale = locale.parse().map_err(|_| Code::Invalid)?;
        cookie::set(cookie::LOCALE, Some(locale.as_str()));
        if let Ok(actor) = session::actor().await {
            let update = OwnUpdate { name: None, locale: Some(Some(locale.as_str().to_owned())) };
            session::services()?.accounts().update_own(&actor, update).await?;
        }
        Ok(())
    };
    submit(changed.await)
}

/// Keeps the appearance in the browser; anything but `light` and `dark` follows the device.
#[server(endpoint = "set_theme")]
pub async fn set_theme(theme: String) -> Answer<()> {
    use crate::{cookie, error::submit};
    cookie::set(cookie::THEME, Theme::parse(&theme).map(Theme::as_str));
    submit(Ok(()))
}

/// The language switch.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let current = i18n.get_locale_untracked();
    let choices = [
        (Locale::en, "en", tu_string!(i18n, common.language_en)),
        (Locale::ko, "ko", tu_string!(i18n, common.language_ko)),
    ];
    view! {
        <form class="switch" action="/api/set_locale" method="post" aria-label=tu_string!(i18n, common.language)>
            {choices
                .map(|(locale, value, text)| {
                    let pressed = if locale == current { "true" } else { "false" };
                    view! {
                        <button class="switch-choice" name="locale" value=value lang=value aria-pressed=pressed>
                            {text}
                        </button>
                    }
                })
                .collect_view()}
        </form>
    }
}

/// The switch between light, dark, and the device's choice.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let current = current_theme();
    let choices = [
        (None, "auto", tu_string!(i18n, common.theme_auto)),
        (Some(Theme::Light), "light", tu_string!(i18n, common.theme_light)),
        (Some(Theme::Dark), "dark", tu_string!(i18n, common.theme_dark)),
    ];
    view! {
        <form class="switch" action="/api/set_theme" method="post" aria-label=tu_string!(i18n, common.theme)>
            {choices
                .map(|(theme, value, text)| {
                    let pressed = if theme == current { "true" } else { "false" };
                    view! {
                        <button class="switch-choice" name="theme" value=value aria-pressed=pressed>
                            {text}
                        </button>
                    }
                })
                .collect_view()}
        </form>
    }
}

/// The appearance that the page's root carries.
#[cfg(feature = "ssr")]
fn current_theme() -> Option<Theme> {
    crate::cookie::theme()
}

/// The appearance that the page's root carries.
#[cfg(not(feature = "ssr"))]
fn current_theme() -> Option<Theme> {
    document().document_element()?.get_attribute("data-theme").and_then(|text| Theme::parse(&text))
}
