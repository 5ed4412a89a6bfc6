//! The server functions of one's own access tokens.

use crate::error::Answer;
use domain::view::account::TokenView;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// The newest first.
    pub tokens: Vec<TokenView>,
    /// The projects that a token may be limited to: slugs and names.
    pub projects: Vec<(String, String)>,
    /// The token that was just made with a form without JavaScript.
    pub fresh: Option<String>,
}

/// One's own tokens.
#[server(endpoint = "load_tokens", input = GetUrl)]
pub async fn load_tokens() -> Answer<Tokens> {
    use crate::{error::load, session};
    use domain::view::PageRequest;
    let tokens = async {
        let (actor, services) = (session::actor().await?, session::services()?);
        let tokens = services.tokens().list(&actor, None).await?;
        let most = PageRequest { limit: Some(500), cursor: None };
        let projects = services.projects().list(&actor, most).await?.items;
        let projects = projects.into_iter().map(|project| (project.slug.to_string(), project.name)).collect();
        Ok(Tokens { tokens, projects, fresh: new_token().take() })
    };
    load(tokens.await)
}

/// Makes a token for oneself; the answer is the token. `days` is empty for one that never ends.
#[server(endpoint = "create_token")]
pub async fn create_token(
    name: String,
    #[server(default)] project: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] days: String,
) -> Answer<String> {
    use crate::{clock, error::submit_then, session};
    use domain::{access::Scope, name::Slug, problem::Code};
    use service::usecase::tokens::NewToken;
    let created = async {
        let (actor, services) = (session::actor().await?, session::services()?);
        let project = match project.as_str() {
            "" => None,
            slug => Some(Slug::parse(slug).map_err(|_| Code::NotFound)?),
        };
        let scopes: Option<Vec<Scope>> = scopes.iter().map(|scope| Scope::parse(scope)).collect();
        let expires_at = match days.as_str() {
            "" => None,
            days => Some(clock::now().plus_seconds(86_400 * days.parse::<i64>().map_err(|_| Code::Invalid)?)),
        };
        let email = services.accounts().own(&actor).await?.email;
        let name = name.trim().to_owned();
        let input = NewToken { email, name, project, scopes: scopes.ok_or(Code::Invalid)?, expires_at };
        Ok(services.tokens().create(&actor, input).await?.token)
    };
    submit_then(created.await, |token| {
        new_token().keep(token);
        Some("/account/tokens?done=create_token".to_owned())
    })
}

/// Ends one of one's tokens.
#[server(endpoint = "revoke_token")]
pub async fn revoke_token(token: i64) -> Answer<()> {
    use crate::{error::submit, session};
    use domain::id::TokenId;
    let revoked = async {
        let actor = session::actor().await?;
        session::services()?.tokens().revoke(&actor, TokenId(token)).await
    };
    submit(revoked.await)
}

/// Where a new token is kept until its page is shown.
#[cfg(feature = "ssr")]
fn new_token() -> crate::shown_once::ShownOnce {
    crate::shown_once::ShownOnce { name: "relabel_new_token", path: "/account/tokens".to_owned() }
}
