//! What the uploads have in common: how wrong lines are treated.

use service::usecase::intake::{Labels, OnError, foreign::Dialect};
use utoipa::IntoParams;

use crate::extract::Query;

/// How wrong lines are treated.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its shape is read, by the OpenAPI document")]
pub(super) struct OnErrorParams {
    /// `abort`, the default: any wrong line refuses the upload, and nothing is kept. `skip`: wrong lines are left out.
    #[param(pattern = "^(abort|skip)$")]
    on_error: Option<String>,
}

/// `on_error` of the query.
pub(super) fn on_error(query: &mut Query) -> OnError {
    let read = |text: &str| match text {
        "abort" => Some(OnError::Abort),
        "skip" => Some(OnError::Skip),
        _ => None,
    };
    query.parsed("on_error", "abort or skip", read).unwrap_or(OnError::Abort)
}

/// `from` of the query: the program that wrote the records.
pub(super) fn from(query: &mut Query) -> Dialect {
    query.parsed("from", "relabel, label_studio, argilla or doccano", Dialect::parse).unwrap_or_default()
}

/// `labels` of the query.
pub(super) fn labels(query: &mut Query) -> Labels {
    let read = |text: &str| match text {
        "keep" => Some(Labels::Keep),
        "overwrite" => Some(Labels::Overwrite),
        _ => None,
    };
    query.parsed("labels", "keep or overwrite", read).unwrap_or(Labels::Keep)
}
