//! From a request to domain types: who calls, the body, the query, the path.
//!
//! Each refuses with the code and the place that is wrong; none of them knows what the values are for.

mod body;
mod caller;
mod path;
mod query;
mod strict;
mod syntax;
mod upload;

pub(crate) use body::{Input, Nothing};
pub(crate) use caller::{Caller, authenticate, authenticate_or_session};
pub(crate) use path::{Numbered, Segments, slug, version_ref};
pub(crate) use query::{Query, as_body};
pub(crate) use syntax::read as read_json;
pub(crate) use upload::Upload;
