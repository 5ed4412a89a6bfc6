//! What the sample went through before: earlier tasks with their answers and decisions, and the labels it had. Folded,
//! so that it does not stand before what is asked now.

use super::desk::Desk;
use crate::{
    components::number::count,
    i18n::{tu_string, use_i18n},
    pages::project::sample::{history::History, tasks::Tasks},
};
use domain::{id::TaskId, schema::Schema};
use leptos::prelude::*;

#[component]
pub(super) fn Earlier(desk: Desk, schema: StoredValue<Schema>, task: TaskId) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let earlier = desk.earlier.with(|all| all.iter().find(|one| one.task == task).cloned())?;
        if earlier.tasks.is_empty() && earlier.labels.is_empty() {
            return None;
        }
        let number = |length: usize| count(i64::try_from(length).unwrap_or(i64::MAX));
        let title = tu_string!(
            i18n,
            review.earlier,
            rounds = number(earlier.tasks.len()),
            labels = number(earlier.labels.len())
        )
        .to_string();
        let slug = desk.slug.get_value();
        let (tasks, labels) = schema.with_value(|schema| {
            let tasks = (!earlier.tasks.is_empty())
                .then(|| view! { <Tasks slug=slug.clone() schema tasks=&earlier.tasks /> });
            let labels = (!earlier.labels.is_empty())
                .then(|| view! { <History slug=slug.clone() schema history=&earlier.labels /> });
            (tasks, labels)
        });
        Some(view! {
            <details class="fold review-earlier">
                <summary class="fold-summary">{title}</summary>
                {tasks}
                {labels}
            </details>
        })
    }
}
