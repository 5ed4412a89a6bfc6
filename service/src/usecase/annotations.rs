//! To come.

use crate::services::Services;

/// To come.
#[derive(Clone, Copy, Debug)]
pub struct Annotations<'a>(pub(crate) &'a Services);
