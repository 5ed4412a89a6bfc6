//! Whether a claim takes longer where more samples wait.

use anyhow::Result;

use super::{
    lab::{self, Annotator, Lab},
    report::{Figure, Limit},
};
use crate::{
    client::Client,
    people::{self, PROJECT},
    place::Place,
};

pub(super) async fn measure(lab: &Lab) -> Result<Vec<Figure>> {
    let many = claims(lab, Annotator::new(lab.client()?, &lab.annotators[0], PROJECT)).await?;

    let place = Place::make(&lab.relabel, &lab.kind, lab.data.as_deref()).await?;
    people::make_project(&place, PROJECT, &lab::policy()).await?;
    let manager = people::make_one(&place, "manager").await?;
    let annotator = people::make_one(&place, "annotator").await?;
    let server = place.serve(0).await?;
    lab::import(&place, &server, &manager, PROJECT, 0, lab.size.few_samples()).await?;
    let few = claims(lab, Annotator::new(Client::new(server.addr), &annotator, PROJECT)).await?;
    server.stop().await?;
    place.remove().await?;

    let name = format!("claim, {} against {} samples, median", lab.size.samples(), lab.size.few_samples());
    Ok(vec![Figure::new(name, many, "ms").against("few samples", few, Limit::Below(1.5))])
}

/// The median, in milliseconds, once both server and database are warm.
async fn claims(lab: &Lab, mut annotator: Annotator<'_>) -> Result<f64> {
    let count = lab.size.repetitions();
    annotator.time_claims(count / 5).await?;
    Ok(annotator.time_claims(count).await?.median())
}
