//! The text files of the workspace, read once.

use std::fs;

use anyhow::{Context, Result};

use crate::process;
use crate::workspace::Workspace;

#[derive(Debug)]
pub(crate) struct Tree {
    files: Vec<File>,
}

#[derive(Debug)]
pub(super) struct File {
    /// Below the root, with `/` between the parts.
    pub(super) path: String,
    pub(super) text: String,
}

impl Tree {
    /// Every file that is tracked or not ignored, and is text.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let mut git = workspace.command("git");
        let listed =
            process::output(git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))
                .context("tidy reads the list of files from git")?;
        let files = listed
            .split('\0')
            .filter(|path| !path.is_empty())
            // A file that was deleted but is still tracked, or is not UTF-8, has no text.
            .filter_map(|path| {
                let text = fs::read_to_string(workspace.root().join(path)).ok()?;
                Some(File { path: path.to_owned(), text })
            })
            .collect();
        Ok(Self { files })
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    pub(super) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files().filter(|file| file.path.ends_with(".rs"))
    }

    pub(super) fn get(&self, path: &str) -> Option<&File> {
        self.files().find(|file| file.path == path)
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { files: files.iter().map(file).collect() }
    }
}

impl File {
    /// Lines with their numbers, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The lines of a Rust file that are not comments.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    pub(super) fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }
}
