//! Checking the label store: every hash is worked out again from what is stored, and what differs is named.
//!
//! Reads in short pages beside a running server, and writes nothing. What is staged, cut or imported meanwhile is no
//! difference: rows are only ever added, and a version that is there does not change.

mod contents;
mod labels;
mod row;
mod sample;
mod store;

use crate::{
    actor::Actor,
    error::Result,
    repo::{projects::Project, tags},
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    name::Slug,
    view::{
        PageRequest,
        verification::{Difference, Verification, VerifiedProject, What},
    },
};

/// Checking the label store against its hashes.
#[derive(Clone, Copy, Debug)]
pub struct Verify<'a>(pub(crate) &'a Services);

/// What was found in one project, while it is looked for.
#[derive(Debug)]
struct Found {
    project: Slug,
    verification: Verification,
}

/// What a difference is about.
#[derive(Clone, Copy, Debug, Default)]
struct About<'a> {
    sample: Option<&'a str>,
    version: Option<i64>,
}

impl<'a> About<'a> {
    fn version(version: i64) -> Self {
        Self { version: Some(version), ..Self::default() }
    }

    fn sample(sample: &'a str, version: Option<i64>) -> Self {
        Self { sample: Some(sample), version }
    }
}

impl Found {
    fn of(project: &Slug) -> Self {
        Self { project: project.clone(), verification: Verification::default() }
    }

    /// Notes that something cannot be.
    fn add(&mut self, what: What, about: About<'_>, detail: impl Into<String>) {
        self.note(what, about, detail.into(), None);
    }

    /// Notes that the stored value is not the one that was found.
    fn compare(&mut self, what: What, about: About<'_>, detail: &str, stored: &str, found: &str) {
        if stored != found {
            self.note(what, about, detail.to_owned(), Some((stored.to_owned(), found.to_owned())));
        }
    }

    fn note(&mut self, what: What, about: About<'_>, detail: String, values: Option<(String, String)>) {
        let (stored, found) = values.unzip();
        self.verification.add(Difference {
            project: self.project.clone(),
            what,
            sample: about.sample.map(str::to_owned),
            version: about.version,
            detail,
            stored,
            found,
        });
    }
}

impl Verify<'_> {
    /// Checks every project that the caller may read versions of, or the one of this name.
    pub async fn labels(&self, actor: &Actor, slug: Option<&Slug>) -> Result<Verification> {
        let mut all = Verification::default();
        if let Some(slug) = slug {
            self.add(actor, slug, &mut all).await?;
            return Ok(all);
        }
        let mut cursor = None;
        loop {
            let page = self.0.projects().list(actor, PageRequest { limit: Some(500), cursor }).await?;
            for project in &page.items {
                self.add(actor, &project.slug, &mut all).await?;
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(all);
            }
        }
    }

    async fn add(&self, actor: &Actor, slug: &Slug, all: &mut Verification) -> Result<()> {
        let access = access::project(self.0.db.read(), actor, slug, Permission::ReadVersions).await?;
        all.absorb(self.project(&access.project).await?);
        Ok(())
    }

    async fn project(&self, project: &Project) -> Result<Verification> {
        let conn = self.0.db.read();
        // Tags first: one that is moved meanwhile names a version that is there by then.
        let tags = tags::all(conn, project.id).await?;
        let (labels, contents) =
            tokio::try_join!(labels::check(conn, project), contents::check(conn, project))?;
        let labels::Checked { store, rows, mut found, .. } = labels;
        for tag in tags.iter().filter(|tag| !store.has(tag.version)) {
            let detail = format!("the tag '{}' names a version that is not there", tag.name);
            found.add(What::Tag, About::version(tag.version), detail);
        }
        let mut verification = found.verification;
        verification.absorb(contents.found.verification);
        verification.projects.push(VerifiedProject {
            project: project.slug.clone(),
            versions: store.versions(),
            rows,
            contents: contents.checked,
            erased: contents.erased,
            tags: i64::try_from(tags.len()).unwrap_or(i64::MAX),
            digest: store.digest().map(str::to_owned),
            differences: verification.differences,
        });
        Ok(verification)
    }
}
