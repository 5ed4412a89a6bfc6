//! `relabel token`: create, list, revoke.

use clap::{Args, Subcommand};
use domain::{
    access::Scope,
    id::TokenId,
    name::{Email, Slug},
    time::Timestamp,
};
use service::{Services, usecase::tokens::NewToken};

use super::{CliResult, OPERATOR, parse_email, parse_slug, say, say_json, table};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a token for a person and print it, alone; it is shown only now
    Create(Create),
    /// List tokens; never the tokens themselves
    List {
        /// Only this person's
        #[arg(long, value_parser = parse_email)]
        email: Option<Email>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// End a token
    Revoke {
        /// Its id, as `token list` prints it
        id: i64,
    },
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// Whose it is
    #[arg(long, value_parser = parse_email)]
    email: Email,
    /// What it is for
    #[arg(long)]
    name: String,
    /// The only project that it opens
    #[arg(long, value_parser = parse_slug, value_name = "SLUG")]
    project: Option<Slug>,
    /// What it may be used for: read, ingest, annotate, review, manage
    #[arg(long, value_delimiter = ',', required = true, value_parser = parse_scope)]
    scopes: Vec<Scope>,
    /// When it ends (RFC 3339); never where not given
    #[arg(long, value_parser = parse_time, value_name = "TIME")]
    expires_at: Option<Timestamp>,
}

pub(super) async fn run(services: &Services, command: Command) -> CliResult {
    let tokens = services.tokens();
    match command {
        Command::Create(Create { email, name, project, scopes, expires_at }) => {
            let token = NewToken { email, name, project, scopes, expires_at };
            say(tokens.create(&OPERATOR, token).await?.token)
        }
        Command::List { email, json } => {
            let tokens = tokens.list(&OPERATOR, email.as_ref()).await?;
            if json {
                return say_json(&tokens);
            }
            let rows: Vec<[String; 8]> = tokens
                .into_iter()
                .map(|token| {
                    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
                    [
                        token.id.to_string(),
                        token.email.to_string(),
                        token.name,
                        token.project.map_or_else(String::new, String::from),
                        scopes.join(","),
                        table::time(token.expires_at),
                        table::time(token.revoked_at),
                        table::time(token.last_used_at),
                    ]
                })
                .collect();
            let headings = ["id", "email", "name", "project", "scopes", "expires", "revoked", "last used"];
            table::print(headings, &rows)
        }
        Command::Revoke { id } => Ok(tokens.revoke(&OPERATOR, TokenId(id)).await?),
    }
}

fn parse_scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text.trim()).ok_or_else(|| {
        let all: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        format!("not one of {}", all.join(", "))
    })
}

fn parse_time(text: &str) -> Result<Timestamp, &'static str> {
    Timestamp::parse(text).ok_or("not an RFC 3339 time")
}
