//! What checking the label store against its hashes found.

use crate::name::Slug;
use serde::{Deserialize, Serialize};

/// How many differences are listed; all are counted.
pub const MOST_LISTED: usize = 100;

/// What was checked, and what differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Each project that was checked, by its name in addresses.
    pub projects: Vec<VerifiedProject>,
    /// How many differences there are.
    pub differences: i64,
    /// The first of them, at most [`MOST_LISTED`].
    pub listed: Vec<Difference>,
}

impl Verification {
    /// Whether nothing differs.
    pub fn holds(&self) -> bool {
        self.differences == 0
    }

    /// Counts one more, and lists it while there is room.
    pub fn add(&mut self, difference: Difference) {
        self.differences += 1;
        if self.listed.len() < MOST_LISTED {
            self.listed.push(difference);
        }
    }

    /// Takes over what was found elsewhere.
    pub fn absorb(&mut self, other: Self) {
        self.projects.extend(other.projects);
        self.differences += other.differences;
        let room = MOST_LISTED.saturating_sub(self.listed.len());
        self.listed.extend(other.listed.into_iter().take(room));
    }
}

/// What was checked of one project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedProject {
    /// Its name in addresses.
    pub project: Slug,
    /// Versions.
    pub versions: i64,
    /// Label rows, the staged ones among them.
    pub rows: i64,
    /// Content revisions.
    pub contents: i64,
    /// Of those, the erased ones, of which there is nothing to hash.
    pub erased: i64,
    /// Tags.
    pub tags: i64,
    /// The newest version's digest, which stands for all that came before it.
    pub digest: Option<String>,
    /// How many differences there are.
    pub differences: i64,
}

/// One thing that is not as its hash, or the rules of the store, say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The project.
    pub project: Slug,
    /// What differs.
    pub what: What,
    /// The sample, where it is about one.
    pub sample: Option<String>,
    /// The version that it is about, or that the row begins with; null for a staged row.
    pub version: Option<i64>,
    /// What exactly, in words.
    pub detail: String,
    /// What is stored, where two values were compared.
    pub stored: Option<String>,
    /// What was found instead.
    pub found: Option<String>,
}

/// What can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A label row does not hash to its row hash.
    RowHash,
    /// A stored text is not canonical JSON.
    NotCanonical,
    /// A content revision does not hash to its address.
    ContentHash,
    /// A label row's content is another than it says, or is not there.
    Content,
    /// A label row belongs to another sample than it says.
    Sample,
    /// A label row's decision is missing, not its own, or not what its version needs.
    Decision,
    /// A label row says another source than its version.
    Source,
    /// The two version columns of a label row cannot be.
    Columns,
    /// Two label rows of a sample are in one version.
    TwoRows,
    /// A label row ends with a version in which none follows.
    NoRow,
    /// A version does not hash to its digest.
    Digest,
    /// A version's counts are not those of its rows.
    Counts,
    /// Version numbers leave one out.
    Number,
    /// A tag names a version that is not there.
    Tag,
}

impl What {
    /// The word as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RowHash => "row_hash",
            Self::NotCanonical => "not_canonical",
            Self::ContentHash => "content_hash",
            Self::Content => "content",
            Self::Sample => "sample",
            Self::Decision => "decision",
            Self::Source => "source",
            Self::Columns => "columns",
            Self::TwoRows => "two_rows",
            Self::NoRow => "no_row",
            Self::Digest => "digest",
            Self::Counts => "counts",
            Self::Number => "number",
            Self::Tag => "tag",
        }
    }
}
