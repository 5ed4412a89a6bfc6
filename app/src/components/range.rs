//! A value and its interval as a picture, and shares as shades: both only repeat numbers that stand beside them.

use leptos::prelude::*;

/// How many shades there are.
const SHADES: f64 = 8.0;

/// Value and interval on a line from 0 to 1. What lies outside stands at the edge: the number beside it tells more.
#[component]
pub fn RangePicture(value: Option<f64>, ci95: Option<[f64; 2]>) -> impl IntoView {
    let place = |value: f64| format!("{:.1}", 4.0 + value.clamp(0.0, 1.0) * 152.0);
    value.map(|value| {
        let interval = ci95.map(|[low, high]| {
            view! { <line class="statistic-range" x1=place(low) x2=place(high) y1="8" y2="8"></line> }
        });
        view! {
            <svg viewBox="0 0 160 16" width="160" height="16" aria-hidden="true" focusable="false">
                <line class="statistic-axis" x1="4" x2="156" y1="8" y2="8"></line>
                <line class="statistic-axis" x1="4" x2="4" y1="4" y2="12"></line>
                <line class="statistic-axis" x1="156" x2="156" y1="4" y2="12"></line>
                {interval}
                <circle class="statistic-dot" cx=place(value) cy="8" r="4"></circle>
            </svg>
        }
    })
}

/// The shade of a cell that has this share of its row, from 1 on.
pub fn shade(share: f64) -> f64 {
    (share * SHADES).ceil().clamp(1.0, SHADES)
}
