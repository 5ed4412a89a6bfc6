//! Points in time: relative in words, exact on hover.

use crate::{
    clock::use_now,
    i18n::{I18n, tu_string, use_i18n},
};
use domain::time::Timestamp;
use leptos::prelude::*;

/// A point in time.
#[component]
pub fn Time(at: Timestamp) -> impl IntoView {
    let i18n = use_i18n();
    let now = use_now();
    view! {
        <time datetime=at.to_string() title=exact(at)>
            {move || relative(i18n, at, now.get())}
        </time>
    }
}

/// What was computed less long ago is as good as new.
const NEW_SECONDS: i64 = 10;

/// When something was computed; nothing where that was just now.
#[component]
pub fn ComputedAt(at: Timestamp) -> impl IntoView {
    let i18n = use_i18n();
    let age = use_now().get_untracked().seconds_since(at);
    (age > NEW_SECONDS).then(|| view! { " " {tu_string!(i18n, common.time.computed)} " " <Time at /> "." })
}

/// The point in time to the minute, in UTC.
fn exact(at: Timestamp) -> String {
    let text = at.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute} UTC"),
        _ => text,
    }
}

/// The page's clock may have stood for so long when something happened that the page now tells.
const CLOCK_SECONDS: i64 = 10;

/// The distance in words; after a month the day.
fn relative(i18n: I18n, at: Timestamp, now: Timestamp) -> String {
    let seconds = now.seconds_since(at);
    let seconds = if (-CLOCK_SECONDS..0).contains(&seconds) { 0 } else { seconds };
    let (minutes, hours, days) = (seconds.abs() / 60, seconds.abs() / 3600, seconds.abs() / 86_400);
    match (seconds >= 0, seconds.abs()) {
        (true, ..60) => tu_string!(i18n, common.time.now).to_owned(),
        (true, ..3_600) => tu_string!(i18n, common.time.minutes, n = minutes).to_string(),
        (true, ..86_400) => tu_string!(i18n, common.time.hours, n = hours).to_string(),
        (true, ..172_800) => tu_string!(i18n, common.time.yesterday).to_owned(),
        (true, ..2_592_000) => tu_string!(i18n, common.time.days, n = days).to_string(),
        (false, ..60) => tu_string!(i18n, common.time.soon).to_owned(),
        (false, ..3_600) => tu_string!(i18n, common.time.in_minutes, n = minutes).to_string(),
        (false, ..86_400) => tu_string!(i18n, common.time.in_hours, n = hours).to_string(),
        (false, ..2_592_000) => tu_string!(i18n, common.time.in_days, n = days).to_string(),
        _ => at.to_string().get(..10).unwrap_or_default().to_owned(),
    }
}
