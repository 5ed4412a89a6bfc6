//! `cargo xtask tidy`: prints every breach of the rules in `tidy`, one line each.

use anyhow::{Result, bail};

use crate::tidy::{self, Tree};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let tree = Tree::read(workspace)?;
    let violations = tidy::check(&tree);
    for violation in &violations {
        println!("{violation}");
    }
    match violations.len() {
        0 => Ok(()),
        1 => bail!("tidy found 1 violation"),
        many => bail!("tidy found {many} violations"),
    }
}
