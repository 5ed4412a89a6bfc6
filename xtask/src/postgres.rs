//! A PostgreSQL server of its own for tests and measurements, on a free port of the loopback: made in a temporary
//! folder, gone when dropped.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{process, system_packages};

const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// PostgreSQL refuses to run as root, so root lends these users.
const UNPRIVILEGED: &[&str] = &["postgres", "nobody"];

/// Tests that need PostgreSQL read where it is from this variable; without it they run on SQLite alone.
pub(crate) const TEST_URL: &str = "RELABEL_TEST_POSTGRES_URL";

/// Whether commits wait for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// No: for tests, since nothing of it outlives the server.
    Memory,
    /// Yes: to measure what an installation does.
    Disk,
}

#[derive(Debug)]
pub(crate) struct Postgres {
    server: Child,
    port: u16,
    log: PathBuf,
    // Dropped, and with it removed, after the server has stopped.
    folder: TempDir,
}

impl Postgres {
    /// `within`: the folder to make its own in, instead of the system's for temporary files.
    pub(crate) fn start(durability: Durability, within: Option<&Path>) -> Result<Self> {
        let programs = find_or_install()?;
        let user = if system_packages::is_root() { Some(User::unprivileged()?) } else { None };
        process::step("starting a PostgreSQL");
        let folder = tempfile::Builder::new()
            .prefix("relabel-postgres-")
            .tempdir_in(within.map_or_else(std::env::temp_dir, Path::to_path_buf))?;
        let data = folder.path().join("data");
        let log = folder.path().join("server.log");
        fs::create_dir(&data)?;
        let log_file = fs::File::create(&log)?;
        if let Some(user) = &user {
            for path in [folder.path(), &data, &log] {
                user.give(path)?;
            }
        }

        let mut initdb = command_as(user.as_ref(), &programs.join("initdb"));
        initdb.arg("--pgdata").arg(&data).stdout(log_file.try_clone()?).stderr(log_file.try_clone()?);
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        process::run(initdb.current_dir(folder.path())).with_context(|| last_lines(&log))?;

        let port = free_port()?;
        let mut server = command_as(user.as_ref(), &programs.join("postgres"));
        server.arg("-D").arg(&data).current_dir(folder.path());
        server.stdin(Stdio::null()).stdout(log_file.try_clone()?).stderr(log_file);
        let port_setting = format!("port={port}");
        for setting in [
            port_setting.as_str(),
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
        ] {
            server.args(["-c", setting]);
        }
        if durability == Durability::Memory {
            for setting in ["fsync=off", "full_page_writes=off", "synchronous_commit=off"] {
                server.args(["-c", setting]);
            }
        }
        let server = server.spawn().context("cannot start postgres")?;
        let mut postgres = Self { server, port, log, folder };
        postgres.wait_until_ready(&data.join("postmaster.pid"))?;
        Ok(postgres)
    }

    /// Of a user who may make databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The server writes its state into the last line of its pid file.
    fn wait_until_ready(&mut self, pid_file: &Path) -> Result<()> {
        let started = Instant::now();
        loop {
            let state = fs::read_to_string(pid_file).unwrap_or_default();
            if state.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            if let Some(status) = self.server.try_wait()? {
                bail!("postgres ended at once ({status}): {}", last_lines(&self.log));
            }
            if started.elapsed() > START_LIMIT {
                bail!("postgres is not ready after {} s: {}", START_LIMIT.as_secs(), last_lines(&self.log));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is its "fast shutdown": connections are cut, shared memory is freed.
        let pid = self.server.id().to_string();
        let asked = Command::new("kill").args(["-INT", &pid]).status().is_ok_and(|status| status.success());
        let started = Instant::now();
        while asked && started.elapsed() < STOP_LIMIT {
            if !matches!(self.server.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        eprintln!("postgres (in {}) does not stop and is killed", self.folder.path().display());
        // Nothing is left to do about a failure here.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The folder that holds `initdb` and `postgres`. Debian keeps them off the PATH, one folder per version.
fn find_or_install() -> Result<PathBuf> {
    if let Some(programs) = find() {
        return Ok(programs);
    }
    system_packages::install("PostgreSQL (or leave it out: cargo xtask test --quick)", &["postgresql"])?;
    find().context("PostgreSQL was installed, but neither the PATH nor /usr/lib/postgresql has its initdb")
}

fn find() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max();
    if let Some((_, programs)) = newest {
        return Some(programs);
    }
    // Through links, because `initdb` looks for `postgres` beside itself.
    let initdb = process::find("initdb")?.canonicalize().ok()?;
    initdb.parent().map(Path::to_path_buf).filter(|programs| programs.join("postgres").is_file())
}

#[derive(Debug)]
struct User {
    uid: u32,
    gid: u32,
}

impl User {
    fn unprivileged() -> Result<Self> {
        let id = |option: &str, name: &str| -> Option<u32> {
            let output = Command::new("id").args([option, name]).output().ok()?;
            String::from_utf8(output.stdout).ok()?.trim().parse().ok()
        };
        UNPRIVILEGED
            .iter()
            .find_map(|name| Some(Self { uid: id("-u", name)?, gid: id("-g", name)? }))
            .with_context(|| {
                format!("PostgreSQL does not run as root, and there is no user {UNPRIVILEGED:?}")
            })
    }

    #[cfg(unix)]
    fn give(&self, path: &Path) -> Result<()> {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
            .with_context(|| format!("cannot give {} to the user {}", path.display(), self.uid))
    }

    #[cfg(not(unix))]
    fn give(&self, _: &Path) -> Result<()> {
        Ok(())
    }
}

/// As `user` if there is one, and ended with this process even if that is killed.
fn command_as(user: Option<&User>, program: &Path) -> Command {
    let Some(setpriv) = process::find("setpriv") else { return Command::new(program) };
    let mut command = Command::new(setpriv);
    if let Some(User { uid, gid }) = user {
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]);
    }
    command.arg("--pdeathsig=INT").arg(program);
    command
}

/// Somebody else could take it before the server does; then the server says so and the tests are run again.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().rev().take(5).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn it_is_gone_after_the_drop() -> Result<()> {
        if find().is_none() {
            eprintln!("not run: there is no PostgreSQL here");
            return Ok(());
        }
        let postgres = Postgres::start(Durability::Memory, None)?;
        let (port, folder) = (postgres.port, postgres.folder.path().to_path_buf());
        assert!(TcpStream::connect(("127.0.0.1", port)).is_ok(), "it answers while it is held");
        drop(postgres);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "the server has stopped");
        assert!(!folder.exists(), "its folder is removed");
        Ok(())
    }
}
