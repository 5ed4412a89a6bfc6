//! Where servers of one run work: a data folder each, one database, and the `relabel` program itself. Set-up goes
//! through its command line.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::Command,
};

use crate::{database::Database, server::Server};

/// Which database the servers use.
#[derive(Clone, Debug)]
pub enum Kind {
    Sqlite,
    /// A database of its own is made on the PostgreSQL of this address.
    Postgres(String),
}

impl Kind {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// Program, folder and database of one run; gone when dropped.
#[derive(Debug)]
pub struct Place {
    relabel: PathBuf,
    folder: TempDir,
    /// None: SQLite in the data folder.
    database_url: Option<String>,
}

impl Place {
    /// An empty database, brought up to date.
    pub async fn make(relabel: &Path, kind: &Kind, within: Option<&Path>) -> Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("relabel-load-");
        let folder = match within {
            Some(within) => builder.tempdir_in(within),
            None => builder.tempdir(),
        }
        .context("cannot make a folder for the data")?;
        let database_url = match kind {
            Kind::Sqlite => None,
            Kind::Postgres(url) => Some(crate::database::create(url).await?),
        };
        let place = Self { relabel: relabel.to_path_buf(), folder, database_url };
        place.run(&["migrate"], "").await?;
        Ok(place)
    }

    /// The folder of the first server, which holds the database if that is SQLite.
    pub fn data(&self) -> PathBuf {
        self.data_of(0)
    }

    /// A file beside the data.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A reader of the database, beside the servers.
    pub async fn database(&self) -> Result<Database> {
        match &self.database_url {
            None => Database::open_sqlite(&self.data().join("relabel.db")).await,
            Some(url) => Database::open_postgres(url).await,
        }
    }

    /// Runs a command to its end and returns what it printed.
    pub async fn run(&self, args: &[&str], input: &str) -> Result<String> {
        let shown = args.iter().take(2).copied().collect::<Vec<_>>().join(" ");
        let mut command = self.command(0);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().with_context(|| format!("cannot start {}", self.relabel.display()))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes()).await?;
        }
        let output = child.wait_with_output().await?;
        if !output.status.success() {
            bail!("`relabel {shown}` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout).context("`relabel` did not print UTF-8")?.trim().to_owned())
    }

    /// Starts a server, the `number`th that shares this database, and waits for the line that names its address.
    pub async fn serve(&self, number: usize) -> Result<Server> {
        let log = self.file(&format!("server-{number}.log"));
        let log_file = std::fs::File::options().create(true).append(true).open(&log)?;
        let mut command = self.command(number);
        command.args(["serve", "--addr", "127.0.0.1:0", "--log", "warn"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log_file);
        let mut child =
            command.spawn().with_context(|| format!("cannot start {}", self.relabel.display()))?;
        let stdout = child.stdout.take().context("the server has no standard output")?;
        let line = BufReader::new(stdout).lines().next_line().await?;
        let addr: Option<SocketAddr> =
            line.as_deref().and_then(|line| line.strip_prefix("listening on http://")?.parse().ok());
        match addr {
            Some(addr) => Ok(Server::new(child, addr)),
            None => {
                let told = std::fs::read_to_string(&log).unwrap_or_default();
                bail!("the server did not start: {}", told.lines().last().unwrap_or("it said nothing"))
            }
        }
    }

    /// Ends the database where it is not part of the folder.
    pub async fn remove(self) -> Result<()> {
        match &self.database_url {
            Some(url) => crate::database::remove(url).await,
            None => Ok(()),
        }
    }

    fn data_of(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("data-{number}"))
    }

    fn command(&self, number: usize) -> Command {
        let mut command = Command::new(&self.relabel);
        // Settings of whoever runs this are not those of the run.
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("RELABEL_"))
        {
            command.env_remove(name);
        }
        command.env("RELABEL_DATA_DIR", self.data_of(number)).kill_on_drop(true);
        if let Some(url) = &self.database_url {
            command.env("RELABEL_DATABASE_URL", url);
        }
        command
    }
}
