//! The first run: making the first admin with the one-time code of the server's log.

use crate::{
    components::{
        field::TextField,
        form::{FormOutcome, Outcome, use_outcome},
        layout::BrandMark,
        loaded::Loaded,
        title::Title,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
    pages::sign_in::load_entrance,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::components::Redirect;

/// Makes the first admin and signs them in.
#[server(endpoint = "set_up")]
pub async fn set_up(code: String, name: String, email: String, password: String) -> Answer<()> {
    use crate::{error::submit_then, session};
    use domain::{name::Email, problem::Code};
    let done = async {
        let email = Email::parse(email.trim().to_lowercase()).map_err(|_| Code::InvalidName)?;
        let input = service::usecase::accounts::SetUp { code: code.trim().to_owned(), email, name, password };
        let user = session::services()?.accounts().set_up(input).await?;
        session::start(user).await
    };
    submit_then(done.await, |()| Some("/".to_owned()))
}

/// The set-up page; there only while there is no admin.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let i18n = use_i18n();
    let entrance = Resource::new(|| (), |()| load_entrance());
    view! {
        <Title page=tu_string!(i18n, account.set_up) />
        <Loaded
            data=entrance
            view=|entrance| {
                if entrance.admin {
                    view! { <Redirect path="/sign-in" /> }.into_any()
                } else {
                    view! { <SetUpForm /> }.into_any()
                }
            }
        />
    }
    .into_any()
}

#[component]
fn SetUpForm() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SetUp>::new();
    let outcome = use_outcome("set_up", action.value());
    Effect::new(move || {
        if outcome.get() == Some(FormOutcome::Done) {
            let _ = window().location().assign("/");
        }
    });
    view! {
        <div class="entrance-card">
            <p class="entrance-brand"><BrandMark />{tu_string!(i18n, common.product)}</p>
            <h1 class="entrance-title">{tu_string!(i18n, account.set_up)}</h1>
            <p class="entrance-lead">{tu_string!(i18n, account.set_up_lead)}</p>
            <ActionForm action>
                <TextField name="code" label=tu_string!(i18n, account.code) autocomplete="one-time-code" />
                <TextField name="name" label=tu_string!(i18n, account.name) autocomplete="name" />
                <TextField name="email" label=tu_string!(i18n, account.email) kind="email" autocomplete="username" />
                <TextField
                    name="password"
                    label=tu_string!(i18n, account.password)
                    kind="password"
                    autocomplete="new-password"
                    hint=tu_string!(i18n, account.password_hint)
                />
                <Outcome outcome done="" />
                <button class="button button-primary button-wide" disabled=action.pending()>
                    {tu_string!(i18n, account.set_up_done)}
                </button>
            </ActionForm>
        </div>
    }
}
