//! The two preferences that a browser keeps: language and appearance.
//!
//! They are read where the page begins, before anything of it is sent, so that neither flashes.

/// The cookie with the language, `en` or `ko`.
pub const LOCALE: &str = "relabel_locale";
/// The cookie with the appearance, `light` or `dark`; absent: as the device.
pub const THEME: &str = "relabel_theme";

/// The appearance that a person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on a light page.
    Light,
    /// Light ink on a dark page.
    Dark,
}

impl Theme {
    /// The appearance as the cookie and the page's root name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The appearance of this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.as_str() == text)
    }
}

#[cfg(feature = "ssr")]
pub use server::{SecureCookies, locale, secure, set, theme};

#[cfg(feature = "ssr")]
mod server {
    use super::{LOCALE, THEME, Theme};
    use crate::i18n::Locale;
    use http::{HeaderValue, header, request::Parts};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use std::str::FromStr;

    /// In the context: browsers send this site's cookies over HTTPS only.
    #[derive(Clone, Copy, Debug)]
    pub struct SecureCookies;

    /// The attribute of a cookie that is sent over HTTPS only, where the site says so.
    pub fn secure() -> &'static str {
        if use_context::<SecureCookies>().is_some() { "; Secure" } else { "" }
    }

    /// The language of this request.
    pub fn locale() -> Locale {
        let Some(parts) = use_context::<Parts>() else { return Locale::default() };
        let text = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        choose(text(header::COOKIE), text(header::ACCEPT_LANGUAGE))
    }

    /// The appearance that this browser chose.
    pub fn theme() -> Option<Theme> {
        let parts = use_context::<Parts>()?;
        let cookies = parts.headers.get(header::COOKIE)?.to_str().ok()?;
        value(cookies, THEME).and_then(Theme::parse)
    }

    /// Keeps a preference for a year; `None` forgets it. The value must be a token, as languages and themes are.
    pub fn set(name: &str, value: Option<&str>) {
        let age = if value.is_some() { 31_536_000 } else { 0 };
        let (value, secure) = (value.unwrap_or_default(), secure());
        let cookie = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax{secure}");
        if let (Some(response), Ok(cookie)) =
            (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie))
        {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }

    /// The value of cookie `name` in a `Cookie` header.
    fn value<'a>(header: &'a str, name: &str) -> Option<&'a str> {
        header
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The language to show: the cookie's, else the first that the browser prefers and we have.
    fn choose(cookies: Option<&str>, accepted: Option<&str>) -> Locale {
        cookies
            .and_then(|cookies| value(cookies, LOCALE))
            .and_then(|text| Locale::from_str(text).ok())
            .or_else(|| {
                let languages = accepted?
                    .split(',')
                    .map(|entry| entry.split([';', '-']).next().unwrap_or_default().trim());
                languages.filter_map(|language| Locale::from_str(language).ok()).next()
            })
            .unwrap_or_default()
    }

    #[cfg(test)]
    mod tests {
        use super::choose;
        use crate::i18n::Locale;

        #[test]
        fn the_cookie_wins_over_the_browser_and_english_is_the_last_resort() {
            assert_eq!(choose(Some("a=b; relabel_locale=ko"), Some("en-GB")), Locale::ko);
            assert_eq!(choose(Some("relabel_locale=xx"), Some("fr, ko-KR;q=0.8, en;q=0.5")), Locale::ko);
            assert_eq!(choose(None, Some("fr")), Locale::en);
            assert_eq!(choose(None, None), Locale::en);
        }
    }
}
