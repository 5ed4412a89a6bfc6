//! `relabel card`: the data card of a version, as Markdown.

use clap::ValueEnum;
use domain::{
    card::Language,
    name::{Slug, VersionRef},
};
use service::Services;

use super::{CliResult, OPERATOR, parse_slug, say};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The project
    #[arg(value_parser = parse_slug)]
    project: Slug,
    /// A number, `latest` or a tag
    #[arg(long, default_value = "latest", value_parser = VersionRef::parse, value_name = "REF")]
    version: VersionRef,
    /// The language
    #[arg(long, default_value = "en")]
    lang: LanguageArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LanguageArg {
    En,
    Ko,
}

pub(super) async fn run(services: &Services, args: Args) -> CliResult {
    let language = match args.lang {
        LanguageArg::En => Language::English,
        LanguageArg::Ko => Language::Korean,
    };
    let card = services.cards().get(&OPERATOR, &args.project, &args.version, language).await?;
    say(card.markdown.trim_end())
}
