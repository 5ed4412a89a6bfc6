//! Browser sessions: tower-sessions' store, thin over the service's.
//!
//! A session's data holds the id of the user who signed in under [`app::session::USER_KEY`] and little else; the
//! store passes it on so that disabling a user can end their sessions.

use async_trait::async_trait;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{id::UserId, problem::Code, time::Timestamp};
use service::Services;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::problem::Problem;

/// The cookie that holds a session's id.
pub const COOKIE: &str = "relabel_session";

/// How long a session lives without a request.
const IDLE: Duration = Duration::days(14);

/// An id of 128 random bits is taken about never; this often in a row means that the randomness is broken.
const TRIES: usize = 8;

/// Sessions in the database.
#[derive(Clone)]
pub struct Sessions(Services);

impl Sessions {
    /// The sessions of these services.
    pub fn new(services: Services) -> Self {
        Self(services)
    }
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

/// The middleware that finds the session of a request.
pub(crate) fn layer(services: Services, secure: Secure) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions::new(services))
        .with_name(COOKIE)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(secure == Secure::HttpsOnly)
        .with_expiry(Expiry::OnInactivity(IDLE))
        .with_path("/")
}

/// Over which transports a browser sends the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secure {
    /// HTTPS alone.
    HttpsOnly,
    /// HTTP too.
    AlsoHttp,
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        for _ in 0..TRIES {
            let data = encode(record)?;
            let id = record.id.to_string();
            let expires = timestamp(record.expiry_date)?;
            let created = self.0.sessions().create(&id, user(record), &data, expires).await;
            if created.map_err(|error| backend(&error))? {
                return Ok(());
            }
            record.id = Id::default();
        }
        Err(Error::Backend("every new session id is taken".to_owned()))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let data = encode(record)?;
        let expires = timestamp(record.expiry_date)?;
        let saved = self.0.sessions().save(&record.id.to_string(), user(record), &data, expires).await;
        saved.map_err(|error| backend(&error))
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let data = self.0.sessions().load(&id.to_string()).await.map_err(|error| backend(&error))?;
        // One that is expired or whose user is gone is not there.
        data.map(|data| serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string())))
            .transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.sessions().delete(&id.to_string()).await.map_err(|error| backend(&error))
    }
}

fn encode(record: &Record) -> Result<String> {
    serde_json::to_string(record).map_err(|error| Error::Encode(error.to_string()))
}

fn user(record: &Record) -> Option<UserId> {
    record.data.get(app::session::USER_KEY).and_then(serde_json::Value::as_i64).map(UserId)
}

fn timestamp(at: OffsetDateTime) -> Result<Timestamp> {
    let micros = at.unix_timestamp_nanos().div_euclid(1000);
    i64::try_from(micros).map(Timestamp).map_err(|error| Error::Encode(error.to_string()))
}

fn backend(error: &service::Error) -> Error {
    Error::Backend(error.to_string())
}

/// The day on which a session was last used, so that using it keeps it alive at one write a day.
const SEEN: &str = "seen";

/// Keeps a session alive that is used: tower-sessions counts only changes as activity.
pub(crate) async fn keep_alive(
    State(services): State<Services>,
    session: Session,
    request: Request,
    next: Next,
) -> Response {
    let today = OffsetDateTime::now_utc().to_julian_day();
    let signed_in = matches!(session.get::<i64>(app::session::USER_KEY).await, Ok(Some(_)));
    if signed_in && !matches!(session.get::<i32>(SEEN).await, Ok(Some(day)) if day == today) {
        // Tried on a handle of its own: tower-sessions answers 500 for a session that cannot be written, and this one
        // serves the request all the same, such as while the disk is full.
        let apart = Session::new(session.id(), Arc::new(Sessions::new(services)), session.expiry());
        let kept = async {
            apart.insert(SEEN, today).await?;
            apart.save().await?;
            session.insert(SEEN, today).await
        };
        if let Err(error) = kept.await {
            tracing::warn!(%error, "a session was not kept alive");
        }
    }
    next.run(request).await
}

/// Says in a problem what tower-sessions leaves blank: that the session could not be written.
pub(crate) async fn tell_unsaved(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let blank = !response.headers().contains_key(http::header::CONTENT_TYPE);
    if response.status() == http::StatusCode::INTERNAL_SERVER_ERROR && blank {
        return Problem::of(Code::Unavailable).into_response();
    }
    response
}
