//! `relabel member`: who is in a project.

use clap::{Args, Subcommand};
use domain::{
    access::Role,
    name::{Email, Slug},
    view::project::MemberInput,
};
use service::Services;

use super::{CliResult, OPERATOR, parse_email, parse_slug, say};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add an existing user as a member, or change a member's role
    Set(Set),
}

#[derive(Args, Debug)]
pub(super) struct Set {
    /// The project
    #[arg(long, value_parser = parse_slug, value_name = "SLUG")]
    project: Slug,
    /// Their e-mail address
    #[arg(long, value_parser = parse_email)]
    email: Email,
    /// annotator, reviewer or manager
    #[arg(long, value_parser = parse_role)]
    role: Role,
}

pub(super) async fn run(services: &Services, command: Command) -> CliResult {
    let Command::Set(Set { project, email, role }) = command;
    let member = services.members().set(&OPERATOR, &project, MemberInput { email, role }).await?;
    say(format_args!("{} is {} of {project}", member.email, member.role.as_str()))
}

fn parse_role(text: &str) -> Result<Role, &'static str> {
    Role::parse(text).ok_or("not one of annotator, reviewer, manager")
}
