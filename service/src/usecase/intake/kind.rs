//! What the kinds of uploads differ in: their lines, and what writing those does. All else is the same for every kind: two
//! passes over the file, then one transaction or many.

use super::{batches, columns::Columns, object::Parsed, survey::Survey};
use crate::{actor::Actor, error::Result, repo::projects::Project};
use domain::{id::ImportId, name::SampleKey, schema::Schema, time::Timestamp};
use futures::{
    FutureExt,
    future::{BoxFuture, ready},
};
use sea_orm::DatabaseTransaction;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{borrow::Cow, fmt::Debug};

/// A kind of upload: how one is treated, and what it did so far. It is kept beside an import that is being written.
pub(super) trait Kind: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// As it is recorded.
    const NAME: &'static str;
    /// Which samples its lines are about.
    const SAMPLES: About;
    /// What of a line occurs once in an upload, in words; none where anything may occur again.
    const ONCE: Option<&'static str>;

    /// How many lines are written in one transaction at most, for which everybody waits who writes.
    const MOST_AT_ONCE: usize = batches::MOST_LINES;

    type Line: Line;
    /// What the sender is told in the end.
    type Outcome: Debug + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The columns of an upload in CSV.
    fn columns(&self, schema: &Schema) -> Columns;
    /// The line that a record is. The same each time the file is read.
    fn parse(&self, schema: &Schema, line: i64, record: Value) -> Parsed<Self::Line>;
    /// Whether its lines take effect with a version.
    fn needs_version(_: &Survey<Self::Line>) -> bool {
        false
    }
    /// It is recorded under this number, and nothing is written yet.
    fn begin(&mut self, import: ImportId, survey: Survey<Self::Line>);
    /// Writes some lines, and counts what they did.
    fn write<'a>(&'a mut self, writing: Writing<'a>, lines: &'a [Self::Line]) -> BoxFuture<'a, Result<()>>;
    /// So many lines were left out.
    fn rejected(&mut self, count: i64);
    /// Whether what was written becomes the version that was reserved for it.
    fn has_version(&self) -> bool {
        false
    }
    /// Everything is written; makes the version, whose digest is `sealed`.
    fn end<'a>(&'a mut self, _: Writing<'a>, _: Option<(i64, String)>) -> BoxFuture<'a, Result<()>> {
        ready(Ok(())).boxed()
    }
    /// What the sender is told.
    fn outcome(&self) -> Self::Outcome;
    /// The same for the record of the import, which counts the same of every kind.
    fn recorded(&self) -> Result<Value>;
    /// What the audit log says of it.
    fn audited(&self) -> Value;
}

/// Which samples the lines of a kind are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Any; those that there are not are made.
    Any,
    /// Those that are there.
    Known,
    /// Those that are there and not erased.
    NotErased,
}

/// A line that can be kept.
pub(super) trait Line: Debug + Send + Sync + 'static {
    /// Where it stands.
    fn number(&self) -> i64;
    /// The sample that it is about.
    fn key(&self) -> &SampleKey;
    /// What must not occur twice, where the kind says so.
    fn identity(&self) -> Cow<'_, str>;
    /// What a later line may say anew; none where lines do not bear on each other.
    fn subject(&self) -> Option<String> {
        None
    }
    /// A later line says the same anew.
    fn is_followed(&mut self) {}
    /// How much memory it takes, about.
    fn bytes(&self) -> usize;
    /// Whether it says what a label is, or that there is none.
    fn says_label(&self) -> bool {
        false
    }
}

/// Whose lines are written, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writing<'a> {
    pub tx: &'a DatabaseTransaction,
    pub actor: &'a Actor,
    pub project: &'a Project,
    pub import: ImportId,
    /// The number of the version that the lines take effect with; none where they need none.
    pub version: Option<i64>,
    pub now: Timestamp,
}
