//! The data card of a version: figures of its rows, which never change, and what the project says beside them.

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        card_figures::{self, CardLabel},
        projects, schema_history, version_reads,
    },
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    card::{Card, Figures, Language},
    id::ProjectId,
    name::{Slug, VersionRef},
    provenance::VersionSource,
    time::Timestamp,
};
use sea_orm::ConnectionTrait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{sync::OnceCell, task::spawn_blocking};

/// How many labels are read at once.
const PAGE: usize = 5_000;
/// How many different texts are counted before each is read as JSON.
const MOST_TEXTS: usize = 20_000;
/// Of how many versions the figures are kept.
const MOST_KEPT: usize = 200;

/// Data cards.
#[derive(Clone, Copy, Debug)]
pub struct Cards<'a>(pub(crate) &'a Services);

/// The card of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataCard {
    /// The version.
    pub version: i64,
    /// Its digest.
    pub digest: String,
    /// The card, without front matter and heading.
    pub body: String,
    /// The card as a file.
    pub markdown: String,
}

/// The figures of versions, by project and number: they are counted once, and everybody who asks meanwhile waits for that.
#[derive(Debug, Default)]
pub(crate) struct KeptFigures(Mutex<HashMap<(ProjectId, i64), Counted>>);

/// The figures of one version, once they are counted.
type Counted = Arc<OnceCell<Arc<Figures>>>;

impl KeptFigures {
    fn of(&self, key: (ProjectId, i64)) -> Counted {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT && !kept.contains_key(&key) {
            kept.clear();
        }
        Arc::clone(kept.entry(key).or_default())
    }
}

impl Cards<'_> {
    /// The card of a version, in this language.
    pub async fn get(
        &self,
        actor: &Actor,
        slug: &Slug,
        reference: &VersionRef,
        language: Language,
    ) -> Result<DataCard> {
        let conn = self.0.db.read();
        let project = access::project(conn, actor, slug, Permission::ReadVersions).await?.project;
        let version = version_reads::resolve(conn, project.id, reference).await?;
        let revision = schema_history::revision_at(conn, project.id, version.created_at).await?;
        let schema = projects::schema_at(conn, project.id, revision).await?;
        let kept = self.0.figures.of((project.id, version.number));
        let counted = kept.get_or_try_init(|| figures(conn, project.id, version.number, version.created_at));
        let card = Card {
            project: &project.name,
            schema: &schema,
            settings: &project.settings.card,
            number: version.number,
            digest: &version.digest,
            source: VersionSource::parse(&version.source)
                .ok_or_else(|| Error::internal("an unknown source"))?,
            message: &version.message,
            created_at: Timestamp(version.created_at),
            added: version.added,
            changed: version.changed,
            removed: version.removed,
            confirmed: version.confirmed,
            figures: counted.await?,
        };
        let (body, markdown) = (card.body(language), card.markdown(language));
        Ok(DataCard { version: version.number, digest: version.digest, body, markdown })
    }
}

async fn figures<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    version: i64,
    made_at: i64,
) -> Result<Arc<Figures>> {
    let mut counting = Counting::default();
    let mut page = card_figures::labels(conn, project, version, 0, PAGE).await?;
    while let Some(last) = page.last() {
        let after = last.id;
        let count = spawn_blocking(move || counting.take(page));
        // While one page is counted the next is read.
        let next = card_figures::labels(conn, project, version, after, PAGE);
        let (counted, next) = tokio::join!(count, next);
        (counting, page) = (counted.map_err(Error::internal)??, next?);
    }
    counting.flush()?;
    let people = card_figures::people(conn, project, version).await?;
    let samples = card_figures::samples_at(conn, project, made_at).await?;
    Ok(Arc::new(Figures {
        annotators: people.annotators,
        simulated: people.simulated,
        reviewers: people.reviewers,
        samples,
        ..counting.figures
    }))
}

/// Labels and their provenance are the same texts again and again: each is read as JSON once, and counted as a text.
#[derive(Debug, Default)]
struct Counting {
    labels: HashMap<String, i64>,
    origins: HashMap<String, i64>,
    figures: Figures,
}

impl Counting {
    fn take(mut self, page: Vec<CardLabel>) -> Result<Self> {
        for row in page {
            *self.labels.entry(row.label).or_default() += 1;
            *self.origins.entry(row.provenance).or_default() += 1;
        }
        if self.labels.len() + self.origins.len() > MOST_TEXTS {
            self.flush()?;
        }
        Ok(self)
    }

    fn flush(&mut self) -> Result<()> {
        for (label, count) in self.labels.drain() {
            self.figures.add_label(&serde_json::from_str(&label)?, count);
        }
        for (origin, count) in self.origins.drain() {
            self.figures.add_origin(&serde_json::from_str(&origin)?, count);
        }
        Ok(())
    }
}
