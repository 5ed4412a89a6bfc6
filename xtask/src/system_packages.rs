//! Packages of the operating system: installed where that can be done without asking, named in one line elsewhere.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;

/// Installs Debian packages, or says in one line what is missing and how to get it.
pub(crate) fn install(what: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let hint = format!("{what} is missing: install it (on Debian: apt-get install {list})");
    let Some(mut install) = apt_get() else { bail!("{hint}") };
    process::step(format!("installing {what} (apt-get install {list})"));
    install.args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages);
    if process::run(&mut install).is_ok() {
        return Ok(());
    }
    // A fresh image has no package lists, and an old one has lists of packages that are gone.
    let mut update = apt_get().with_context(|| hint.clone())?;
    process::run(update.args(["update", "--quiet"])).with_context(|| hint.clone())?;
    process::run(&mut install).with_context(|| hint)
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

fn apt_get() -> Option<Command> {
    let apt_get = process::find("apt-get")?;
    let mut command = if is_root() {
        Command::new(apt_get)
    } else {
        let mut sudo = Command::new(process::find("sudo")?);
        // Without a terminal sudo must fail, not wait for a password.
        sudo.args(["--non-interactive", "DEBIAN_FRONTEND=noninteractive"]).arg(apt_get);
        sudo
    };
    // Its talk goes where the progress lines go.
    command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).stdout(std::io::stderr());
    Some(command)
}
