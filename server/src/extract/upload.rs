//! An upload, spooled to the data folder as it arrives and decoded on the way, if the caller may send one; only then
//! does anybody look into it.

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Request},
};
use domain::{name::Slug, problem::Code};
use http::{HeaderMap, header};
use service::{
    Actor,
    coding::Coding,
    format::Format,
    spool::{Receiving, Spool, Spooled},
};

use super::{Caller, Segments, slug};
use crate::{
    idempotency,
    limits::{announced, discard},
    problem::{Problem, Result},
    state::AppState,
};

/// A body of lines, on disk, with who sent it and where to.
pub(crate) struct Upload {
    pub(crate) actor: Actor,
    pub(crate) project: Slug,
    pub(crate) spooled: Spooled,
    pub(crate) format: Format,
}

impl FromRequest<AppState> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let Caller(actor) = Caller::from_request_parts(&mut parts, state).await?;
        let Segments(project): Segments<String> = Segments::from_request_parts(&mut parts, state).await?;
        let project = slug(project)?;
        let (format, coding) = (format_of(&parts.headers)?, coding_of(&parts.headers)?);
        let most = state.options.max_upload_bytes;
        if announced(&parts.headers).is_some_and(|length| length > most) {
            discard(&parts.headers, body.into_data_stream()).await;
            return Err(Problem::new(Code::TooLarge, format!("an upload has at most {most} bytes")));
        }
        let spool = match state.services.intake().spool(&actor, &project).await {
            Ok(spool) => spool,
            Err(refused) => {
                discard(&parts.headers, body.into_data_stream()).await;
                return Err(refused.into());
            }
        };
        let spooled = receive(spool, &parts.headers, body, Receiving { coding, most }).await?;
        // Of what the body stands for, so that a retry may be coded otherwise.
        idempotency::note_body(spooled.sha256(), parts.uri.query());
        Ok(Self { actor, project, spooled, format })
    }
}

async fn receive(mut spool: Spool, headers: &HeaderMap, body: Body, how: Receiving) -> Result<Spooled> {
    let mut chunks = body.into_data_stream();
    if let Err(error) = spool.receive(&mut chunks, how, |_| Code::Malformed).await {
        // A disk that is full has room again before the rest has come.
        drop(spool);
        discard(headers, chunks).await;
        return Err(error.into());
    }
    Ok(spool.finish().await?)
}

fn format_of(headers: &HeaderMap) -> Result<Format> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.and_then(Format::of_media_type)
        .ok_or_else(|| unsupported("send application/x-ndjson, application/json or text/csv, in UTF-8"))
}

/// One coding at most: nobody packs twice but by mistake.
fn coding_of(headers: &HeaderMap) -> Result<Coding> {
    let mut codings = headers.get_all(header::CONTENT_ENCODING).iter();
    let coding = match (codings.next(), codings.next()) {
        (None, _) => Some(Coding::Identity),
        (Some(value), None) => value.to_str().ok().and_then(Coding::of_header),
        _ => None,
    };
    coding.ok_or_else(|| unsupported("send it in gzip or zstd coding, or without Content-Encoding"))
}

fn unsupported(detail: &str) -> Problem {
    Problem::new(Code::UnsupportedMediaType, detail)
}
