//! Text that is there to be copied: one click selects all of it; with JavaScript a button copies it.

use crate::i18n::{tu_string, use_i18n};
use leptos::prelude::*;

/// How the text stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyShape {
    /// In a line, shortened where it does not fit.
    Line,
    /// Several lines in a box of their own.
    Block,
}

/// A text and the button that copies it.
#[component]
pub fn CopyText(
    #[prop(into)] text: String,
    /// What the button copies, for those who do not see what it stands beside.
    #[prop(into)]
    label: String,
    shape: CopyShape,
) -> impl IntoView {
    let i18n = use_i18n();
    let (ready, copied) = (RwSignal::new(false), RwSignal::new(false));
    // The button comes alive only where it works, and its place is kept until then.
    Effect::new(move || ready.set(can_copy()));
    let class = move || match ready.get() {
        true => "button button-quiet copy-button",
        false => "button button-quiet copy-button copy-button-off",
    };
    let given = text.clone();
    let word =
        move || if copied.get() { tu_string!(i18n, parts.copied) } else { tu_string!(i18n, parts.copy) };
    let button = view! {
        <button
            class=class
            type="button"
            aria-label=tu_string!(i18n, parts.copy_of, what = label).to_string()
            on:click=move |_| {
                copy(&given);
                copied.set(true);
            }
        >
            <span aria-live="polite">{word}</span>
        </button>
    };
    let title = text.clone();
    match shape {
        CopyShape::Line => {
            view! { <span class="copy copy-line"><code class="copy-text" title=title>{text}</code>{button}</span> }.into_any()
        }
        CopyShape::Block => view! {
            <div class="copy copy-block">
                <pre class="code copy-text" tabindex="0"><code>{text}</code></pre>
                {button}
            </div>
        }
        .into_any(),
    }
}

/// Browsers copy on pages that came safely only; `localhost` counts as safe.
#[cfg(not(feature = "ssr"))]
fn can_copy() -> bool {
    window().is_secure_context()
}

#[cfg(feature = "ssr")]
fn can_copy() -> bool {
    false
}

#[cfg(not(feature = "ssr"))]
fn copy(text: &str) {
    // The promise fails only where the person forbade it; the text can still be selected.
    let _ = window().navigator().clipboard().write_text(text);
}

#[cfg(feature = "ssr")]
fn copy(_: &str) {}
