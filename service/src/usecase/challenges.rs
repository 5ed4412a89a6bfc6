//! To come.

use crate::services::Services;

/// To come.
#[derive(Clone, Copy, Debug)]
pub struct Challenges<'a>(pub(crate) &'a Services);
