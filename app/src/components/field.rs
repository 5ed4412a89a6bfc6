//! Form fields: a label above, the control, and a hint below that the control refers to.

use leptos::prelude::*;

/// A one-line text field.
#[component]
pub fn TextField(
    /// The form's key, also the control's id.
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(default = Requirement::Required)] requirement: Requirement,
    /// The most characters that may be typed.
    #[prop(optional)]
    longest: Option<i32>,
) -> impl IntoView {
    let hint_id = hint.as_ref().map(|_| format!("{name}-hint"));
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <input
                class="input"
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                required=requirement == Requirement::Required
                maxlength=longest
                aria-describedby=hint_id.clone()
            />
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

/// Whether a field must be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// It must.
    Required,
    /// It may stay empty.
    Optional,
}

/// A choice from a short list.
#[component]
pub fn SelectField(
    /// The form's key, also the control's id.
    name: &'static str,
    #[prop(into)] label: String,
    /// Values and what people read.
    options: Vec<(String, String)>,
    /// The value that is chosen.
    #[prop(into)]
    selected: String,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let hint_id = hint.as_ref().map(|_| format!("{name}-hint"));
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <select class="input" id=name name=name aria-describedby=hint_id.clone()>
                {options
                    .into_iter()
                    .map(|(value, text)| {
                        let is_selected = value == selected;
                        view! { <option value=value selected=is_selected>{text}</option> }
                    })
                    .collect_view()}
            </select>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        </div>
    }
}
