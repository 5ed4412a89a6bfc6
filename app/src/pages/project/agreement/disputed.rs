//! The tasks that cause the most disagreement: where to look first.

use crate::{
    components::{answer::title_of, number::percent, sample_link::SampleLink},
    i18n::{tu_string, use_i18n},
};
use domain::{schema::Schema, view::agreement::DisputedTask};
use leptos::prelude::*;

#[component]
pub(super) fn DisputedTasks(
    slug: String,
    schema: Schema,
    question: String,
    tasks: Vec<DisputedTask>,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = |task: DisputedTask| {
        let said = task.answers.iter().map(|each| {
            let title = title_of(&schema, &question, &each.label.as_str().into());
            if each.count > 1 { format!("{title} ×{}", each.count) } else { title }
        });
        let said = said.collect::<Vec<_>>().join(" · ");
        view! {
            <tr>
                <th scope="row"><SampleLink slug=slug.clone() id=task.sample.to_string() /></th>
                <td>{said}</td>
                <td class="number">{percent(task.share)}</td>
            </tr>
        }
    };
    (!tasks.is_empty()).then(|| {
        view! {
            <section class="section section-wide">
                <h2 class="section-title">{tu_string!(i18n, agreement.disputed.title)}</h2>
                <p class="section-lead">{tu_string!(i18n, agreement.disputed.lead)}</p>
                <div class="table-box" tabindex="0">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{tu_string!(i18n, agreement.disputed.sample)}</th>
                                <th scope="col">{tu_string!(i18n, agreement.disputed.answers)}</th>
                                <th class="number" scope="col">{tu_string!(i18n, agreement.disputed.share)}</th>
                            </tr>
                        </thead>
                        <tbody>{tasks.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}
