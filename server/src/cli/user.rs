//! `relabel user`: add, list, disable, change a password.

use clap::{Args, Subcommand};
use domain::name::Email;
use service::{Services, usecase::accounts::NewUser};
use std::io::Read;

use super::{CliError, CliResult, OPERATOR, parse_email, say, say_json, table};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a person
    Add(Add),
    /// List everybody
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// End a person's sessions, tokens and leases, and let them in no more; their answers stay
    Disable(Who),
    /// Let a disabled person in again
    Enable(Who),
    /// Change a person's password
    Passwd {
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        password: Password,
    },
}

#[derive(Args, Debug)]
pub(super) struct Add {
    /// Their e-mail address
    #[arg(long, value_parser = parse_email)]
    email: Email,
    /// Their name
    #[arg(long)]
    name: String,
    #[command(flatten)]
    password: Password,
    /// Make them a site admin
    #[arg(long)]
    admin: bool,
}

#[derive(Args, Debug)]
pub(super) struct Password {
    /// Read the password from standard input, up to the end of the line
    #[arg(long, required = true)]
    password_stdin: bool,
}

/// A person, by `--email` or as the only argument.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct Who {
    /// Their e-mail address
    #[arg(long, value_parser = parse_email)]
    email: Option<Email>,
    /// Their e-mail address
    #[arg(value_name = "EMAIL", value_parser = parse_email)]
    named: Option<Email>,
}

impl Who {
    fn email(self) -> Result<Email, CliError> {
        let email = self.email.or(self.named);
        email.ok_or_else(|| CliError::Usage("say whose account: --email".to_owned()))
    }
}

pub(super) async fn run(services: &Services, command: Command) -> CliResult {
    let accounts = services.accounts();
    match command {
        Command::Add(Add { email, name, password: _, admin }) => {
            let password = read_password()?;
            let user = NewUser { email, name, password, admin, simulated: false };
            let user = accounts.add(&OPERATOR, user).await?;
            say(format_args!("added {}", user.email))
        }
        Command::List { json } => {
            let users = accounts.list(&OPERATOR).await?;
            if json {
                return say_json(&users);
            }
            let rows: Vec<[String; 5]> = users
                .into_iter()
                .map(|user| {
                    [
                        user.email.to_string(),
                        user.name,
                        table::mark(user.admin),
                        table::mark(user.disabled),
                        user.created_at.to_string(),
                    ]
                })
                .collect();
            table::print(["email", "name", "admin", "disabled", "since"], &rows)
        }
        Command::Disable(who) => Ok(accounts.disable(&OPERATOR, &who.email()?).await?),
        Command::Enable(who) => Ok(accounts.enable(&OPERATOR, &who.email()?).await?),
        Command::Passwd { who, password: _ } => {
            let email = who.email()?;
            Ok(accounts.set_password(&OPERATOR, &email, &read_password()?).await?)
        }
    }
}

/// Passwords are never arguments: those are seen by everybody on the machine.
fn read_password() -> Result<String, CliError> {
    let file = || "standard input".to_owned();
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|source| CliError::File { file: file(), source })?;
    let password = text.lines().next().unwrap_or_default();
    if password.is_empty() {
        return Err(CliError::Usage("no password on standard input".to_owned()));
    }
    Ok(password.to_owned())
}
