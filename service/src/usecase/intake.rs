//! To come.

use crate::services::Services;

/// To come.
#[derive(Clone, Copy, Debug)]
pub struct Intake<'a>(pub(crate) &'a Services);
