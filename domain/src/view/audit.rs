//! The audit log as it is shown.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One change: who, when, what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// `user`, `token`, `operator` or `system`.
    pub actor: String,
    /// The user's e-mail address, for `user` and `token`.
    pub email: Option<String>,
    /// What was done, the use case's word.
    pub action: String,
    /// What it was done to, such as `task 12`.
    pub subject: String,
    /// What else is worth knowing.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub detail: Value,
}
