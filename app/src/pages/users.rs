//! The site's users, for admins: adding them, and letting them in or not.

use crate::{
    components::{
        badge::{Badge, Tone},
        confirm::Confirm,
        faults::{Faults, use_faults},
        field::TextField,
        form::{Outcome, use_outcome},
        inputs::{CheckField, Ticked},
        loaded::Loaded,
        reload::use_done,
        time::Time,
        title::Title,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
};
use domain::view::account::UserView;
use leptos::{form::ActionForm, prelude::*, server_fn::codec::GetUrl};

/// Everybody, by e-mail address.
#[server(endpoint = "load_users", input = GetUrl)]
pub async fn load_users() -> Answer<Vec<UserView>> {
    use crate::{error::load, session};
    let users = async {
        let actor = session::actor().await?;
        session::services()?.accounts().list(&actor).await
    };
    load(users.await)
}

/// Makes an account.
#[server(endpoint = "add_user")]
pub async fn add_user(
    name: String,
    email: String,
    password: String,
    #[server(default)] admin: Option<String>,
) -> Answer<UserView> {
    use crate::{error::submit, session};
    use domain::{name::Email, problem::Code};
    use service::usecase::accounts::NewUser;
    let added = async {
        let actor = session::actor().await?;
        let email = Email::parse(email.trim().to_lowercase()).map_err(|_| Code::InvalidName)?;
        let name = name.trim().to_owned();
        let input = NewUser { email, name, password, admin: admin.is_some(), simulated: false };
        session::services()?.accounts().add(&actor, input).await
    };
    submit(added.await)
}

/// Lets somebody in no more.
#[server(endpoint = "disable_user")]
pub async fn disable_user(email: String) -> Answer<()> {
    use crate::{error::submit, session};
    use domain::{name::Email, problem::Code};
    let disabled = async {
        let actor = session::actor().await?;
        let email = Email::parse(email).map_err(|_| Code::NotFound)?;
        session::services()?.accounts().disable(&actor, &email).await
    };
    submit(disabled.await)
}

/// Lets somebody in again.
#[server(endpoint = "enable_user")]
pub async fn enable_user(email: String) -> Answer<()> {
    use crate::{error::submit, session};
    use domain::{name::Email, problem::Code};
    let enabled = async {
        let actor = session::actor().await?;
        let email = Email::parse(email).map_err(|_| Code::NotFound)?;
        session::services()?.accounts().enable(&actor, &email).await
    };
    submit(enabled.await)
}

/// What can be done to a user of the list.
#[derive(Clone, Copy)]
struct Switches {
    disable: ServerAction<DisableUser>,
    enable: ServerAction<EnableUser>,
}

/// The page with the site's users.
#[component]
pub fn UsersPage() -> impl IntoView {
    let i18n = use_i18n();
    let add = ServerAction::<AddUser>::new();
    let switches = Switches { disable: ServerAction::new(), enable: ServerAction::new() };
    let changes =
        [use_done(add.value()), use_done(switches.disable.value()), use_done(switches.enable.value())];
    let users = Resource::new(move || changes.map(|change| change.get()), |_| load_users());
    let disabled = use_outcome("disable_user", switches.disable.value());
    let enabled = use_outcome("enable_user", switches.enable.value());
    view! {
        <Title page=tu_string!(i18n, users.title) />
        <h1 class="page-title">{tu_string!(i18n, users.title)}</h1>
        <Outcome outcome=disabled done=tu_string!(i18n, users.was_disabled) />
        <Outcome outcome=enabled done=tu_string!(i18n, users.was_enabled) />
        <Loaded
            data=users
            view=move |users| {
                view! {
                    <List users switches />
                    <Add add />
                }
                    .into_any()
            }
        />
    }
    .into_any()
}

#[component]
fn List(users: Vec<UserView>, switches: Switches) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |user: UserView| {
        let email = user.email.to_string();
        view! {
            <tr>
                <td>
                    <span class="members-name">{user.name}</span> " "
                    {user.admin.then(|| view! { <Badge text=tu_string!(i18n, common.role.admin) tone=Tone::Accent /> })}
                    {user.disabled.then(|| view! { <Badge text=tu_string!(i18n, users.disabled) /> })}
                    <span class="members-email">{email.clone()}</span>
                </td>
                <td><Time at=user.created_at /></td>
                <td>
                    {if user.disabled {
                        view! {
                            <ActionForm action=switches.enable>
                                <input type="hidden" name="email" value=email.clone() />
                                <button
                                    class="button"
                                    disabled=switches.enable.pending()
                                    aria-label=tu_string!(i18n, users.enable_who, who = email).to_string()
                                >
                                    {tu_string!(i18n, users.enable)}
                                </button>
                            </ActionForm>
                        }
                            .into_any()
                    } else {
                        let consequence = tu_string!(i18n, users.disable_text, who = email.clone()).to_string();
                        view! {
                            <Confirm summary=tu_string!(i18n, users.disable)>
                                <p>{consequence}</p>
                                <ActionForm action=switches.disable>
                                    <input type="hidden" name="email" value=email />
                                    <button class="button button-danger" disabled=switches.disable.pending()>
                                        {tu_string!(i18n, users.disable_confirm)}
                                    </button>
                                </ActionForm>
                            </Confirm>
                        }
                            .into_any()
                    }}
                </td>
            </tr>
        }
    };
    view! {
        <div class="table-box" tabindex="0">
            <table class="table members">
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, users.who)}</th>
                        <th scope="col">{tu_string!(i18n, users.since)}</th>
                        <th scope="col">
                            <span class="visually-hidden">{tu_string!(i18n, users.actions)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{users.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Add(add: ServerAction<AddUser>) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = use_outcome("add_user", add.value());
    let faults = use_faults("add_user", add.value());
    view! {
        <section class="section members-add">
            <h2 class="section-title">{tu_string!(i18n, users.add)}</h2>
            <p class="section-lead">{tu_string!(i18n, users.add_text)}</p>
            <ActionForm action=add>
                <TextField name="name" label=tu_string!(i18n, account.name) />
                <TextField name="email" label=tu_string!(i18n, account.email) kind="email" />
                <TextField
                    name="password"
                    label=tu_string!(i18n, users.password)
                    kind="password"
                    autocomplete="new-password"
                    hint=tu_string!(i18n, account.password_hint)
                />
                <CheckField
                    name="admin"
                    label=tu_string!(i18n, users.admin)
                    ticked=Ticked::No
                    hint=tu_string!(i18n, users.admin_hint)
                />
                <Outcome outcome done=tu_string!(i18n, users.added) />
                <Faults faults />
                <button class="button button-primary" disabled=add.pending()>{tu_string!(i18n, users.add)}</button>
            </ActionForm>
        </section>
    }
}
