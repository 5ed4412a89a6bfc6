//! What is published: the kinds of events, as receivers know them.

use serde::{Deserialize, Serialize};

/// What an event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EventKind {
    /// There is a new version.
    #[serde(rename = "version.published")]
    VersionPublished,
    /// A tag names another version than before, or none.
    #[serde(rename = "tag.moved")]
    TagMoved,
    /// Somebody tries a webhook.
    #[serde(rename = "webhook.test")]
    WebhookTest,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::VersionPublished, Self::TagMoved, Self::WebhookTest];

    /// What happens in a project, and so can be asked for.
    pub const PUBLISHED: [Self; 2] = [Self::VersionPublished, Self::TagMoved];

    /// The kind as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VersionPublished => "version.published",
            Self::TagMoved => "tag.moved",
            Self::WebhookTest => "webhook.test",
        }
    }

    /// The kind of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::EventKind;

    #[test]
    fn every_kind_is_spelt_the_same_everywhere() -> Result<(), serde_json::Error> {
        for kind in EventKind::ALL {
            assert_eq!(serde_json::to_value(kind)?, kind.as_str());
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
        Ok(())
    }
}
