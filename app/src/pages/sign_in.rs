//! Signing in and out.

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
};
use leptos::{form::ActionForm, prelude::*, server_fn::codec::GetUrl};
use leptos_router::{components::Redirect, hooks::use_query_map};
use serde::{Deserialize, Serialize};

/// What stands behind the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    /// Whether the caller is signed in already.
    pub inside: bool,
    /// Whether anybody could sign in.
    pub users: bool,
    /// Whether there is an admin.
    pub admin: bool,
}

/// What stands behind the door.
#[server(endpoint = "load_entrance", input = GetUrl)]
pub async fn load_entrance() -> Answer<Entrance> {
    use crate::{error::load, session};
    let entrance = async {
        let services = session::services()?;
        let admin = !services.accounts().setup_needed().await?;
        let users = admin || services.accounts().any().await?;
        Ok(Entrance { inside: session::actor().await.is_ok(), users, admin })
    };
    load(entrance.await)
}

/// Starts a session; the answer is where to go.
#[server(endpoint = "sign_in")]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Answer<String> {
    use crate::{error::submit_then, session};
    let signed_in = async {
        let client = session::client().await;
        let user = session::services()?.accounts().sign_in(email.trim(), &password, &client).await?;
        session::start(user).await?;
        Ok(inside(next.as_deref()).to_owned())
    };
    submit_then(signed_in.await, |next| Some(next.clone()))
}

/// Ends the session.
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Answer<()> {
    use crate::{error::submit_then, session};
    submit_then(session::end().await, |()| Some("/sign-in".to_owned()))
}

/// Where to go after signing in: only within this site.
fn inside(next: Option<&str>) -> &str {
    next.filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']))
        .unwrap_or("/")
}

/// The sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let entrance = Resource::new(|| (), |()| load_entrance());
    view! {
        <Title page=tu_string!(i18n, account.sign_in) />
        <Loaded
            data=entrance
            view=|entrance| {
                if entrance.inside {
                    let query = use_query_map().get_untracked();
                    let path = inside(query.get_str("next")).to_owned();
                    view! { <Redirect path /> }.into_any()
                } else if entrance.users {
                    view! { <SignInForm admin=entrance.admin /> }.into_any()
                } else {
                    view! { <Redirect path="/set-up" /> }.into_any()
                }
            }
        />
    }
    .into_any()
}

/// `admin`: whether there is one; else the way to make one stands below.
#[component]
fn SignInForm(admin: bool) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SignIn>::new();
    let outcome = use_outcome("sign_in", action.value());
    let next = use_query_map().get_untracked().get("next");
    // Everything on the page depends on who is signed in: a real load is the simplest truth.
    Effect::new(move || {
        if let (Some(FormOutcome::Done), Some(Ok(reply))) = (outcome.get(), action.value().get())
            && let Some(path) = reply.done()
        {
            let _ = window().location().assign(&path);
        }
    });
    view! {
        <div class="entrance-card">
            <p class="entrance-brand"><BrandMark />{tu_string!(i18n, common.product)}</p>
            <h1 class="entrance-title">{tu_string!(i18n, account.sign_in)}</h1>
            <p class="entrance-lead">{tu_string!(i18n, account.sign_in_lead)}</p>
            <ActionForm action>
                {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                <TextField name="email" label=tu_string!(i18n, account.email) kind="email" autocomplete="username" />
                <TextField
                    name="password"
                    label=tu_string!(i18n, account.password)
                    kind="password"
                    autocomplete="current-password"
                />
                <Outcome outcome done="" />
                <button class="button button-primary button-wide" disabled=action.pending()>
                    {tu_string!(i18n, account.sign_in)}
                </button>
            </ActionForm>
            {(!admin)
                .then(|| {
                    view! {
                        <p class="entrance-more">
                            <a href="/set-up">{tu_string!(i18n, account.set_up_link)}</a>
                        </p>
                    }
                })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        assert_eq!(inside(Some("/projects/a?x=1")), "/projects/a?x=1");
        assert_eq!(inside(Some("//evil.example")), "/");
        assert_eq!(inside(Some("/\\evil.example")), "/");
        assert_eq!(inside(Some("https://evil.example")), "/");
        assert_eq!(inside(None), "/");
    }
}
