//! An upload, spooled to the data folder as it arrives, if the caller may send one; only then does anybody look into
//! it.

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Request},
};
use domain::problem::Code;
use futures::StreamExt;
use http::{HeaderMap, header};
use service::{
    format::Format,
    spool::{Spool, Spooled},
};

use super::{Caller, Segments, slug};
use crate::{
    idempotency,
    limits::{announced, discard},
    problem::{Problem, Result},
    state::AppState,
};

/// A body of lines, on disk.
pub(crate) struct Upload {
    pub(crate) spooled: Spooled,
    pub(crate) format: Format,
}

impl FromRequest<AppState> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let Caller(actor) = Caller::from_request_parts(&mut parts, state).await?;
        let Segments(project): Segments<String> = Segments::from_request_parts(&mut parts, state).await?;
        let format = format_of(&parts.headers)?;
        let most = state.options.max_upload_bytes;
        if announced(&parts.headers).is_some_and(|length| length > most) {
            discard(&parts.headers, body.into_data_stream()).await;
            return Err(too_large(most));
        }
        let spool = match state.services.intake().spool(&actor, &slug(project)?).await {
            Ok(spool) => spool,
            Err(refused) => {
                discard(&parts.headers, body.into_data_stream()).await;
                return Err(refused.into());
            }
        };
        let spooled = receive(spool, &parts.headers, body, most).await?;
        idempotency::note_body(spooled.sha256(), parts.uri.query());
        Ok(Self { spooled, format })
    }
}

async fn receive(mut spool: Spool, headers: &HeaderMap, body: Body, most: u64) -> Result<Spooled> {
    let mut chunks = body.into_data_stream();
    let mut received = 0_u64;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Code::Malformed, "the body ended early"))?;
        received += chunk.len() as u64;
        if received > most {
            discard(headers, chunks).await;
            return Err(too_large(most));
        }
        spool.write(&chunk).await?;
    }
    Ok(spool.finish().await?)
}

fn format_of(headers: &HeaderMap) -> Result<Format> {
    let unsupported = || {
        Problem::new(
            Code::UnsupportedMediaType,
            "send application/x-ndjson, application/json or text/csv, uncompressed",
        )
    };
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|coding| coding == "identity");
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.filter(|_| plain).and_then(Format::of_media_type).ok_or_else(unsupported)
}

fn too_large(most: u64) -> Problem {
    Problem::new(Code::TooLarge, format!("an upload has at most {most} bytes"))
}
