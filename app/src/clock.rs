//! The time that pages count from: the server's when it renders, then the browser's.
//!
//! The server writes its time into the page and the browser begins with that one, so that both render the same
//! words; after that the time moves on by itself. Nothing is decided by it.

use domain::time::Timestamp;
use leptos::prelude::{RwSignal, provide_context, use_context};

/// The time that relative times are relative to.
#[derive(Clone, Copy)]
pub struct Now(pub RwSignal<Timestamp>);

/// The current time, to be written into the page.
#[cfg(feature = "ssr")]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// The browser's current time.
#[cfg(not(feature = "ssr"))]
pub fn now() -> Timestamp {
    Timestamp(web_sys::js_sys::Date::now() as i64 * 1000)
}

/// Gives every component below the time, and keeps it moving in the browser.
pub fn provide_now() {
    #[cfg(feature = "ssr")]
    let first = use_context::<Rendered>().map_or_else(now, |rendered| rendered.0);
    #[cfg(not(feature = "ssr"))]
    let first = leptos::prelude::document()
        .document_element()
        .and_then(|root| root.get_attribute("data-now"))
        .and_then(|text| text.parse().ok())
        .map_or_else(now, Timestamp);
    let signal = RwSignal::new(first);
    provide_context(Now(signal));
    #[cfg(not(feature = "ssr"))]
    leptos::prelude::Effect::new(move || {
        use leptos::prelude::Set;
        let tick = move || signal.set(now());
        // The browser stops intervals of hidden pages by itself; a page lives as long as this one.
        let _ = leptos::prelude::set_interval_with_handle(tick, std::time::Duration::from_secs(30));
    });
}

/// The time that the page's root was given, on the server.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy)]
pub struct Rendered(pub Timestamp);

/// The time for a component.
pub fn use_now() -> RwSignal<Timestamp> {
    use_context::<Now>().map_or_else(|| RwSignal::new(now()), |now| now.0)
}
