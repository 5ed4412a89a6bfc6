//! Where the workspace and its build products are, and how to call cargo there.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Which of the two builds: the one people run, or the one the browser tests run, built quickly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Release,
    Test,
}

impl Profile {
    /// The cargo profile of the browser's half, and its folder under `target`.
    pub(crate) fn wasm(self) -> (&'static str, &'static str) {
        match self {
            Self::Release => ("wasm", "wasm"),
            Self::Test => ("dev", "debug"),
        }
    }

    /// The two sites are apart, so that a test run does not make the next release build start over.
    fn site_folder(self) -> &'static str {
        match self {
            Self::Release => "site",
            Self::Test => "site-test",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    pub(crate) fn locate() -> Result<Self> {
        let manifest_dir = env::var_os("CARGO_MANIFEST_DIR").context("start this with `cargo xtask`")?;
        let root = Path::new(&manifest_dir)
            .parent()
            .context("the folder of `xtask` has no parent: start this with `cargo xtask`")?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder).context("CARGO_TARGET_DIR is not a path")?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The folder that the server embeds.
    pub(crate) fn site(&self, profile: Profile) -> PathBuf {
        self.target.join(profile.site_folder())
    }

    /// The server binary that cargo leaves for this profile.
    pub(crate) fn server_binary(&self, profile: Profile) -> PathBuf {
        self.binary(profile, "relabel")
    }

    /// The program that storms and measures servers.
    pub(crate) fn load_binary(&self, profile: Profile) -> PathBuf {
        self.binary(profile, "relabel-load")
    }

    /// An example of a package.
    pub(crate) fn example(&self, profile: Profile, name: &str) -> PathBuf {
        self.binary(profile, &format!("examples/{name}"))
    }

    fn binary(&self, profile: Profile, name: &str) -> PathBuf {
        let folder = match profile {
            Profile::Release => "release",
            Profile::Test => "debug",
        };
        self.target.join(folder).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A command at the root of the workspace.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        // `cargo run` describes the package `xtask` in the environment. Build scripts that watch these variables
        // would run again at every change between `cargo xtask` and cargo itself.
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&*name);
            }
        }
        command
    }

    /// Cargo on the workspace's own toolchain.
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        self.cargo_at(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), subcommand)
    }

    /// Any cargo, with what all builds of this workspace share.
    pub(crate) fn cargo_at(&self, cargo: impl AsRef<std::ffi::OsStr>, subcommand: &str) -> Command {
        let mut command = self.command(cargo);
        command.arg(subcommand).env("CARGO_TARGET_DIR", &self.target);
        // Leptos decides at compile time by this variable how the WASM file is called.
        command.env_remove("LEPTOS_OUTPUT_NAME");
        command
    }
}
