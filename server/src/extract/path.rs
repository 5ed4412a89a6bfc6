//! The variable parts of a path. One that is no valid name names nothing, so it is "not found".

use axum::extract::{FromRequestParts, Path};
use domain::{
    name::{Slug, VersionRef},
    problem::Code,
};
use http::request::Parts;
use serde::de::DeserializeOwned;
use std::str::FromStr;

use crate::problem::{Problem, Result};

/// The parts of the path as text, decoded.
#[derive(Clone, Debug)]
pub(crate) struct Segments<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segments<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        // Nothing has U+0000 in its name, and PostgreSQL fails on it.
        if parts.uri.path().contains("%00") {
            return Err(Problem::of(Code::NotFound));
        }
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(segments)| Self(segments))
            .map_err(|_| Problem::new(Code::Malformed, "the path holds text that is not UTF-8"))
    }
}

/// A project's name.
pub(crate) fn slug(text: String) -> Result<Slug> {
    Slug::parse(text).map_err(|_| Problem::of(Code::NotFound))
}

/// How a version is spelt.
pub(crate) fn version_ref(text: &str) -> Result<VersionRef> {
    VersionRef::parse(text).map_err(|_| Problem::of(Code::NotFound))
}

/// An id that is a number.
pub(crate) trait Numbered: FromStr {
    /// The id of this text.
    fn of_segment(text: &str) -> Result<Self> {
        text.parse().map_err(|_| Problem::of(Code::NotFound))
    }
}

impl<T: FromStr> Numbered for T {}
