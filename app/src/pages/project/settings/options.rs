//! Each question as a form: its title, its options' titles, which of them are retired, and new ones. Nothing can be
//! deleted, because stored labels refer to it.

use super::{Carried, Saved, api::UpdateOptions, follow};
use crate::{
    components::{
        faults::{Faults, use_faults},
        form::use_outcome,
        safe_textarea::SafeTextarea,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{
    schema::{ChoiceOption, Question, Schema},
    view::project::ProjectView,
};
use leptos::{form::ActionForm, prelude::*};

/// One form a question, and below them what became of the last that was sent.
#[component]
pub(super) fn Options(project: RwSignal<ProjectView>, schema: Memo<Schema>) -> impl IntoView {
    let action = ServerAction::<UpdateOptions>::new();
    follow(action.value(), project);
    let outcome = use_outcome("update_options", action.value());
    let faults = use_faults("update_options", action.value());
    let questions = move || schema.get().questions.into_iter().enumerate().collect::<Vec<_>>();
    view! {
        // Keyed by what they hold: saving one leaves what was typed in another.
        <For
            each=questions
            key=|(place, question)| (*place, serde_json::to_string(question).unwrap_or_default())
            children=move |(place, question)| view! { <QuestionForm project action place question /> }
        />
        <Saved outcome project />
        <Faults faults />
    }
}

#[component]
fn QuestionForm(
    project: RwSignal<ProjectView>,
    action: ServerAction<UpdateOptions>,
    /// Its place in the schema, which tells the forms' controls apart.
    place: usize,
    question: Question,
) -> impl IntoView {
    let i18n = use_i18n();
    let (title_id, added_id) = (format!("question-{place}-title"), format!("question-{place}-added"));
    let title = question.title().to_owned();
    view! {
        <ActionForm action attr:class="form">
            <Carried project />
            <input type="hidden" name="question" value=question.name.clone() />
            <div class="field">
                <label class="field-label" for=title_id.clone()>
                    {tu_string!(i18n, settings.schema.question_title)} " "
                    <code>{question.name.clone()}</code>
                </label>
                <input class="input" id=title_id name="title" type="text" value=title maxlength="300" />
            </div>
            <div class="table-box options-box">
                <table class="table option-table">
                    <thead>
                        <tr>
                            <th scope="col">{tu_string!(i18n, settings.schema.value)}</th>
                            <th scope="col">{tu_string!(i18n, settings.schema.option_title)}</th>
                            <th scope="col">{tu_string!(i18n, settings.schema.retired)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {question
                            .options
                            .into_iter()
                            .enumerate()
                            .map(|(place, option)| view! { <OptionRow place option /> })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="field-hint">{tu_string!(i18n, settings.schema.retired_hint)}</p>
            <SafeTextarea
                name="added"
                id=added_id
                label=tu_string!(i18n, settings.schema.add)
                hint=tu_string!(i18n, settings.schema.add_hint)
                rows=2
                longest=500_000
            />
            <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
        </ActionForm>
    }
}

#[component]
fn OptionRow(place: usize, option: ChoiceOption) -> impl IntoView {
    let i18n = use_i18n();
    let title = option.title().to_owned();
    let of = option.value.clone();
    let title_of = tu_string!(i18n, settings.schema.option_title_of, value = of.clone()).to_string();
    let retired_of = tu_string!(i18n, settings.schema.retired_of, value = of).to_string();
    view! {
        <tr>
            <td><code>{option.value}</code></td>
            <td>
                <input
                    class="input"
                    type="text"
                    name=format!("titles[o{place}]")
                    value=title
                    maxlength="300"
                    aria-label=title_of
                />
            </td>
            <td>
                <input
                    class="check-box"
                    type="checkbox"
                    name=format!("retired[o{place}]")
                    value="yes"
                    checked=option.retired
                    aria-label=retired_of
                />
            </td>
        </tr>
    }
}
