//! The keys of a page, opened by its `?` button, with or without JavaScript, or by the key itself.

use crate::i18n::{tu_string, use_i18n};
use leptos::{html, prelude::*};

/// The id that the button refers to.
const ID: &str = "keys-help";

/// The `?` button.
#[component]
pub fn KeysButton(#[prop(into)] label: String) -> impl IntoView {
    view! {
        <button class="button button-quiet keys-button" type="button" popovertarget=ID aria-label=label.clone() title=label>
            <kbd>"?"</kbd>
        </button>
    }
}

/// The list of keys and what they do.
#[component]
pub fn KeysHelp(
    #[prop(into)] title: String,
    keys: Vec<(&'static str, String)>,
    /// For opening it by key: `toggle_popover`.
    node_ref: NodeRef<html::Div>,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = title.clone();
    view! {
        <div class="dialog keys-help" id=ID popover="auto" role="dialog" aria-label=label node_ref=node_ref>
            <h2 class="dialog-title">{title}</h2>
            <dl class="keys">
                {keys
                    .into_iter()
                    .map(|(key, text)| {
                        view! {
                            <div class="keys-row">
                                <dt><kbd>{key}</kbd></dt>
                                <dd>{text}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <button class="button" type="button" popovertarget=ID popovertargetaction="hide">
                {tu_string!(i18n, common.close)}
            </button>
        </div>
    }
}
