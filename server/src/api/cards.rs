//! Data cards: what the labels of a version are, as Markdown.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{card::Language, problem::Code};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use service::Services;
use sha2::{Digest, Sha256};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::export::matches_tag;
use crate::{
    extract::{Caller, Query, Segments, slug, version_ref},
    problem::{Problem, Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(card))
}

/// The data card of a version, which begins like the card of a data set on Hugging Face.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/versions/{ref}/card", tag = "versions",
    params(
        ("slug" = String, Path),
        ("ref" = String, Path),
        ("lang" = Option<String>, Query, description = "`en` or `ko`; by `Accept-Language` where absent"),
    ),
    responses(
        (status = 200, content((String = "text/markdown"))),
        (status = 304, description = "the same as the ETag names"),
        Refusals,
    ))]
async fn card(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, version)): Segments<(String, String)>,
    mut query: Query,
    headers: HeaderMap,
) -> Result<Response> {
    let asked = query.parsed("lang", "en or ko", Language::parse);
    query.finish()?;
    let language = asked.unwrap_or_else(|| preferred(&headers));
    let (project, version) = (slug(project)?, version_ref(&version)?);
    let card = services.cards().get(&actor, &project, &version, language).await?;
    let tag = format!("\"{}\"", hex::encode(Sha256::digest(&card.markdown)));
    let mut response = if matches_tag(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        card.markdown.into_response()
    };
    let name = format!("inline; filename=\"{project}-v{}.md\"", card.version);
    let text = |text: &str| {
        HeaderValue::from_str(text).map_err(|error| {
            tracing::error!(%error, "a header of a card cannot be sent");
            Problem::of(Code::Internal)
        })
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, text(&tag)?);
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, authorization, cookie"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/markdown; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, text(&name)?);
    Ok(response)
}

/// The language that the caller likes best (RFC 9110, 12.5.4); English where they say nothing of either.
fn preferred(headers: &HeaderMap) -> Language {
    let given = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let mut best = (Language::English, 0.0);
    for entry in given.flat_map(|value| value.split(',')) {
        let (range, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let weight: f32 = weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(1.0);
        let code = range.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        if let Some(language) = Language::parse(&code)
            && weight > best.1
        {
            best = (language, weight);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::preferred;
    use domain::card::Language;
    use http::{HeaderMap, HeaderValue, header};
    use rstest::rstest;

    #[rstest]
    #[case("ko", Language::Korean)]
    #[case("ko-KR,ko;q=0.9,en;q=0.8", Language::Korean)]
    #[case("de, en;q=0.5, ko;q=0.4", Language::English)]
    #[case("de", Language::English)]
    #[case("ko;q=0", Language::English)]
    fn languages(#[case] value: &'static str, #[case] expected: Language) {
        let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(value))]);
        assert_eq!(preferred(&headers), expected);
    }
}
