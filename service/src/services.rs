//! What every use case works with: the database, the clock, the data folder.

use crate::{
    clock::Clock,
    db::Db,
    error::{Error, Result},
    marks::Marks,
    receivers::Receivers,
    recent::Recent,
    spool::SPOOL,
    usecase::{
        self, agreement::KeptAgreements, ambiguity::KeptAmbiguities, cards::KeptFigures, judges::Judges,
        projects::Sees, quality::KeptQualities,
    },
};
use domain::{
    id::{AnnotatorId, ProjectId},
    view::project::Overview,
};
use migrations::{Migrator, MigratorTrait};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long the database may take to say that it is there.
const READY_TIMEOUT: Duration = Duration::from_secs(2);

/// Where the data is.
#[derive(Clone, Debug)]
pub struct Options {
    /// A `postgres://` URL; none: SQLite in the data folder.
    pub database_url: Option<String>,
    /// The data folder, made where it is missing.
    pub data_dir: PathBuf,
    /// Where the time comes from.
    pub clock: Arc<Clock>,
    /// Where events may be sent.
    pub receivers: Receivers,
}

impl Options {
    /// SQLite in `data_dir`, with the database's clock.
    pub fn in_folder(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            database_url: None,
            data_dir: data_dir.into(),
            clock: Arc::new(Clock::Database),
            receivers: Receivers::default(),
        }
    }

    /// The file of the SQLite database, where there should be one and is none.
    pub fn missing_file(&self) -> Result<Option<PathBuf>> {
        Ok(self.sqlite_file()?.filter(|file| !file.exists()))
    }

    /// The file of the SQLite database; none where the data is in PostgreSQL.
    pub(crate) fn sqlite_file(&self) -> Result<Option<PathBuf>> {
        let Some(url) = self.database_url.as_deref() else {
            return Ok(Some(self.data_dir.join("relabel.db")));
        };
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(None);
        }
        let file = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        let file = file.ok_or_else(|| Error::internal("the database URL is neither postgres nor sqlite"))?;
        Ok(Some(file.split('?').next().unwrap_or(file).into()))
    }
}

/// The use cases, and what they work with. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Services {
    pub(crate) db: Arc<Db>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) data_dir: Arc<PathBuf>,
    pub(crate) receivers: Receivers,
    /// Something may have to be sent to a webhook.
    pub(crate) outbox: Arc<Notify>,
    /// How many tasks wait for a person of a project.
    pub(crate) waiting: Arc<Recent<(ProjectId, AnnotatorId), i64>>,
    /// How many tasks of a project are open.
    pub(crate) open_tasks: Arc<Recent<ProjectId, i64>>,
    /// Held by whoever counts them where nobody has.
    pub(crate) counting: Arc<tokio::sync::Mutex<()>>,
    /// Where people found their last free task.
    pub(crate) marks: Arc<Marks>,
    /// How a project stands, for those who may read agreement and for those who may not.
    pub(crate) overviews: Arc<Recent<(ProjectId, Sees), Overview>>,
    /// Which exports are being written to files.
    pub(crate) making: Arc<usecase::export::Making>,
    /// What the data cards of versions count.
    pub(crate) figures: Arc<KeptFigures>,
    /// How far the annotators of large projects agree.
    pub(crate) agreements: KeptAgreements,
    /// Which labels the annotators of large projects mix up.
    pub(crate) ambiguities: KeptAmbiguities,
    /// What the answers of each person of large projects are like.
    pub(crate) qualities: KeptQualities,
    /// How far each project's annotators are believed.
    pub(crate) judges: Judges,
    /// Work that no request waits for.
    pub(crate) background: TaskTracker,
    /// Long work shall end where it can be taken up again.
    pub(crate) stopping: CancellationToken,
}

macro_rules! groups {
    ($($(#[$doc:meta])* $method:ident: $module:ident::$group:ident;)+) => {
        impl Services {
            $($(#[$doc])* pub fn $method(&self) -> usecase::$module::$group<'_> {
                usecase::$module::$group(self)
            })+
        }
    };
}

groups! {
    /// People with accounts, and signing in.
    accounts: accounts::Accounts;
    /// The browser's sessions.
    sessions: sessions::Sessions;
    /// Access tokens.
    tokens: tokens::Tokens;
    /// Projects.
    projects: projects::Projects;
    /// Who is in a project.
    members: members::Members;
    /// Uploads of samples, predictions and reports.
    intake: intake::Intake;
    /// The records of uploads.
    imports: imports::Imports;
    /// New tasks on samples that have a label.
    challenges: challenges::Challenges;
    /// Many decisions prepared at once.
    change_sets: change_sets::ChangeSets;
    /// Samples and their history.
    samples: samples::Samples;
    /// Claiming, skipping, releasing and renewing.
    queue: queue::Queue;
    /// Submitting and undoing.
    annotations: annotations::Annotations;
    /// The review list and decisions.
    review: review::Review;
    /// Inter-annotator agreement.
    agreement: agreement::Agreements;
    /// Pairs of labels that annotators mix up.
    ambiguity: ambiguity::Ambiguities;
    /// Rules that tell two labels apart.
    rules: rules::Rules;
    /// What each person's answers are like.
    quality: quality::Qualities;
    /// Samples whose answers are known, and what people's answers to them say.
    known_answers: known_answers::KnownAnswers;
    /// Notices about people whose answers fell below a level.
    notices: notices::Notices;
    /// What each reason for queueing yields.
    yields: yields::Yields;
    /// Cutting, reading and reverting versions.
    versions: versions::Versions;
    /// Movable names for versions.
    tags: tags::Tags;
    /// What was published.
    events: events::Events;
    /// Where events are sent.
    webhooks: webhooks::Webhooks;
    /// What became of sending them.
    deliveries: deliveries::Deliveries;
    /// Labels for training pipelines.
    export: export::Export;
    /// Data cards of versions.
    cards: cards::Cards;
    /// Checking the label store against its hashes.
    verify: verify::Verify;
    /// Who changed what.
    audit: audit::AuditLog;
}

impl Services {
    /// Opens the database, bringing its schema up to date.
    pub async fn open(options: &Options) -> Result<Self> {
        let spool = options.data_dir.join(SPOOL);
        check_folder(&spool).await?;
        let db = match options.sqlite_file()? {
            Some(file) => Db::open_sqlite(&file).await?,
            None => Db::open_postgres(options.database_url.as_deref().unwrap_or_default()).await?,
        };
        Ok(Self {
            db: Arc::new(db),
            clock: options.clock.clone(),
            data_dir: Arc::new(options.data_dir.clone()),
            receivers: options.receivers,
            outbox: Arc::default(),
            waiting: Arc::default(),
            open_tasks: Arc::default(),
            counting: Arc::default(),
            marks: Arc::default(),
            overviews: Arc::default(),
            making: Arc::default(),
            figures: Arc::default(),
            agreements: KeptAgreements::default(),
            ambiguities: KeptAmbiguities::default(),
            judges: Judges::default(),
            qualities: KeptQualities::default(),
            background: TaskTracker::new(),
            stopping: CancellationToken::new(),
        })
    }

    /// Where events may be sent.
    pub fn receivers(&self) -> Receivers {
        self.receivers
    }

    /// Lets imports that are being written stop where they can be taken up again.
    pub fn stop_imports(&self) {
        self.stopping.cancel();
    }

    /// Waits for the work that no request waited for, such as noting when a token was used.
    pub async fn finish_background(&self) {
        self.background.close();
        self.background.wait().await;
        self.background.reopen();
    }

    /// Whether the database answers, also where all connections to it are busy; the answer comes soon.
    pub async fn answers(&self) -> bool {
        self.db.answers().await
    }

    /// Whether the database can be reached and has the migrations of this release; the answer comes soon.
    pub async fn ready(&self) -> Result<()> {
        let pending = Migrator::get_pending_migrations_read_only(self.db.read());
        let pending = tokio::time::timeout(READY_TIMEOUT, pending).await;
        let pending =
            pending.map_err(|_| Error::Unavailable("the database does not answer".to_owned()))??;
        if pending.is_empty() { Ok(()) } else { Err(Error::Unavailable("migrations are missing".to_owned())) }
    }
}

/// Makes the folder where it is missing, and refuses one that takes no files, with its name: what SQLite itself says of a
/// file that it can only read depends on what was left beside it.
async fn check_folder(folder: &Path) -> Result<()> {
    tokio::fs::create_dir_all(folder).await.map_err(|error| in_folder(folder, error))?;
    let written = tokio::task::spawn_blocking({
        let folder = folder.to_owned();
        move || tempfile::tempfile_in(folder).map(drop)
    });
    written.await.map_err(Error::internal)?.map_err(|error| in_folder(folder, error))
}

/// Names the folder that the system would not make or change.
fn in_folder(folder: &Path, error: std::io::Error) -> Error {
    std::io::Error::new(error.kind(), format!("{}: {error}", folder.display())).into()
}
