//! Notices: somebody's answers to known-answer tasks fell below the level that the project asks for.

use crate::{id::NoticeId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// A notice as managers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// Its number.
    pub notice: NoticeId,
    /// Whom it is about: their e-mail address.
    pub annotator: String,
    /// The level that was asked for.
    pub level: f64,
    /// How many of their last answers to known-answer tasks were right then.
    pub right: i64,
    /// How many those were.
    pub of: i64,
    /// Whether it paused them.
    pub paused: bool,
    /// When it was written.
    pub created_at: Timestamp,
    /// When they first saw it.
    pub seen_at: Option<Timestamp>,
    /// When it was closed, by a manager or because an answer was taken back.
    pub closed_at: Option<Timestamp>,
    /// The manager who closed it; null while it is open, where an answer was taken back, and for the command line.
    pub closed_by: Option<String>,
    /// Whether it no longer held because an answer was taken back.
    pub withdrawn: bool,
}

/// A notice as whom it is about sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnNotice {
    /// Its number.
    pub notice: NoticeId,
    /// How many of one's last answers to known-answer tasks were right then.
    pub right: i64,
    /// How many those were.
    pub of: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When one first saw it.
    pub seen_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// Where one stands with the project's managers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnStanding {
    /// Since when nothing is served to one, where one is paused.
    pub paused_at: Option<Timestamp>,
    /// The notice that paused one; null where a manager did, or nobody.
    pub paused_by: Option<NoticeId>,
    /// The notices to one, the newest first; those that no longer held are left out.
    pub notices: Vec<OwnNotice>,
}
