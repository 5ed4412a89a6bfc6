//! Who is asking: the browser's session, and the use cases that answer.
//!
//! The session holds a user's id, and what a form without JavaScript leaves for the page that follows it; what that user
//! may do is read anew for every request.

/// In the request: the network address that it comes from.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug)]
pub struct Client(pub std::net::IpAddr);

/// The key in the session under which the user's id stands, as an `i64`.
pub const USER_KEY: &str = "user";

#[cfg(feature = "ssr")]
pub use server::{actor, client, end, id, keep, kept, services, start, take};

#[cfg(feature = "ssr")]
mod server {
    use super::{Client, USER_KEY};
    use domain::{id::UserId, problem::Code};
    use leptos::prelude::use_context;
    use serde::{Serialize, de::DeserializeOwned};
    use service::{Error, Result, Services, actor::Actor};
    use tower_sessions::Session;

    /// The use cases.
    pub fn services() -> Result<Services> {
        use_context().ok_or_else(|| Error::Unavailable("no services in the context".to_owned()))
    }

    /// The person who is signed in; refused with `unauthenticated` where there is none.
    pub async fn actor() -> Result<Actor> {
        let user = session().await?.get::<i64>(USER_KEY).await.map_err(unavailable)?;
        let user = user.ok_or(Code::Unauthenticated)?;
        Ok(services()?.accounts().actor(UserId(user)).await?.ok_or(Code::Unauthenticated)?)
    }

    /// Signs a person in: under a new session id, so that one known before is worth nothing, and without what somebody
    /// before them left.
    pub async fn start(user: UserId) -> Result<()> {
        let session = session().await?;
        session.clear().await;
        session.cycle_id().await.map_err(unavailable)?;
        session.insert(USER_KEY, user.0).await.map_err(unavailable)
    }

    /// Signs out.
    pub async fn end() -> Result<()> {
        session().await?.flush().await.map_err(unavailable)
    }

    /// Keeps a value for the page that follows.
    pub async fn keep<T: Serialize + Sync>(key: &str, value: &T) -> Result<()> {
        session().await?.insert(key, value).await.map_err(unavailable)
    }

    /// What was kept, and still is; none where there is nothing or something else.
    pub async fn kept<T: DeserializeOwned>(key: &str) -> Result<Option<T>> {
        let value: Option<serde_json::Value> = session().await?.get(key).await.map_err(unavailable)?;
        Ok(value.and_then(|value| serde_json::from_value(value).ok()))
    }

    /// What was kept, once; none where there is nothing or something else.
    pub async fn take<T: DeserializeOwned>(key: &str) -> Result<Option<T>> {
        let value: Option<serde_json::Value> = session().await?.remove(key).await.map_err(unavailable)?;
        Ok(value.and_then(|value| serde_json::from_value(value).ok()))
    }

    /// The id of this session, which survives a change of the password.
    pub async fn id() -> Result<Option<String>> {
        Ok(session().await?.id().map(|id| id.to_string()))
    }

    /// The network address that attempts to sign in are counted by.
    pub async fn client() -> String {
        use axum::Extension;
        leptos_axum::extract::<Extension<Client>>()
            .await
            .map_or_else(|_| "unknown".to_owned(), |Extension(Client(address))| address.to_string())
    }

    async fn session() -> Result<Session> {
        leptos_axum::extract().await.map_err(|_| Error::Unavailable("no session layer".to_owned()))
    }

    fn unavailable(error: tower_sessions::session::Error) -> Error {
        Error::Unavailable(format!("session: {error}"))
    }
}
