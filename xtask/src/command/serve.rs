//! `cargo xtask serve`: builds, then becomes `relabel serve` on the data folder `data`, which starts empty.

use anyhow::Result;

use super::build;
use crate::process;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Passed to `relabel serve` as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<()> {
    let binary = build::run(workspace)?;
    let mut serve = std::process::Command::new(binary);
    serve.arg("serve");
    if !names_a_data_dir(&args.rest) {
        serve.arg("--data-dir").arg(workspace.root().join("data"));
    }
    process::replace_with(serve.args(args.rest))
}

fn names_a_data_dir(args: &[String]) -> bool {
    args.iter().any(|arg| arg == "--data-dir" || arg.starts_with("--data-dir="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_data_dir_is_not_given_twice() {
        let args = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(names_a_data_dir(&args("--addr 127.0.0.1:0 --data-dir here")));
        assert!(names_a_data_dir(&args("--data-dir=here")));
        assert!(!names_a_data_dir(&args("--addr 127.0.0.1:0")));
    }
}
