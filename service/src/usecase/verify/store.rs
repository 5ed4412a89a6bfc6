//! The versions of a project, each worked out again from the rows that come by in the order of the samples' ids: the
//! digests of all of them grow at once, so that the rows are read once however many versions there are.

use super::{About, Found};
use crate::{
    entity::version,
    error::Result,
    repo::{
        imports,
        projects::Project,
        verified_rows,
        versions::{self, Effect, Effects},
    },
};
use domain::{
    provenance::VersionSource,
    time::Timestamp,
    version::{Change, Digester, Header},
    view::verification::What,
};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

/// How many versions are read at once.
const PAGE: u64 = 500;
/// Of how many numbers that no version had at first is told which rows name them.
const MOST_LATER: usize = 1_000;

/// The versions as they were when the check began.
#[derive(Debug)]
pub(super) struct Store {
    versions: Vec<Kept>,
    /// Numbers that rows name and no version has: how many rows, and the sample of one.
    later: BTreeMap<i64, (i64, String)>,
}

/// What is kept of one version while its rows come by.
#[derive(Debug)]
struct Kept {
    number: i64,
    source: Option<VersionSource>,
    digest: String,
    counts: Effects,
    labels: i64,
    digester: Digester,
    found: Effects,
}

impl Store {
    /// The versions that there are.
    pub(super) async fn read<C: ConnectionTrait>(
        conn: &C,
        project: &Project,
        found: &mut Found,
    ) -> Result<Self> {
        let mut versions: Vec<Kept> = Vec::new();
        loop {
            let after = versions.last().map_or(0, |last| last.number);
            let rows = verified_rows::versions(conn, project.id, after, PAGE).await?;
            if rows.is_empty() {
                return Ok(Self { versions, later: BTreeMap::new() });
            }
            for row in rows {
                let parent = versions.last();
                let expected = parent.map_or(1, |parent| parent.number + 1);
                if row.number != expected {
                    let detail = format!("version {expected} is missing before it");
                    found.add(What::Number, About::version(row.number), detail);
                }
                let kept = Kept::of(row, parent);
                if kept.source.is_none() {
                    found.add(What::Source, About::version(kept.number), "its source is not a known one");
                }
                versions.push(kept);
            }
        }
    }

    /// How many there are.
    pub(super) fn versions(&self) -> i64 {
        i64::try_from(self.versions.len()).unwrap_or(i64::MAX)
    }

    /// The stored digest of the newest.
    pub(super) fn digest(&self) -> Option<&str> {
        self.versions.last().map(|last| last.digest.as_str())
    }

    /// Whether there is a version of this number.
    pub(super) fn has(&self, number: i64) -> bool {
        self.place(number).is_some()
    }

    /// Whether the number is of one that was not there when the check began.
    pub(super) fn is_later(&self, number: i64) -> bool {
        self.versions.last().is_none_or(|last| number > last.number)
    }

    /// What made the version of this number, where it is there.
    pub(super) fn source(&self, number: i64) -> Option<VersionSource> {
        self.place(number).and_then(|place| self.versions[place].source)
    }

    /// Notes that a row of the sample names a number that was no version's when the check began.
    pub(super) fn name_later(&mut self, number: i64, sample: &str) {
        if self.later.len() < MOST_LATER || self.later.contains_key(&number) {
            self.later.entry(number).or_insert_with(|| (0, sample.to_owned())).0 += 1;
        }
    }

    /// A label that the version of this number changed. Those of one version come in the order of their ids.
    pub(super) fn add(&mut self, number: i64, change: &Change, effect: Effect) {
        let Some(place) = self.place(number) else { return };
        let kept = &mut self.versions[place];
        kept.digester.add(change);
        kept.found.count(effect);
    }

    fn place(&self, number: i64) -> Option<usize> {
        self.versions.binary_search_by_key(&number, |kept| kept.number).ok()
    }

    /// All rows have come by: what the versions say is held against what was found.
    pub(super) async fn finish<C: ConnectionTrait>(
        &mut self,
        conn: &C,
        project: &Project,
        found: &mut Found,
    ) -> Result<()> {
        let mut labels = 0;
        for kept in &self.versions {
            let about = About::version(kept.number);
            let digest = kept.digester.clone().finish();
            found.compare(What::Digest, about, "it does not hash to its digest", &kept.digest, &digest);
            labels += kept.found.added - kept.found.removed;
            let detail = "its counts are not those of its rows";
            let (said, counted) = (text(&kept.counts, kept.labels), text(&kept.found, labels));
            found.compare(What::Counts, about, detail, &said, &counted);
        }
        // What was cut meanwhile is there now; of what is imported at this moment the number is known.
        let newest = versions::last(conn, project.id).await?.map_or(0, |last| last.number);
        let reserved = imports::reserved_version(conn, project.id).await?;
        for (number, (rows, sample)) in &self.later {
            if *number > newest && Some(*number) != reserved {
                let detail =
                    format!("label rows that name a version which is not there: {rows}, such as this one");
                found.add(What::Columns, About::sample(sample, Some(*number)), detail);
            }
        }
        Ok(())
    }
}

impl Kept {
    fn of(row: version::Model, parent: Option<&Self>) -> Self {
        let source = VersionSource::parse(&row.source);
        let header = Header {
            project: row.project_id,
            number: row.number,
            parent_digest: parent.map(|parent| parent.digest.as_str()),
            source: source.unwrap_or(VersionSource::Cut),
            author: row.author_id,
            message: &row.message,
            time: Timestamp(row.created_at),
        };
        Self {
            digester: Digester::of(&header),
            number: row.number,
            source,
            digest: row.digest,
            counts: Effects {
                added: row.added,
                changed: row.changed,
                removed: row.removed,
                confirmed: row.confirmed,
            },
            labels: row.labels,
            found: Effects::default(),
        }
    }
}

fn text(counts: &Effects, labels: i64) -> String {
    let Effects { added, changed, removed, confirmed } = counts;
    format!("added {added}, changed {changed}, removed {removed}, confirmed {confirmed}, labels {labels}")
}
