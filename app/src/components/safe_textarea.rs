//! The only text area. Leptos 0.8 does not escape the text of a `<textarea>` on the server, so a text with
//! `</textarea><script>` would become part of the page; here it is escaped before, and no other file may hold one.

use super::field::Requirement;
use leptos::prelude::*;

/// A field of several lines.
#[component]
pub fn SafeTextarea(
    /// The form's key; the control's id too, where none is given.
    name: &'static str,
    /// For pages that hold several of this name.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(default = 4)] rows: i32,
    /// The most characters that may be typed.
    #[prop(default = 2000)]
    longest: i32,
    #[prop(default = Requirement::Optional)] requirement: Requirement,
    #[prop(optional)] node_ref: NodeRef<leptos::html::Textarea>,
    /// Another class beside the field's own.
    #[prop(default = "")]
    class: &'static str,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.to_owned());
    let hint_id = hint.as_ref().map(|_| format!("{id}-hint"));
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <textarea
                class=format!("input textarea {class}")
                id=id
                name=name
                rows=rows
                maxlength=longest
                required=requirement == Requirement::Required
                node_ref=node_ref
                aria-describedby=hint_id.clone()
                inner_html=escape(&value)
            ></textarea>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{SafeTextarea, SafeTextareaProps};
    use leptos::prelude::*;

    #[test]
    fn a_text_cannot_end_the_text_area() {
        let owner = Owner::new();
        let html = owner.with(|| {
            let props = SafeTextareaProps::builder()
                .name("note")
                .label("Note")
                .value("a & b</textarea><script>alert(1)</script>")
                .build();
            SafeTextarea(props).to_html()
        });
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("</textarea").count(), 1, "{html}");
        assert!(html.contains("a &amp; b&lt;/textarea&gt;"), "{html}");
    }
}
