//! Export: the labels of a version, streamed.
//!
//! Pages are read one at a time, so that a slow reader holds no connection to the database; a version never changes, so
//! the pages fit together.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{name::VersionRef, problem::Code};
use flate2::{Compression, write::GzEncoder};
use futures::{Stream, TryStreamExt, stream};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use service::{
    Services,
    usecase::export::{ExportFormat, ExportPlan, ExportRequest, Include, Spreadsheet},
};
use sha2::{Digest, Sha256};
use std::io::Write;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::range::{self, Wanted};
use crate::{
    extract::{Caller, Query, Segments, slug},
    problem::{Problem, Refusals, Result},
    site::accepts_gzip,
    state::AppState,
};

/// The shape of the lines; grows when a reader would have to change.
pub(crate) const EXPORT_FORMAT: HeaderName = HeaderName::from_static("x-export-format");
const LABEL_VERSION: HeaderName = HeaderName::from_static("x-label-version");
const LABEL_DIGEST: HeaderName = HeaderName::from_static("x-label-digest");

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// The labels of a version, by sample id.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/export", tag = "versions",
    params(
        ("slug" = String, Path),
        ("version" = Option<String>, Query, description = "a number, `latest` (the default) or a tag"),
        ("format" = Option<String>, Query, description = "`jsonl` (the default) or `csv`"),
        ("include" = Option<String>, Query, description = "`provenance`, `predictions`, by commas"),
        ("since" = Option<String>, Query, description = "only what changed after this version; 0 is the empty state"),
        ("spreadsheet" = Option<String>, Query, description = "`safe`: defuses cells that a spreadsheet would run"),
    ),
    responses(
        (status = 200, content((String = "application/x-ndjson"), (String = "text/csv"))),
        (status = 206, description = "a part, in identity coding"),
        (status = 304, description = "the same as the ETag names"),
        Refusals,
    ))]
async fn read(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    headers: HeaderMap,
) -> Result<Response> {
    let request = parse(query)?;
    let kind = media_type(request.format);
    let plan = services.export().plan(&actor, &slug(project)?, request).await?;
    // A part is of the file as it is, so whoever asks for one gets no other coding.
    let ranged = headers.contains_key(header::RANGE);
    let coding = if !ranged && accepts_gzip(&headers) { Coding::Gzip } else { Coding::Identity };
    let tag = tag(&plan, coding);
    let mut response = if matches_tag(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if ranged {
        match range::of(&headers, &tag, size(&services, &plan).await?) {
            Wanted::Whole => whole(services, &plan, Coding::Identity),
            Wanted::Part(part) => {
                let bytes = range::cut(pages(services, plan.clone()), &part);
                let headers = [(header::CONTENT_RANGE, part.content_range())];
                let length = [(header::CONTENT_LENGTH, part.length())];
                (StatusCode::PARTIAL_CONTENT, headers, length, Body::from_stream(bytes)).into_response()
            }
            Wanted::Beyond { size } => {
                let refusal = Problem::new(Code::RangeNotSatisfiable, format!("there are {size} bytes"));
                return Ok(([(header::CONTENT_RANGE, format!("bytes */{size}"))], refusal).into_response());
            }
        }
    } else {
        whole(services, &plan, coding)
    };
    describe(response.headers_mut(), &plan, &tag, kind)?;
    Ok(response)
}

fn parse(mut query: Query) -> Result<ExportRequest> {
    let formats = "jsonl or csv; parquet and arrow are not served by this release";
    let version = "a number from 1, latest, or a tag";
    let request = ExportRequest {
        version: query.parsed("version", version, |text| VersionRef::parse(text).ok()),
        since: query.parsed("since", "a version, or 0", |text| VersionRef::parse_with_empty(text).ok()),
        format: query
            .parsed("format", formats, |text| match text {
                "jsonl" => Some(ExportFormat::Jsonl),
                "csv" => Some(ExportFormat::Csv),
                _ => None,
            })
            .unwrap_or(ExportFormat::Jsonl),
        include: include(&mut query),
        spreadsheet: query
            .parsed("spreadsheet", "safe", |text| (text == "safe").then_some(Spreadsheet::Safe))
            .unwrap_or(Spreadsheet::Raw),
    };
    query.finish()?;
    Ok(request)
}

fn include(query: &mut Query) -> Include {
    let mut include = Include::default();
    let given = query.every("include");
    for part in given.iter().flat_map(|text| text.split(',')).filter(|part| !part.is_empty()) {
        match part {
            "provenance" => include.provenance = true,
            "predictions" => include.predictions = true,
            _ => query.fault("include", Code::Invalid, "is neither provenance nor predictions"),
        }
    }
    include
}

fn media_type(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Jsonl => "application/x-ndjson",
        ExportFormat::Csv => "text/csv; charset=utf-8",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Identity,
    Gzip,
}

/// Strong: over everything that decides the bytes, however the version was spelt.
fn tag(plan: &ExportPlan, coding: Coding) -> String {
    let coding = match coding {
        Coding::Identity => "identity",
        Coding::Gzip => "gzip",
    };
    let digest = Sha256::digest(format!("{}\n{coding}", plan.etag_input));
    format!("\"{}\"", hex::encode(&digest[..16]))
}

fn matches_tag(headers: &HeaderMap, tag: &str) -> bool {
    let given = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|value| value.split(',')).map(str::trim).any(|one| {
        // GET compares weakly (RFC 9110, 13.1.2).
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}

fn describe(headers: &mut HeaderMap, plan: &ExportPlan, tag: &str, kind: &'static str) -> Result<()> {
    let text = |text: &str| {
        HeaderValue::from_str(text).map_err(|error| {
            tracing::error!(%error, "a header of an export cannot be sent");
            Problem::of(Code::Internal)
        })
    };
    headers.insert(header::ETAG, text(tag)?);
    headers.insert(LABEL_VERSION, plan.version.into());
    headers.insert(LABEL_DIGEST, text(&plan.digest)?);
    headers.insert(EXPORT_FORMAT, HeaderValue::from_static("1"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, authorization, cookie"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(())
}

fn whole(services: Services, plan: &ExportPlan, coding: Coding) -> Response {
    let pages = pages(services, plan.clone());
    match coding {
        Coding::Identity => Body::from_stream(pages).into_response(),
        Coding::Gzip => {
            ([(header::CONTENT_ENCODING, "gzip")], Body::from_stream(packed(pages))).into_response()
        }
    }
}

/// The bytes of the export, page by page.
fn pages(services: Services, plan: ExportPlan) -> impl Stream<Item = service::Result<Vec<u8>>> + Send {
    stream::try_unfold((services, plan, Some(None)), |(services, plan, cursor)| async move {
        // The outer `None` says that the last page was read.
        let Some(cursor) = cursor else { return Ok(None) };
        let page = services.export().page(&plan, cursor).await?;
        let next = page.next.map(Some);
        Ok(Some((page.bytes, (services, plan, next))))
    })
}

async fn size(services: &Services, plan: &ExportPlan) -> Result<u64> {
    let counted = pages(services.clone(), plan.clone())
        .try_fold(0_u64, |size, page| async move { Ok(size + page.len() as u64) });
    Ok(counted.await?)
}

/// The same in gzip coding. A page is compressed in a millisecond or so, which needs no thread of its own.
fn packed<S>(pages: S) -> impl Stream<Item = std::io::Result<Vec<u8>>> + Send
where
    S: Stream<Item = service::Result<Vec<u8>>> + Send,
{
    let encoder = GzEncoder::new(Vec::new(), Compression::fast());
    stream::try_unfold((Box::pin(pages), Some(encoder)), |(mut pages, encoder)| async move {
        let Some(mut encoder) = encoder else { return Ok(None) };
        match pages.try_next().await.map_err(std::io::Error::other)? {
            Some(page) => {
                encoder.write_all(&page)?;
                let bytes = std::mem::take(encoder.get_mut());
                Ok(Some((bytes, (pages, Some(encoder)))))
            }
            None => Ok(Some((encoder.finish()?, (pages, None)))),
        }
    })
}
