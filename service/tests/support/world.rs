//! One test's database, data folder and clock.

use domain::time::Timestamp;
use sea_orm::{ConnectionTrait, Database};
use service::{Options, Services, clock::Clock};
use std::sync::Arc;
use tempfile::TempDir;

/// What a test returns.
pub type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Where the tests find a PostgreSQL server.
const POSTGRES_URL: &str = "RELABEL_TEST_POSTGRES_URL";

/// When every test begins: 2026-03-02T09:00:00Z, a Monday.
const BEGINNING: Timestamp = Timestamp(1_772_442_000_000_000);

/// Relabel for one test.
pub struct World {
    /// The use cases.
    pub services: Services,
    /// The clock of all servers of this world; stands still until a test moves it.
    pub clock: Arc<Clock>,
    options: Options,
    // Deleted with the world.
    _folder: TempDir,
}

/// Runs `test` on SQLite, and on PostgreSQL where there is one.
pub async fn on_each_database(test: impl AsyncFn(&World) -> Outcome) -> Outcome {
    eprintln!("on SQLite");
    test(&World::open(None).await?).await?;
    if let Ok(server) = std::env::var(POSTGRES_URL) {
        let name = format!("relabel_{}", ulid::Ulid::generate().to_string().to_lowercase());
        eprintln!("on PostgreSQL, database {name}");
        let admin = Database::connect(&server).await?;
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
        let (server, _) = server.rsplit_once('/').ok_or("the PostgreSQL URL names no database")?;
        let world = World::open(Some(format!("{server}/{name}"))).await?;
        test(&world).await?;
        // A failed test leaves its database to be looked at.
        drop(world);
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await?;
    }
    Ok(())
}

impl World {
    async fn open(database_url: Option<String>) -> Result<Self, Box<dyn std::error::Error>> {
        let folder = TempDir::new()?;
        let clock = Arc::new(Clock::fixed(BEGINNING));
        let options = Options { database_url, clock: clock.clone(), ..Options::in_folder(folder.path()) };
        Ok(Self { services: Services::open(&options).await?, clock, options, _folder: folder })
    }

    /// One more server of the same database.
    pub async fn another_server(&self) -> service::Result<Services> {
        Services::open(&self.options).await
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.options.database_url.is_some()
    }

    /// How many uploads are in the data folder.
    pub fn spools(&self) -> std::io::Result<usize> {
        Ok(std::fs::read_dir(self.options.data_dir.join("spool"))?.count())
    }

    /// Deletes the uploads in the data folder, as a disk that was lost would.
    pub fn delete_spools(&self) -> std::io::Result<()> {
        for file in std::fs::read_dir(self.options.data_dir.join("spool"))? {
            std::fs::remove_file(file?.path())?;
        }
        Ok(())
    }

    /// The time by the world's clock.
    pub fn now(&self) -> Timestamp {
        match &*self.clock {
            Clock::Fixed(at) => Timestamp(at.load(std::sync::atomic::Ordering::SeqCst)),
            Clock::Database => BEGINNING,
        }
    }

    /// The database's address, for looking behind the use cases.
    pub(super) fn database_url(&self) -> String {
        self.options
            .database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", self.options.data_dir.join("relabel.db").display()))
    }
}
