//! A disclosure over the page, which opens without JavaScript. With it, it closes again when a link in it is followed, by
//! Escape, and by a press anywhere else.

use leptos::web_sys::{Element, HtmlElement, Node};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};

/// What `label` opens.
#[component]
pub fn Menu(
    #[prop(into)] label: String,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let menu = NodeRef::<html::Details>::new();
    Effect::new(move || {
        let pressed = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
            if !menu.get_untracked().is_some_and(|menu| menu.contains(target.as_ref())) {
                close(menu);
            }
        });
        on_cleanup(move || pressed.remove());
    });
    let follow = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.closest("a").is_ok_and(|link| link.is_some())) {
            close(menu);
        }
    };
    let escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close(menu);
            let summary = menu.get_untracked().and_then(|menu| menu.first_element_child());
            // Without it the keyboard begins anew at the top, which is no reason to fail.
            let _ = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()).map(|it| it.focus());
        }
    };
    view! {
        <details class=format!("menu {class}").trim_end().to_owned() node_ref=menu on:click=follow on:keydown=escape>
            <summary class="menu-summary">
                <span class="menu-name">{label}</span>
            </summary>
            <div class="menu-body">{children()}</div>
        </details>
    }
}

fn close(menu: NodeRef<html::Details>) {
    if let Some(menu) = menu.get_untracked() {
        // It fails for names that are none.
        let _ = menu.remove_attribute("open");
    }
}
