//! One's own account: name, language, password, and the way out.

use crate::{
    components::{
        field::{SelectField, TextField},
        form::{FormOutcome, Outcome, use_outcome},
        loaded::Loaded,
        title::Title,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
};
use domain::view::account::UserView;
use leptos::{form::ActionForm, prelude::*, server_fn::codec::GetUrl};

/// One's own account.
#[server(endpoint = "load_account", input = GetUrl)]
pub async fn load_account() -> Answer<UserView> {
    use crate::{error::load, session};
    let own = async {
        let actor = session::actor().await?;
        session::services()?.accounts().own(&actor).await
    };
    load(own.await)
}

/// Changes one's name and language; an empty language follows the browser.
#[server(endpoint = "update_account")]
pub async fn update_account(name: String, locale: String) -> Answer<()> {
    use crate::{cookie, error::submit, i18n::Locale, session};
    use domain::problem::Code;
    use leptos_i18n::Locale as _;
    use service::usecase::accounts::OwnUpdate;
    let updated = async {
        let actor = session::actor().await?;
        let locale = match locale.as_str() {
            "" => None,
            text => Some(text.parse::<Locale>().map_err(|_| Code::Invalid)?),
        };
        let update =
            OwnUpdate { name: Some(name), locale: Some(locale.map(|locale| locale.as_str().to_owned())) };
        session::services()?.accounts().update_own(&actor, update).await?;
        cookie::set(cookie::LOCALE, locale.map(|locale| locale.as_str()));
        Ok(())
    };
    submit(updated.await)
}

/// Changes one's password; every other session ends.
#[server(endpoint = "change_password")]
pub async fn change_password(old: String, new: String) -> Answer<()> {
    use crate::{error::submit, session};
    let changed = async {
        let actor = session::actor().await?;
        let keep = session::id().await?;
        session::services()?.accounts().change_password(&actor, &old, &new, keep.as_deref()).await
    };
    submit(changed.await)
}

/// The account page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let i18n = use_i18n();
    let account = Resource::new(|| (), |()| load_account());
    view! {
        <Title page=tu_string!(i18n, account.title) />
        <h1 class="page-title">{tu_string!(i18n, account.title)}</h1>
        <Loaded
            data=account
            view=move |user| {
                view! {
                    <div class="sections">
                        <Profile user />
                        <Password />
                        <section class="section">
                            <h2 class="section-title">{tu_string!(i18n, tokens.title)}</h2>
                            <p><a href="/account/tokens">{tu_string!(i18n, tokens.link)}</a></p>
                        </section>
                        <SignOut />
                    </div>
                }
                    .into_any()
            }
        />
    }
    .into_any()
}

#[component]
fn Profile(user: UserView) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateAccount>::new();
    let outcome = use_outcome("update_account", action.value());
    let languages = vec![
        (String::new(), tu_string!(i18n, account.language_auto).to_owned()),
        ("en".to_owned(), tu_string!(i18n, common.language_en).to_owned()),
        ("ko".to_owned(), tu_string!(i18n, common.language_ko).to_owned()),
    ];
    // The language of everything on the page may have changed.
    Effect::new(move || {
        if action.value().with(|answer| answer.as_ref().map(FormOutcome::of)) == Some(FormOutcome::Done) {
            let _ = window().location().assign("/account?done=update_account");
        }
    });
    view! {
        <section class="section">
            <h2 class="section-title">{tu_string!(i18n, account.profile)}</h2>
            <p class="section-lead">{user.email.to_string()}</p>
            <ActionForm action>
                <TextField name="name" label=tu_string!(i18n, account.name) value=user.name autocomplete="name" />
                <SelectField
                    name="locale"
                    label=tu_string!(i18n, common.language)
                    options=languages
                    selected=user.locale.unwrap_or_default()
                    hint=tu_string!(i18n, account.language_hint)
                />
                <Outcome outcome done=tu_string!(i18n, account.profile_saved) />
                <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
            </ActionForm>
        </section>
    }
}

#[component]
fn Password() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<ChangePassword>::new();
    let outcome = use_outcome("change_password", action.value());
    view! {
        <section class="section">
            <h2 class="section-title">{tu_string!(i18n, account.change_password)}</h2>
            <ActionForm action>
                <TextField
                    name="old"
                    label=tu_string!(i18n, account.password_old)
                    kind="password"
                    autocomplete="current-password"
                />
                <TextField
                    name="new"
                    label=tu_string!(i18n, account.password_new)
                    kind="password"
                    autocomplete="new-password"
                    hint=tu_string!(i18n, account.password_hint)
                />
                <Outcome outcome done=tu_string!(i18n, account.password_saved) />
                <button class="button button-primary" disabled=action.pending()>
                    {tu_string!(i18n, account.change_password)}
                </button>
            </ActionForm>
        </section>
    }
}

#[component]
fn SignOut() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="section">
            <h2 class="section-title">{tu_string!(i18n, common.sign_out)}</h2>
            <p class="section-lead">{tu_string!(i18n, account.sign_out_hint)}</p>
            <form action="/api/sign_out" method="post">
                <button class="button">{tu_string!(i18n, common.sign_out)}</button>
            </form>
        </section>
    }
}
