//! Export: the labels of a version, streamed.
//!
//! A whole export is sent as it is made. Whoever asks for a part or for the size gets it of a file, which is made at the
//! first such request.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{name::VersionRef, problem::Code, split::Split};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use service::{
    Services,
    usecase::export::{
        ExportFilter, ExportFormat, ExportPlan, ExportRequest, Include, KeptExport, Spreadsheet,
    },
};
use sha2::{Digest, Sha256};
use std::io::SeekFrom;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::range::{self, Wanted};
use crate::{
    accept::Coding,
    extract::{Caller, Query, Segments, slug},
    problem::{Problem, Refusals, Result},
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
        ("format" = Option<String>, Query, description = "`jsonl` (the default), `csv`, `parquet` or `arrow`"),
        ("include" = Option<String>, Query, description = "`provenance`, `predictions`, by commas"),
        ("since" = Option<String>, Query, description = "only what changed after this version; 0 is the empty state"),
        ("split" = Option<String>, Query, description = "only `train`, `validation` or `test`"),
        ("label" = Option<String>, Query, description = "only labels that hold these answers, as for samples"),
        ("metadata" = Option<String>, Query, description = "only labels decided on a content with these metadata"),
        ("spreadsheet" = Option<String>, Query, description = "`safe`: defuses cells that a spreadsheet would run"),
    ),
    responses(
        (status = 200, content(
            (String = "application/x-ndjson"), (String = "text/csv"), (String = "application/vnd.apache.parquet"),
            (String = "application/vnd.apache.arrow.file"))),
        (status = 206, description = "a part, in identity coding"),
        (status = 304, description = "the same as the ETag names"),
        Refusals,
    ))]
async fn read(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    method: Method,
    query: Query,
    headers: HeaderMap,
) -> Result<Response> {
    let request = parse(query)?;
    let project = slug(project)?;
    let plan = services.export().plan(&actor, &project, request).await?;
    // A part or a size is of the file as it is, so whoever asks for one gets no other coding; Parquet is packed already.
    let is_part = method == Method::GET && headers.contains_key(header::RANGE);
    let whole = method == Method::GET && !is_part;
    let coding = match plan.format {
        ExportFormat::Jsonl | ExportFormat::Csv | ExportFormat::Arrow if whole => Coding::best(&headers),
        _ => Coding::Identity,
    };
    let tag = tag(&plan, coding);
    if !may_match(&headers, &tag) {
        return Err(Problem::of(Code::PreconditionFailed));
    }
    let mut response = if matches_tag(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if !whole {
        let kept = services.export().keep(&plan).await?;
        // A range means something for GET alone.
        let wanted = if is_part { range::of(&headers, &tag, kept.size) } else { Wanted::Whole };
        match wanted {
            Wanted::Whole => file(kept),
            Wanted::Part(part) => {
                let KeptExport { mut file, .. } = kept;
                file.seek(SeekFrom::Start(part.first())).await.map_err(service::Error::from)?;
                let headers = [(header::CONTENT_RANGE, part.content_range())];
                let length = [(header::CONTENT_LENGTH, part.length())];
                let body = Body::from_stream(ReaderStream::new(file.take(part.length())));
                (StatusCode::PARTIAL_CONTENT, headers, length, body).into_response()
            }
            Wanted::Beyond { size } => {
                let refusal = Problem::new(Code::RangeNotSatisfiable, format!("there are {size} bytes"));
                return Ok(([(header::CONTENT_RANGE, format!("bytes */{size}"))], refusal).into_response());
            }
        }
    } else {
        let kept = if coding == Coding::Identity { services.export().kept(&plan).await? } else { None };
        match kept {
            Some(kept) => file(kept),
            None => coding.body(services.export().stream(plan.clone())).into_response(),
        }
    };
    describe(response.headers_mut(), &plan, &tag)?;
    if coding != Coding::Identity && response.status() == StatusCode::OK {
        let coding = HeaderValue::from_static(coding.as_str());
        response.headers_mut().insert(header::CONTENT_ENCODING, coding);
    }
    let card = format!("</api/v1/projects/{project}/versions/{}/card>; rel=\"describedby\"", plan.version);
    if let Ok(card) = HeaderValue::from_str(&card) {
        response.headers_mut().insert(header::LINK, card);
    }
    Ok(response)
}

fn file(kept: KeptExport) -> Response {
    let length = [(header::CONTENT_LENGTH, kept.size)];
    (length, Body::from_stream(ReaderStream::with_capacity(kept.file, 64 << 10))).into_response()
}

fn parse(mut query: Query) -> Result<ExportRequest> {
    let version = "a number from 1, latest, or a tag";
    let request = ExportRequest {
        version: query.parsed("version", version, |text| VersionRef::parse(text).ok()),
        since: query.parsed("since", "a version, or 0", |text| VersionRef::parse_with_empty(text).ok()),
        format: query
            .parsed("format", "jsonl, csv, parquet or arrow", ExportFormat::parse)
            .unwrap_or(ExportFormat::Jsonl),
        include: include(&mut query),
        filter: ExportFilter {
            split: query.parsed("split", "train, validation or test", Split::parse),
            label: query.map("label"),
            metadata: query.map("metadata"),
        },
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
        ExportFormat::Parquet => "application/vnd.apache.parquet",
        ExportFormat::Arrow => "application/vnd.apache.arrow.file",
    }
}

/// Strong: over everything that decides the bytes, however the version was spelt.
fn tag(plan: &ExportPlan, coding: Coding) -> String {
    let coding = coding.as_str();
    let digest = Sha256::digest(format!("{}\n{coding}", plan.etag_input));
    format!("\"{}\"", hex::encode(&digest[..16]))
}

/// Whether `If-Match` allows an answer; it compares strongly (RFC 9110, 13.1.1).
fn may_match(headers: &HeaderMap, tag: &str) -> bool {
    let given = headers.get_all(header::IF_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut given = given.flat_map(|value| value.split(',')).map(str::trim);
    !headers.contains_key(header::IF_MATCH) || given.any(|one| one == "*" || one == tag)
}

pub(super) fn matches_tag(headers: &HeaderMap, tag: &str) -> bool {
    let given = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|value| value.split(',')).map(str::trim).any(|one| {
        // GET compares weakly (RFC 9110, 13.1.2).
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}

fn describe(headers: &mut HeaderMap, plan: &ExportPlan, tag: &str) -> Result<()> {
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
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(plan.format)));
    Ok(())
}
