//! One newtype for every numeric id, so that a task's id is never taken for a sample's.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

id! {
    /// A person with an account.
    UserId,
    /// A project.
    ProjectId,
    /// A person in a project whose answers count: a user, or a name from imported answers.
    AnnotatorId,
    /// A sample (inside; outside it is known by its external id, [`crate::name::SampleKey`]).
    SampleId,
    /// One content revision of a sample.
    ContentId,
    /// A sample taken into the queue for one round.
    TaskId,
    /// One annotator's answers to one task.
    AnnotationId,
    /// A reviewer's or the policy's decision on a task.
    DecisionId,
    /// One upload of samples, answers, predictions or reports.
    ImportId,
    /// Many decisions that somebody prepared at once.
    ChangeSetId,
    /// Somebody's results fell below the level that a project asks for.
    NoticeId,
    /// An access token.
    TokenId,
    /// Something that was published.
    EventId,
    /// An address that events are sent to.
    WebhookId,
    /// One event on its way to one webhook.
    DeliveryId,
}
