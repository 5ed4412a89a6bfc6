//! The choice of the question that a page's figures are about; nothing where there is only one.

use crate::i18n::{tu_string, use_i18n};
use domain::schema::Schema;
use leptos::prelude::*;

/// A plain form: the question goes into the address.
#[component]
pub fn QuestionChoice(schema: Schema, question: String) -> impl IntoView {
    let i18n = use_i18n();
    (schema.questions.len() > 1).then(|| {
        let options = schema
            .questions
            .iter()
            .map(|known| {
                let is_selected = known.name == question;
                view! { <option value=known.name.clone() selected=is_selected>{known.title().to_owned()}</option> }
            })
            .collect_view();
        view! {
            <form class="criteria" method="get">
                <label class="field">
                    <span class="field-label">{tu_string!(i18n, agreement.question)}</span>
                    <select class="input" name="question">{options}</select>
                </label>
                <button class="button">{tu_string!(i18n, agreement.show)}</button>
            </form>
        }
    })
}
