//! `relabel project`: create, list, show.

use clap::Subcommand;
use domain::{name::Slug, view::PageRequest};
use service::Services;
use std::{io::Read, path::PathBuf};

use super::{CliError, CliResult, OPERATOR, file_error, parse_slug, say, say_json, table};
use crate::extract;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a project from a file, the body of `POST /api/v1/projects`
    Create {
        /// The file, or - for standard input
        file: PathBuf,
    },
    /// List all projects
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a project as JSON
    Show {
        /// Its name in addresses
        #[arg(value_parser = parse_slug)]
        slug: Slug,
    },
}

pub(super) async fn run(services: &Services, command: Command) -> CliResult {
    match command {
        Command::Create { file } => {
            let mut bytes = Vec::new();
            if file.as_os_str() == "-" {
                std::io::stdin().read_to_end(&mut bytes).map_err(file_error(&file))?;
            } else {
                bytes = std::fs::read(&file).map_err(file_error(&file))?;
            }
            let input = extract::read_json(&bytes)
                .map_err(|refusal| CliError::Content { file: file.display().to_string(), refusal })?;
            let project = services.projects().create(&OPERATOR, input).await?;
            say(format_args!("created {}", project.slug))
        }
        Command::List { json } => {
            let projects = all(services).await?;
            if json {
                return say_json(&projects);
            }
            let rows: Vec<[String; 4]> = projects
                .into_iter()
                .map(|project| {
                    [
                        project.slug.to_string(),
                        project.name,
                        project.created_at.to_string(),
                        table::time(project.archived_at),
                    ]
                })
                .collect();
            table::print(["slug", "name", "created", "archived"], &rows)
        }
        Command::Show { slug } => say_json(&services.projects().get(&OPERATOR, &slug).await?),
    }
}

async fn all(services: &Services) -> Result<Vec<domain::view::project::ProjectSummary>, CliError> {
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let page = PageRequest { limit: Some(500), cursor };
        let page = services.projects().list(&OPERATOR, page).await?;
        all.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}
