//! Markdown of guidelines as HTML: parsed and cleaned on the server, never in the browser.

use leptos::prelude::*;

/// Markdown turned to HTML that holds no script, style, form or frame.
#[cfg(feature = "ssr")]
pub fn to_html(markdown: &str) -> String {
    use pulldown_cmark::{Options, Parser, html::push_html};
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut html = String::with_capacity(markdown.len() * 2);
    push_html(&mut html, Parser::new_ext(markdown, options));
    ammonia::Builder::default().link_rel(Some("noopener noreferrer nofollow")).clean(&html).to_string()
}

/// HTML from [`to_html`]; nothing else may be given.
#[component]
pub fn CleanHtml(#[prop(into)] html: String) -> impl IntoView {
    view! { <div class="prose" inner_html=html></div> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::to_html;

    #[test]
    fn markdown_keeps_its_form_and_loses_its_scripts() {
        let html = to_html(
            "# A\n<script>alert(1)</script>\n[x](javascript:alert(1)) **b** <img src=x onerror=alert(1)>",
        );
        assert!(html.contains("<h1>A</h1>") && html.contains("<strong>b</strong>"), "{html}");
        assert!(!html.contains("script") && !html.contains("onerror"), "{html}");
    }
}
