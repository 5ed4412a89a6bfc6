//! The `relabel` binary: arguments in, exit code out.

use clap::Parser;
use server::cli::{self, Cli};
use std::{process::ExitCode, time::Duration};

fn main() -> ExitCode {
    // Wrong usage ends here, with code 2.
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(cli::run(cli));
    // Nobody waits any more for what may still run, such as the reading of an upload.
    runtime.shutdown_timeout(Duration::from_millis(100));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::explain(&error);
            error.exit_code()
        }
    }
}
