//! The form that makes a token.

use super::api::CreateToken;
use crate::{
    components::{
        faults::{Faults, use_faults},
        field::{SelectField, TextField},
        form::{Outcome, use_outcome},
        inputs::{CheckField, Ticked},
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::access::Scope;
use leptos::{form::ActionForm, prelude::*};

/// What a scope allows, in words.
fn scope_text(i18n: I18n, scope: Scope) -> &'static str {
    match scope {
        Scope::Read => tu_string!(i18n, tokens.scope.read),
        Scope::Ingest => tu_string!(i18n, tokens.scope.ingest),
        Scope::Annotate => tu_string!(i18n, tokens.scope.annotate),
        Scope::Review => tu_string!(i18n, tokens.scope.review),
        Scope::Manage => tu_string!(i18n, tokens.scope.manage),
    }
}

#[component]
pub(super) fn NewToken(projects: Vec<(String, String)>, create: ServerAction<CreateToken>) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = use_outcome("create_token", create.value());
    let faults = use_faults("create_token", create.value());
    let mut choices = vec![(String::new(), tu_string!(i18n, tokens.all_projects).to_owned())];
    choices.extend(projects);
    let days = [
        ("30", tu_string!(i18n, tokens.days_30)),
        ("90", tu_string!(i18n, tokens.days_90)),
        ("365", tu_string!(i18n, tokens.days_365)),
        ("", tu_string!(i18n, tokens.never)),
    ];
    let days = days.map(|(value, text)| (value.to_owned(), text.to_owned())).into();
    view! {
        <section class="section members-add">
            <h2 class="section-title">{tu_string!(i18n, tokens.add)}</h2>
            <ActionForm action=create>
                <TextField name="name" label=tu_string!(i18n, tokens.name) hint=tu_string!(i18n, tokens.name_hint) />
                <fieldset class="fieldset">
                    <legend class="fieldset-legend">{tu_string!(i18n, tokens.scopes)}</legend>
                    {Scope::ALL
                        .map(|scope| {
                            let ticked = if scope == Scope::Read { Ticked::Yes } else { Ticked::No };
                            view! {
                                <CheckField
                                    name="scopes[]"
                                    value=scope.as_str()
                                    label=scope.as_str()
                                    ticked
                                    hint=scope_text(i18n, scope)
                                />
                            }
                        })
                        .collect_view()}
                    <p class="field-hint">{tu_string!(i18n, tokens.scopes_hint)}</p>
                </fieldset>
                <SelectField name="project" label=tu_string!(i18n, tokens.project) options=choices selected="" />
                <SelectField name="days" label=tu_string!(i18n, tokens.ends) options=days selected="90" />
                <Outcome outcome done=tu_string!(i18n, tokens.created_done) />
                <Faults faults />
                <button class="button button-primary" disabled=create.pending()>{tu_string!(i18n, tokens.add)}</button>
            </ActionForm>
        </section>
    }
}
