//! One's own access tokens: making one, which shows it once, and ending one.

mod api;
mod create;

use crate::{
    components::{
        badge::Badge,
        confirm::Confirm,
        copy::{CopyShape, CopyText},
        form::{Outcome, use_outcome},
        loaded::Loaded,
        reload::use_done,
        time::Time,
        title::Title,
    },
    error::Reply,
    i18n::{tu_string, use_i18n},
};
use api::{CreateToken, RevokeToken, Tokens, load_tokens};
use create::NewToken;
use domain::view::account::TokenView;
use leptos::{form::ActionForm, prelude::*};

/// The page with one's own access tokens.
#[component]
pub fn TokensPage() -> impl IntoView {
    let i18n = use_i18n();
    let (create, revoke) = (ServerAction::<CreateToken>::new(), ServerAction::<RevokeToken>::new());
    let changes = [use_done(create.value()), use_done(revoke.value())];
    let tokens = Resource::new(move || changes.map(|change| change.get()), |_| load_tokens());
    let revoked = use_outcome("revoke_token", revoke.value());
    // It may be the new one that was ended: then it must no longer be offered.
    Effect::new(move || {
        if changes[1].get() > 0 {
            create.clear();
        }
    });
    view! {
        <Title page=tu_string!(i18n, tokens.title) />
        <h1 class="page-title">{tu_string!(i18n, tokens.title)}</h1>
        <p class="page-lead">{tu_string!(i18n, tokens.lead)}</p>
        <Outcome outcome=revoked done=tu_string!(i18n, tokens.revoked) />
        <Loaded
            data=tokens
            view=move |tokens| {
                let Tokens { tokens, projects, fresh } = tokens;
                view! {
                    <Fresh given=fresh create />
                    <List tokens revoke />
                    <NewToken projects create />
                }
                    .into_any()
            }
        />
    }
    .into_any()
}

/// The token that was just made.
#[component]
fn Fresh(given: Option<String>, create: ServerAction<CreateToken>) -> impl IntoView {
    let i18n = use_i18n();
    let token = move || match create.value().get() {
        Some(Ok(Reply::Done(token))) => Some(token),
        _ => given.clone(),
    };
    move || {
        token().map(|token| {
            view! {
                <div class="notice notice-good tokens-fresh" role="status">
                    <p>{tu_string!(i18n, tokens.fresh)}</p>
                    <CopyText text=token label=tu_string!(i18n, tokens.token) shape=CopyShape::Block />
                </div>
            }
        })
    }
}

#[component]
fn List(tokens: Vec<TokenView>, revoke: ServerAction<RevokeToken>) -> impl IntoView {
    let i18n = use_i18n();
    if tokens.is_empty() {
        return view! { <p class="section-lead">{tu_string!(i18n, tokens.empty)}</p> }.into_any();
    }
    view! {
        <div class="table-box" tabindex="0">
            <table class="table tokens">
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, tokens.name)}</th>
                        <th scope="col">{tu_string!(i18n, tokens.scopes)}</th>
                        <th scope="col">{tu_string!(i18n, tokens.project)}</th>
                        <th scope="col">{tu_string!(i18n, tokens.created)}</th>
                        <th scope="col">{tu_string!(i18n, tokens.used)}</th>
                        <th scope="col">{tu_string!(i18n, tokens.ends)}</th>
                        <th scope="col">
                            <span class="visually-hidden">{tu_string!(i18n, tokens.revoke)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {tokens.into_iter().map(|token| view! { <Row token revoke /> }).collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(token: TokenView, revoke: ServerAction<RevokeToken>) -> impl IntoView {
    let i18n = use_i18n();
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let project = match token.project {
        Some(slug) => view! { <code>{slug.to_string()}</code> }.into_any(),
        None => tu_string!(i18n, tokens.all_projects).into_any(),
    };
    let used = match token.last_used_at {
        Some(at) => view! { <Time at /> }.into_any(),
        None => tu_string!(i18n, tokens.never).into_any(),
    };
    let ends = match (token.revoked_at, token.expires_at) {
        (Some(_), _) => view! { <Badge text=tu_string!(i18n, tokens.is_revoked) /> }.into_any(),
        (None, Some(at)) => view! { <Time at /> }.into_any(),
        (None, None) => tu_string!(i18n, tokens.never).into_any(),
    };
    let consequence = tu_string!(i18n, tokens.revoke_text, name = token.name.clone()).to_string();
    let id = token.id.0;
    view! {
        <tr>
            <td class="tokens-name">{token.name}</td>
            <td>{scopes.join(", ")}</td>
            <td>{project}</td>
            <td><Time at=token.created_at /></td>
            <td>{used}</td>
            <td>{ends}</td>
            <td>
                {token
                    .revoked_at
                    .is_none()
                    .then(|| {
                        view! {
                            <Confirm summary=tu_string!(i18n, tokens.revoke)>
                                <p>{consequence}</p>
                                <ActionForm action=revoke>
                                    <input type="hidden" name="token" value=id />
                                    <button class="button button-danger" disabled=revoke.pending()>
                                        {tu_string!(i18n, tokens.revoke_confirm)}
                                    </button>
                                </ActionForm>
                            </Confirm>
                        }
                    })}
            </td>
        </tr>
    }
}
