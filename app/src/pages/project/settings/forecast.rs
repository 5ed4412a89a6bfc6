//! How many samples each threshold would queue: a bar a step, the chosen threshold marked, and the numbers as a table
//! for those who want or need them.

use crate::{
    components::number::{count, percent},
    i18n::{tu_string, use_i18n},
};
use domain::view::project::QueueForecast;
use leptos::prelude::*;

/// The picture's own units; it is stretched to the width of the page.
const WIDTH: f64 = 210.0;
const HEIGHT: f64 = 100.0;

#[component]
pub(super) fn Forecast(
    forecast: QueueForecast,
    /// The threshold in the form, saved or not.
    threshold: RwSignal<f64>,
) -> impl IntoView {
    let i18n = use_i18n();
    let samples = forecast.samples;
    if samples == 0 {
        return view! { <p class="field-hint">{tu_string!(i18n, settings.queue.forecast_empty)}</p> }
            .into_any();
    }
    let steps = forecast.by_threshold;
    let share = move |queued: i64| queued as f64 / samples as f64;
    let marked = {
        let steps = steps.clone();
        Memo::new(move |_| step_of(&steps, threshold.get()))
    };
    let sentence = {
        let steps = steps.clone();
        move || {
            let Some((at, queued)) = steps.get(marked.get()).copied() else { return String::new() };
            tu_string!(
                i18n,
                settings.queue.forecast_at,
                threshold = format!("{at:.2}"),
                queued = count(queued),
                samples = count(samples),
                share = percent(share(queued))
            )
            .to_string()
        }
    };
    let audit = tu_string!(i18n, settings.queue.forecast_audit, n = count(forecast.audit)).to_string();
    let column = WIDTH / steps.len().max(1) as f64;
    let bars = steps
        .iter()
        .enumerate()
        .map(|(place, (_, queued))| {
            // A bar of nothing still shows where it stands.
            let height = (share(*queued) * HEIGHT).max(1.0);
            let class =
                move || if marked.get() == place { "forecast-bar forecast-now" } else { "forecast-bar" };
            view! {
                <rect
                    class=class
                    x=format!("{:.2}", place as f64 * column + column * 0.12)
                    y=format!("{:.2}", HEIGHT - height)
                    width=format!("{:.2}", column * 0.76)
                    height=format!("{height:.2}")
                ></rect>
            }
        })
        .collect_view();
    let rows = steps
        .iter()
        .map(|(at, queued)| {
            view! {
                <tr>
                    <td class="number">{format!("{at:.2}")}</td>
                    <td class="number">{count(*queued)}</td>
                    <td class="number">{percent(share(*queued))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <figure class="forecast">
            <figcaption class="forecast-now-text" aria-live="polite">{sentence}</figcaption>
            <svg
                class="forecast-picture"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                aria-hidden="true"
                focusable="false"
            >
                {bars}
            </svg>
            <p class="forecast-scale" aria-hidden="true"><span>"0"</span><span>"0.5"</span><span>"1"</span></p>
            <p class="field-hint">{audit}</p>
            <details class="fold">
                <summary class="fold-summary">{tu_string!(i18n, settings.queue.forecast_table)}</summary>
                <div class="table-box" tabindex="0">
                    <table class="table">
                        <thead>
                            <tr>
                                <th class="number" scope="col">{tu_string!(i18n, settings.queue.threshold)}</th>
                                <th class="number" scope="col">{tu_string!(i18n, settings.queue.forecast_queued)}</th>
                                <th class="number" scope="col">{tu_string!(i18n, settings.queue.forecast_share)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        </figure>
    }
    .into_any()
}

/// The step that is nearest to `threshold`.
fn step_of(steps: &[(f64, i64)], threshold: f64) -> usize {
    let distance = |step: &(f64, i64)| (step.0 - threshold).abs();
    let nearest = steps.iter().enumerate().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
    nearest.map_or(0, |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::step_of;

    #[test]
    fn a_threshold_between_two_steps_marks_the_nearer() {
        let steps = [(0.0, 9), (0.05, 7), (0.1, 2)];
        assert_eq!(step_of(&steps, 0.06), 1);
        assert_eq!(step_of(&steps, 7.0), 2);
        assert_eq!(step_of(&[], 0.5), 0);
    }
}
