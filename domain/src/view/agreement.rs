//! Inter-annotator agreement as it is shown.

use crate::agreement::Summary;
use serde::{Deserialize, Serialize};

/// Agreement on one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgreementView {
    /// The question.
    pub question: String,
    /// All statistics of it.
    #[serde(flatten)]
    pub summary: Summary,
}
