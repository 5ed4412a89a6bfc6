//! One person's answers week by week, and whether the last week differs from those before.

use super::words::Share;
use crate::{
    components::{
        number::{count, percent},
        range::RangePicture,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::quality::{Change, Direction, OfWeek, Quality};
use leptos::prelude::*;

/// So many weeks are shown, the last ones.
const MOST_WEEKS: usize = 26;

#[component]
pub(super) fn Weeks(quality: Quality, time_zone: String) -> impl IntoView {
    let i18n = use_i18n();
    let Quality { mut weeks, change, .. } = quality;
    let shown = weeks.split_off(weeks.len().saturating_sub(MOST_WEEKS));
    let row = |OfWeek { week, answers, agreement_with_final: share }: OfWeek| {
        view! {
            <tr>
                <th scope="row">{week.to_string()}</th>
                <td class="number">{count(answers)}</td>
                <td><Share share /></td>
                <td class="week-picture"><RangePicture value=share.value ci95=share.ci95 /></td>
            </tr>
        }
    };
    let sentence = sentence(i18n, &change).map(|text| {
        view! {
            <p>{text}</p>
            <p class="section-lead">{tu_string!(i18n, annotators.change.caution)}</p>
        }
    });
    (!shown.is_empty()).then(|| {
        view! {
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, annotators.weeks)}</h2>
                <p class="section-lead">{tu_string!(i18n, annotators.weeks_lead, zone = time_zone).to_string()}</p>
                {sentence}
                <div class="table-box" tabindex="0">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{tu_string!(i18n, annotators.week)}</th>
                                <th class="number" scope="col">{tu_string!(i18n, annotators.answers)}</th>
                                <th scope="col">{tu_string!(i18n, annotators.settled.name)}</th>
                                <td></td>
                            </tr>
                        </thead>
                        <tbody>{shown.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

/// What changed, in words; nothing where there is nothing to compare.
fn sentence(i18n: I18n, change: &Change) -> Option<String> {
    let (week, [low, high]) = (change.week?.to_string(), change.ci95?);
    let (last, before) = (percent(change.last.value?), percent(change.before.value?));
    let [low, high] = [low, high].map(|end| format!("{:+.1}", end * 100.0).replace('-', "−"));
    Some(match change.direction? {
        Direction::Up => tu_string!(
            i18n,
            annotators.change.up,
            week = week,
            last = last,
            before = before,
            low = low,
            high = high
        )
        .to_string(),
        Direction::Down => tu_string!(
            i18n,
            annotators.change.down,
            week = week,
            last = last,
            before = before,
            low = low,
            high = high
        )
        .to_string(),
        Direction::NoClearChange => tu_string!(
            i18n,
            annotators.change.none,
            week = week,
            last = last,
            before = before,
            low = low,
            high = high
        )
        .to_string(),
    })
}
