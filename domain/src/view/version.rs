//! Versions, their differences, tags, and what is staged.

use crate::{
    answer::Answers,
    id::TaskId,
    name::{SampleKey, TagName},
    provenance::{Provenance, VersionSource},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// One version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionView {
    /// Its number, from 1.
    pub number: i64,
    /// The version before it; null for the first.
    pub parent: Option<i64>,
    /// What makes it verifiable.
    pub digest: String,
    /// What made it.
    pub source: VersionSource,
    /// What its author said.
    pub message: String,
    /// The author's e-mail address; null for the command line.
    pub author: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Labels where there was none.
    pub added: i64,
    /// Labels that became another.
    pub changed: i64,
    /// Labels that went away.
    pub removed: i64,
    /// Labels that were decided again and stayed as they were.
    pub confirmed: i64,
    /// Labels in this version.
    pub labels: i64,
    /// Tags that point to it, by name.
    pub tags: Vec<TagName>,
}

/// A version to cut.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CutInput {
    /// What it is, 1 to 2000 characters.
    pub message: String,
    /// A tag to set or move to it.
    #[serde(default)]
    pub tag: Option<TagName>,
    /// The version that the author believes to be the newest.
    #[serde(default)]
    pub parent: Option<i64>,
}

/// A version to return to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevertInput {
    /// Why, 1 to 2000 characters.
    pub message: String,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TagView {
    /// Its name.
    pub tag: TagName,
    /// The version that it names.
    pub version: i64,
    /// Whether only a site admin may move or delete it.
    pub protected: bool,
    /// Who moved it last; null for the command line.
    pub moved_by: Option<String>,
    /// When.
    pub moved_at: Timestamp,
}

/// Where to move a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TagInput {
    /// The version's number.
    pub version: i64,
    /// Whether only a site admin may move or delete it from now on; as it was where absent.
    #[serde(default)]
    pub protected: Option<bool>,
}

/// One move of a tag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TagMove {
    /// The version that it named before; null where it was new.
    pub from: Option<i64>,
    /// The version that it names since; null where it was deleted.
    pub to: Option<i64>,
    /// Whether it is protected since.
    pub protected: bool,
    /// `user`, `token`, `operator` or `system`.
    pub actor: String,
    /// The e-mail address of who moved it; null for the command line.
    pub moved_by: Option<String>,
    /// When.
    pub moved_at: Timestamp,
}

/// One label that differs between two versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffItem {
    /// The sample.
    pub id: SampleKey,
    /// The label before; null where there was none.
    pub before: Option<Answers>,
    /// The label after; null where there is none.
    pub after: Option<Answers>,
    /// Where the label after comes from; null where the sample has no row in the later version.
    pub provenance: Option<Provenance>,
}

/// How often one answer became another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffCount {
    /// The question.
    pub question: String,
    /// The answer before; null where there was none.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub before: Option<serde_json::Value>,
    /// The answer after; null where there is none.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub after: Option<serde_json::Value>,
    /// In how many samples.
    pub count: i64,
}

/// What differs between two versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Diff {
    /// The earlier side; 0 is the empty state.
    pub from: i64,
    /// The later side.
    pub to: i64,
    /// Counts by question and pair of answers, the most frequent first.
    pub summary: Vec<DiffCount>,
    /// One page of the labels that differ, by sample id.
    pub items: Vec<DiffItem>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

/// One staged decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StagedItem {
    /// The sample.
    pub id: SampleKey,
    /// The task that was decided.
    pub task: Option<TaskId>,
    /// The stored label.
    pub before: Option<Answers>,
    /// The label after the cut; null where it is removed.
    pub after: Option<Answers>,
    /// Whether the decision equals the stored label.
    pub confirmed: bool,
    /// Who decided it; null for the policy.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Timestamp,
    /// Where the label comes from.
    pub provenance: Provenance,
}

/// What the next cut would hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Staged {
    /// The newest version; null before the first.
    pub parent: Option<i64>,
    /// Labels where there was none.
    pub added: i64,
    /// Labels that become another.
    pub changed: i64,
    /// Labels that go away.
    pub removed: i64,
    /// Labels that stay as they were.
    pub confirmed: i64,
    /// One page of them, by sample id.
    pub items: Vec<StagedItem>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}
