//! One running `relabel serve`: its address, its memory, and how it ends.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};

use crate::client::{Client, Request};

/// A server promises to end within ten seconds of SIGTERM.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub addr: SocketAddr,
}

/// Megabytes of resident memory.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub now: f64,
    pub highest: f64,
}

impl Server {
    pub(crate) fn new(child: Child, addr: SocketAddr) -> Self {
        Self { child, addr }
    }

    /// As `kill -9` does: no farewell, nothing finished.
    pub async fn kill(mut self) -> Result<()> {
        self.child.kill().await.context("the server cannot be killed")
    }

    /// As an operator stops it.
    pub async fn stop(mut self) -> Result<()> {
        // A server listens for signals only after it has said where it is; one that answers does.
        Client::new(self.addr).send(&Request::get("/healthz")).await?.expect(200)?;
        let pid = self.child.id().context("the server had ended by itself")?.to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().await?;
        if !asked.success() {
            bail!("the server cannot be asked to stop");
        }
        let ended = tokio::time::timeout(STOP_LIMIT, self.child.wait()).await;
        let status = ended.context("the server does not stop")??;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }

    pub fn memory(&self) -> Result<Memory> {
        let pid = self.child.id().context("the server has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))
            .context("resident memory is read from /proc, which Linux has")?;
        let megabytes = |name: &str| -> Option<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kilobytes: f64 = line.trim_start_matches(':').trim().strip_suffix(" kB")?.parse().ok()?;
            Some(kilobytes * 1024.0 / 1e6)
        };
        let memory = megabytes("VmRSS").zip(megabytes("VmHWM"));
        let (now, highest) = memory.context("/proc does not tell the memory of the server")?;
        Ok(Memory { now, highest })
    }
}
