//! What the browser tests need on this machine: Node, Playwright from `e2e/package-lock.json`, and a Chromium.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{process, system_packages};

const CHROMIUM_NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

#[derive(Debug)]
pub(crate) struct Browser {
    npm: PathBuf,
    chromium: PathBuf,
}

pub(crate) fn find_or_install(workspace: &Workspace) -> Result<Browser> {
    let chromium = find_chromium();
    let (npm, chromium) = match (find_npm(), chromium) {
        (Some(npm), Some(chromium)) => (npm, chromium),
        (npm, chromium) => {
            if npm.is_none() {
                system_packages::install("Node", &["nodejs", "npm"])?;
            }
            if chromium.is_none() {
                system_packages::install("Chromium", &["chromium"])?;
            }
            let npm = find_npm().context("npm was installed but is not on the PATH")?;
            (npm, find_chromium().context("Chromium was installed but is not on the PATH")?)
        }
    };
    let browser = Browser { npm, chromium };
    browser.install_playwright(workspace)?;
    Ok(browser)
}

impl Browser {
    /// Runs every test against this binary.
    pub(crate) fn test(&self, workspace: &Workspace, relabel: &Path) -> Result<()> {
        process::step("browser tests");
        let mut playwright = workspace.command(&self.npm);
        playwright.current_dir(workspace.root().join("e2e")).args([
            "exec",
            "--no",
            "--",
            "playwright",
            "test",
        ]);
        process::run(playwright.env("RELABEL_BIN", relabel).env("CHROMIUM", &self.chromium))
    }

    /// npm notes what it installed; while that note is newer than the lock file, nothing is fetched.
    fn install_playwright(&self, workspace: &Workspace) -> Result<()> {
        let e2e = workspace.root().join("e2e");
        let time = |file: PathBuf| fs::metadata(file).and_then(|metadata| metadata.modified());
        let wanted = time(e2e.join("package-lock.json")).context("e2e/package-lock.json")?;
        if time(e2e.join("node_modules/.package-lock.json")).is_ok_and(|installed| installed >= wanted) {
            return Ok(());
        }
        process::step("installing Playwright (npm ci)");
        let mut ci = workspace.command(&self.npm);
        ci.current_dir(e2e).args(["ci", "--no-audit", "--no-fund"]);
        process::run(ci.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
    }
}

/// npm is of no use without Node, and Debian has them in two packages.
fn find_npm() -> Option<PathBuf> {
    process::find("node").and_then(|_| process::find("npm"))
}

fn find_chromium() -> Option<PathBuf> {
    let named = env::var_os("CHROMIUM").map(PathBuf::from);
    named.or_else(|| CHROMIUM_NAMES.iter().find_map(|name| process::find(name)))
}
