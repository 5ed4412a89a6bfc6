//! `relabel cut`: the staged decisions become a version.

use domain::{
    name::{Slug, TagName},
    view::version::CutInput,
};
use service::Services;

use super::{CliResult, OPERATOR, parse_slug, say_json};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The project
    #[arg(long, value_parser = parse_slug, value_name = "SLUG")]
    project: Slug,
    /// What the version is
    #[arg(long, short)]
    message: String,
    /// A tag to set or move to it
    #[arg(long, value_parser = parse_tag)]
    tag: Option<TagName>,
    /// Refuse unless this is the newest version
    #[arg(long, value_name = "NUMBER")]
    parent: Option<i64>,
}

pub(super) async fn run(services: &Services, args: Args) -> CliResult {
    let input = CutInput { message: args.message, tag: args.tag, parent: args.parent };
    say_json(&services.versions().cut(&OPERATOR, &args.project, input).await?)
}

fn parse_tag(text: &str) -> Result<TagName, domain::name::NameError> {
    TagName::parse(text)
}
