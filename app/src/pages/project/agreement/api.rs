//! The server function of the agreement page.

use crate::error::Answer;
use domain::{schema::Schema, view::agreement::AgreementView};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// Agreement on one question, and what is needed to name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is asked.
    pub schema: Schema,
    /// The newest guideline.
    pub guideline_revision: i32,
    /// All statistics; of the pairs of people those that share most.
    pub view: AgreementView,
    /// Pairs of people that are left out.
    pub more_pairs: i64,
}

/// What of the answers is looked at, as the address says it: empty where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub question: String,
    pub level: String,
    pub reason: String,
    pub model: String,
    pub guideline_revision: String,
    /// The first day, in the project's time zone.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// Agreement on a question, the first where none is named.
#[server(endpoint = "load_agreement", input = GetUrl)]
pub async fn load_agreement(slug: String, #[server(default)] filter: Filter) -> Answer<Agreement> {
    use crate::{error::load, parse, session};
    use domain::{agreement::Level, signal::SignalKind};
    use service::usecase::agreement::{AgreementFilter, day_of};
    let agreement = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let project = services.projects().get(&actor, &slug).await?;
        let zone = &project.settings.time_zone;
        let mut given = parse::Parameters::default();
        let [from, to] = [("from", &filter.from), ("to", &filter.to)]
            .map(|(name, day)| given.read(name, day, |day| day_of(day, zone)));
        given.days(from.map(|day| day.start), to.map(|day| day.start));
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let filter = AgreementFilter {
            question: said(filter.question),
            level: given.read("level", &filter.level, Level::parse).unwrap_or_default(),
            reason: given.read("reason", &filter.reason, SignalKind::parse),
            model: said(filter.model),
            guideline_revision: given
                .read("guideline_revision", &filter.guideline_revision, |number| number.parse().ok()),
            from: from.map(|day| day.start),
            to: to.map(|day| day.end),
        };
        given.finish()?;
        let view = services.agreement().get(&actor, &slug, filter).await?;
        let (view, more_pairs) = view.shortened(MOST_PAIRS);
        Ok(Agreement {
            slug: slug.to_string(),
            project: project.name,
            schema: project.schema,
            guideline_revision: project.guideline_revision,
            view,
            more_pairs: i64::try_from(more_pairs).unwrap_or(i64::MAX),
        })
    };
    load(agreement.await)
}

/// More pairs of people than anybody reads are not sent to the page.
#[cfg(feature = "ssr")]
const MOST_PAIRS: usize = 50;
