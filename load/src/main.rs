//! `relabel-load`: drives real Relabel servers over HTTP from a second process, to prove what the queue promises and to
//! measure how fast it is.
//!
//! It knows the product by its REST API, its command line and, to check what the servers said, the tables of its
//! database. It must not depend on the crates that make the server.

mod bench;
mod claimed;
mod client;
mod database;
mod people;
mod place;
mod samples;
mod server;
mod stats;
mod stress;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "relabel-load", about = "Proves and measures Relabel from outside", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Many people at once on servers that are killed, then a reckoning
    Stress(stress::Options),
    /// Every measure with its goal and its baseline, as a table
    Bench(bench::Options),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let held = match Cli::parse().command {
        Command::Stress(options) => stress::run(options).await,
        Command::Bench(options) => bench::run(options).await,
    };
    match held {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
