//! The command line. A command acts as the operator, straight on the data folder's database, whether a server runs on it
//! or not; it calls the same use cases as everybody else.

mod agreement;
mod backup;
mod card;
mod config;
mod cut;
mod export;
mod import;
mod member;
mod project;
mod restore;
mod table;
mod token;
mod user;
mod verify;

use clap::{Args, Parser, Subcommand};
use domain::problem::Refusal;
use service::{Actor, Services};
use std::{path::PathBuf, process::ExitCode};

use crate::{
    config::{Config, ConfigError, Given},
    demo, serve, telemetry,
};

/// Who the command line is to the use cases; the audit log says so.
const OPERATOR: Actor = Actor::Operator;

/// How many wrong places of the input are printed.
const MOST_FAULTS: usize = 20;

/// Find and fix the labels that your model gets wrong.
#[derive(Debug, Parser)]
#[command(name = "relabel", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

/// The settings as flags; they may stand anywhere. `relabel config` says what each means.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
struct Flags {
    /// The folder of the database and of uploads [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// A PostgreSQL address, instead of SQLite in the data folder
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Where to serve [default: 127.0.0.1:3000]
    #[arg(long, global = true, value_name = "HOST:PORT")]
    addr: Option<String>,
    /// A TOML file of settings
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to serve /metrics without a token, apart from the rest
    #[arg(long, global = true, value_name = "HOST:PORT")]
    metrics_addr: Option<String>,
    /// Send cookies over HTTPS only
    #[arg(long, global = true, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    secure_cookies: Option<String>,
    /// The largest upload [default: 4294967296]
    #[arg(long, global = true, value_name = "BYTES")]
    max_upload_bytes: Option<String>,
    /// Proxies whose X-Forwarded-For counts: addresses or networks, by commas
    #[arg(long, global = true, value_name = "LIST")]
    trusted_proxies: Option<String>,
    /// Send events also to private addresses, and over HTTP
    #[arg(long, global = true, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    allow_private_webhooks: Option<String>,
    /// What is logged, such as debug or info,service=debug [default: info,sea_orm_migration=warn]
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// How it is logged: text or json [default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages and the REST API
    Serve,
    /// Serve demo projects with simulated annotators, on the loopback
    Demo(demo::Args),
    /// Create the database, or bring it up to date
    Migrate,
    /// People with accounts
    #[command(subcommand)]
    User(user::Command),
    /// Access tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Projects
    #[command(subcommand)]
    Project(project::Command),
    /// Members of projects
    #[command(subcommand)]
    Member(member::Command),
    /// Add samples, or people's answers to them, from a file to a project
    Import(import::Args),
    /// Cut the staged decisions into a new version
    Cut(cut::Args),
    /// Write the labels of a version
    Export(export::Args),
    /// Print the data card of a version
    Card(card::Args),
    /// Copy the database into one file, while others work on it
    Backup(backup::Args),
    /// Put the database of a backup in the data folder
    Restore(restore::Args),
    /// Agreement and consensus of a table of answers, without a database
    Agreement(agreement::Args),
    /// Check the label store against its hashes; exit code 1 where something differs
    Verify(verify::Args),
    /// Print every setting: value, default, source, meaning
    Config,
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The use cases refused or failed.
    #[error("{}", service_sentence(.0))]
    Service(#[from] service::Error),
    /// The server could not start or go on.
    #[error(transparent)]
    Serve(#[from] serve::ServeError),
    /// The demo could not be made.
    #[error(transparent)]
    Demo(#[from] demo::DemoError),
    /// A file cannot be read or written.
    #[error("{file}: {source}")]
    File {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{file}: {refusal}")]
    Content {
        /// The file.
        file: String,
        /// What is wrong with it.
        refusal: Refusal,
    },
    /// There is no backup, or nothing was restored.
    #[error(transparent)]
    Backup(#[from] service::backup::BackupError),
    /// The label store is not as its hashes say.
    #[error("the label store does not hold: {0}")]
    Differs(String),
    /// The arguments do not fit each other.
    #[error("{0}")]
    Usage(String),
}

impl CliError {
    /// 1 where the work was refused or failed, 2 where the command was called wrongly.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_) | Self::Usage(_) => ExitCode::from(2),
            _ => ExitCode::from(1),
        }
    }

    fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Service(service::Error::Refused { refusal, .. }) | Self::Content { refusal, .. } => {
                Some(refusal)
            }
            _ => None,
        }
    }
}

fn service_sentence(error: &service::Error) -> String {
    match error {
        service::Error::Refused { refusal, .. } => format!("{} ({})", refusal.detail, refusal.code),
        other => other.to_string(),
    }
}

/// The result of a command.
pub(crate) type CliResult = Result<(), CliError>;

/// Prints why a command failed.
pub fn explain(error: &CliError) {
    eprintln!("error: {error}");
    let Some(refusal) = error.refusal() else { return };
    for fault in refusal.errors.iter().take(MOST_FAULTS) {
        let line = fault.line.map(|line| format!("line {line}"));
        let pointer = fault.pointer.clone().filter(|pointer| !pointer.is_empty());
        let place: Vec<String> = line.into_iter().chain(pointer).collect();
        let place = if place.is_empty() { String::new() } else { format!("{}: ", place.join(" ")) };
        eprintln!("  {place}{} ({})", fault.detail, fault.code);
    }
    if refusal.errors.len() > MOST_FAULTS {
        eprintln!("  and {} more", refusal.errors.len() - MOST_FAULTS);
    }
}

/// Does what the arguments say.
///
/// # Errors
/// When it is refused or fails.
pub async fn run(cli: Cli) -> CliResult {
    let given = given(&cli.flags)?;
    let config = Config::read(&given)?;
    // The filter was read with the settings, so it is one.
    let _ = telemetry::start(&config.log, config.log_format);
    match cli.command {
        Command::Config => return config::print(&given),
        Command::Serve => return Ok(serve::run(&config).await?),
        Command::Demo(args) => return Ok(demo::run(args, &config).await?),
        // Neither brings the database up to date.
        Command::Backup(args) => return backup::run(&config, args).await,
        Command::Restore(args) => return restore::run(&config, args).await,
        // It needs none.
        Command::Agreement(args) => return agreement::run(&args).await,
        _ => {}
    }
    let options = config.service_options();
    // Only what sets a server up may begin a database: with a mistyped folder the others would find an empty one.
    if !matches!(cli.command, Command::Migrate | Command::User(_) | Command::Project(_))
        && let Some(file) = options.missing_file()?
    {
        return Err(service::backup::BackupError::NoDatabase(file).into());
    }
    let services = Services::open(&options).await?;
    match cli.command {
        Command::Config
        | Command::Serve
        | Command::Demo(_)
        | Command::Backup(_)
        | Command::Restore(_)
        | Command::Agreement(_) => Ok(()),
        // Opening the database has done it.
        Command::Migrate => Ok(()),
        Command::User(command) => user::run(&services, command).await,
        Command::Token(command) => token::run(&services, command).await,
        Command::Project(command) => project::run(&services, command).await,
        Command::Member(command) => member::run(&services, command).await,
        Command::Import(args) => import::run(&services, args).await,
        Command::Cut(args) => cut::run(&services, args).await,
        Command::Export(args) => export::run(&services, args).await,
        Command::Card(args) => card::run(&services, args).await,
        Command::Verify(args) => verify::run(&services, args).await,
    }
}

fn given(flags: &Flags) -> Result<Given, ConfigError> {
    let flags = flags.clone();
    let by_key = [
        ("data_dir", flags.data_dir),
        ("database_url", flags.database_url),
        ("addr", flags.addr),
        ("metrics_addr", flags.metrics_addr),
        ("secure_cookies", flags.secure_cookies),
        ("max_upload_bytes", flags.max_upload_bytes),
        ("trusted_proxies", flags.trusted_proxies),
        ("allow_private_webhooks", flags.allow_private_webhooks),
        ("log", flags.log),
        ("log_format", flags.log_format),
    ];
    Given::gather(&by_key, flags.config, std::env::vars_os())
}

/// A file's name as an error says it; `-` is standard input or output.
fn file_error(file: &std::path::Path) -> impl FnOnce(std::io::Error) -> CliError + '_ {
    move |source| CliError::File { file: file.display().to_string(), source }
}

/// Prints one line on standard output.
fn say(line: impl std::fmt::Display) -> CliResult {
    use std::io::Write;
    writeln!(std::io::stdout(), "{line}")
        .map_err(|source| CliError::File { file: "standard output".to_owned(), source })
}

/// Prints a value as JSON.
fn say_json<T: serde::Serialize>(value: &T) -> CliResult {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| CliError::File { file: "standard output".to_owned(), source: error.into() })?;
    say(text)
}

/// An e-mail address as an argument; addresses are kept in lower case.
fn parse_email(text: &str) -> Result<domain::name::Email, domain::name::NameError> {
    domain::name::Email::parse(text.trim().to_lowercase())
}

/// A project's name as an argument.
fn parse_slug(text: &str) -> Result<domain::name::Slug, domain::name::NameError> {
    domain::name::Slug::parse(text)
}

#[cfg(test)]
mod tests {
    use super::{Cli, given};
    use crate::config::{SETTINGS, Source};
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_arguments_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_setting_has_its_flag() {
        let command = Cli::command();
        for setting in SETTINGS {
            let flag = setting.flag();
            let found = command.get_arguments().any(|arg| arg.get_long() == flag.strip_prefix("--"));
            assert!(found, "{flag}");
        }
    }

    #[test]
    fn settings_may_stand_after_the_command() -> Result<(), Box<dyn std::error::Error>> {
        for line in [
            "relabel --data-dir here --secure-cookies user list",
            "relabel user list --secure-cookies --data-dir here",
            "relabel user list --data-dir=here --secure-cookies=true",
        ] {
            let cli = Cli::try_parse_from(line.split(' '))?;
            let given = given(&cli.flags)?;
            let value = |key| crate::config::Setting::find(key).map(|setting| given.value(setting));
            assert_eq!(value("data_dir"), Some((Some("here"), Source::Flag)));
            assert_eq!(value("secure_cookies"), Some((Some("true"), Source::Flag)));
        }
        Ok(())
    }

    #[test]
    fn the_documented_calls_are_understood() {
        for line in [
            "relabel serve --data-dir d --addr 127.0.0.1:0",
            "relabel demo --fresh --data a --data b --addr 127.0.0.1:0 --data-dir d",
            "relabel migrate",
            "relabel user add --email a@b --name A --password-stdin --admin",
            "relabel user list",
            "relabel user disable a@b",
            "relabel user disable --email a@b",
            "relabel user passwd --email a@b --password-stdin",
            "relabel token create --email a@b --name t --project p --scopes read,manage",
            "relabel token list",
            "relabel token revoke 3",
            "relabel project create p.json",
            "relabel project create -",
            "relabel project list",
            "relabel project show p",
            "relabel member set --project p --email a@b --role annotator",
            "relabel import --project p samples.jsonl --on-error skip --labels overwrite --format ndjson",
            "relabel cut --project p --message m --tag prod",
            "relabel export --project p --version prod --format csv --since 0 --include provenance --out f",
            "relabel card p",
            "relabel card p --version prod --lang ko",
            "relabel backup b.db",
            "relabel backup --force b.db",
            "relabel restore b.db",
            "relabel restore b.db --force",
            "relabel verify",
            "relabel verify --project p --json",
            "relabel config",
        ] {
            let parsed = Cli::try_parse_from(line.split(' '));
            assert!(parsed.is_ok(), "{line}: {:?}", parsed.err().map(|error| error.to_string()));
        }
    }
}
