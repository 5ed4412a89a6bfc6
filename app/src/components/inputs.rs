//! Form fields beside text and choice: a number in its range, and a yes or no.

use super::faults::{FieldFault, is_at};
use domain::problem::Fault;
use leptos::prelude::*;

/// A number between two others.
#[component]
pub fn NumberField(
    /// The form's key, also the control's id.
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    min: &'static str,
    max: &'static str,
    #[prop(default = "1")] step: &'static str,
    /// Whether it may be left empty.
    #[prop(optional)]
    may_be_empty: bool,
    #[prop(optional, into)] hint: Option<String>,
    /// What is wrong with the form's input; what is wrong at `places` stands beside this field.
    #[prop(optional, into)]
    faults: Signal<Vec<Fault>>,
    /// The places of the input that this field is.
    #[prop(default = &[])]
    places: &'static [&'static str],
) -> impl IntoView {
    let hint_id = hint.as_ref().map(|_| format!("{name}-hint"));
    let fault_id = format!("{name}-fault");
    let is_wrong = Memo::new(move |_| faults.with(|faults| faults.iter().any(|fault| is_at(fault, places))));
    let (described, fault_of) = (hint_id.clone(), fault_id.clone());
    let described = move || match (is_wrong.get(), described.clone()) {
        (false, hint) => hint,
        (true, None) => Some(fault_of.clone()),
        (true, Some(hint)) => Some(format!("{fault_of} {hint}")),
    };
    view! {
        <div class="field">
            <label class="field-label" for=name>{label.clone()}</label>
            <input
                class="input input-number"
                id=name
                name=name
                type="number"
                inputmode="decimal"
                min=min
                max=max
                step=step
                value=value
                required=!may_be_empty
                aria-describedby=described
                aria-invalid=move || is_wrong.get().then_some("true")
            />
            <FieldFault id=fault_id label faults places />
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

/// Whether a box begins ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticked {
    /// It does.
    Yes,
    /// It does not.
    No,
}

impl From<bool> for Ticked {
    fn from(ticked: bool) -> Self {
        if ticked { Self::Yes } else { Self::No }
    }
}

/// A yes or no: the form holds `value` under `name`, or nothing.
#[component]
pub fn CheckField(
    /// The form's key.
    #[prop(into)]
    name: String,
    #[prop(default = "yes".to_owned(), into)] value: String,
    #[prop(into)] label: String,
    #[prop(into)] ticked: Ticked,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input class="check-box" type="checkbox" name=name value=value checked=ticked == Ticked::Yes />
            <span class="check-text">{label} {hint.map(|hint| view! { <span class="field-hint">{hint}</span> })}</span>
        </label>
    }
}
