//! What lists have in common: their parameters, and the page of a list that is short enough to be one.

use domain::view::Page;
use utoipa::IntoParams;

/// Which page of a list is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its shape is read, by the OpenAPI document")]
pub(super) struct PageParams {
    /// How many entries, 1 to 500; 50 where absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// A `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// A list that is always whole.
pub(super) fn whole<T>(items: Vec<T>) -> Page<T> {
    Page { items, next_cursor: None }
}
