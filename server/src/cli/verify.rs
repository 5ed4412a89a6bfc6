//! `relabel verify`: the label store is checked against its hashes, beside a running server or without one.

use domain::{
    name::Slug,
    view::verification::{Difference, VerifiedProject},
};
use service::Services;

use super::{CliError, CliResult, OPERATOR, parse_slug, say, say_json};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// One project; all of them where not given
    #[arg(long, value_parser = parse_slug, value_name = "SLUG")]
    project: Option<Slug>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(services: &Services, args: Args) -> CliResult {
    let found = services.verify().labels(&OPERATOR, args.project.as_ref()).await?;
    if args.json {
        say_json(&found)?;
    } else {
        found.projects.iter().map(project).try_for_each(say)?;
        found.listed.iter().map(difference).try_for_each(say)?;
        let listed = i64::try_from(found.listed.len()).unwrap_or(i64::MAX);
        if found.differences > listed {
            say(format_args!("and {} more", found.differences - listed))?;
        }
    }
    if found.holds() { Ok(()) } else { Err(CliError::Differs(count(found.differences, "difference"))) }
}

fn project(checked: &VerifiedProject) -> String {
    let result = match checked.differences {
        0 => "holds".to_owned(),
        differences => count(differences, "difference"),
    };
    let digest =
        checked.digest.as_deref().map_or_else(String::new, |digest| format!(", newest digest {digest}"));
    format!(
        "{}: {result} ({}, {}, {} of which {} erased, {}{digest})",
        checked.project,
        count(checked.versions, "version"),
        count(checked.rows, "label row"),
        count(checked.contents, "content revision"),
        checked.erased,
        count(checked.tags, "tag"),
    )
}

fn difference(difference: &Difference) -> String {
    let sample = difference.sample.as_deref().map(|sample| format!(", sample {sample}")).unwrap_or_default();
    let version = difference.version.map(|version| format!(", version {version}")).unwrap_or_default();
    let values = match (&difference.stored, &difference.found) {
        (Some(stored), Some(found)) => format!("\n  stored: {stored}\n  found:  {found}"),
        _ => String::new(),
    };
    let what = difference.what.as_str();
    format!("{}{sample}{version}: {} ({what}){values}", difference.project, difference.detail)
}

fn count(number: i64, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
