//! The document around the app, and the content security policy that goes with it.

use crate::{
    app::App,
    clock,
    cookie::{self, Theme},
};
use http::{HeaderValue, header, request::Parts};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_i18n::Locale as _;
use leptos_meta::MetaTags;

/// The document of every page.
pub fn shell(mut options: LeptosOptions) -> impl IntoView {
    if use_context::<Parts>().is_some_and(|parts| is_annotation_screen(parts.uri.path())) {
        options.output_name = "annotate".into();
    }
    let theme = cookie::theme().map(Theme::as_str);
    let now = clock::now();
    provide_context(clock::Rendered(now));
    set_content_security_policy();
    view! {
        <!DOCTYPE html>
        <html lang=cookie::locale().as_str() data-theme=theme data-now=now.0.to_string()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.unwrap_or("light dark") />
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href="/pkg/relabel.css" />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Whether [`AnnotateApp`](crate::AnnotateApp) is what the page at this path needs.
fn is_annotation_screen(path: &str) -> bool {
    let slug = path.strip_prefix("/projects/").and_then(|rest| rest.strip_suffix("/annotate"));
    slug.is_some_and(|slug| !slug.contains('/'))
}

/// Only our own files, our own script by its nonce, and WebAssembly.
fn set_content_security_policy() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<leptos_axum::ResponseOptions>()) else {
        return;
    };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

#[cfg(test)]
mod tests {
    use super::is_annotation_screen;

    #[test]
    fn the_annotation_screen_is_told_by_its_address() {
        assert!(is_annotation_screen("/projects/bank/annotate"));
        assert!(!is_annotation_screen("/projects/bank/samples/annotate"));
        assert!(!is_annotation_screen("/projects/bank"));
    }
}
