//! How much work the queue takes at most: everybody claims and answers without a pause.

use std::time::Instant;

use anyhow::Result;
use futures::future::try_join_all;

use super::{
    driver,
    lab::{Annotator, Lab},
    report::{Figure, Limit},
};
use crate::people::PROJECT;

/// `commits`: bare commits of one row a second.
pub(super) async fn measure(lab: &Lab, commits: f64) -> Result<Vec<Figure>> {
    let mut annotators = Vec::new();
    for person in &lab.annotators {
        annotators.push(Annotator::new(lab.client()?, person, PROJECT));
    }
    // Connections and caches are warm before the clock starts.
    try_join_all(annotators.iter_mut().map(Annotator::pair)).await?;
    let (started, busy) = (Instant::now(), driver::processor_seconds()?);
    let until = started + lab.size.loop_time();
    let pairs: Vec<u64> = try_join_all(annotators.iter_mut().map(|annotator| async move {
        let mut pairs = 0;
        while Instant::now() < until {
            annotator.pair().await?;
            pairs += 1;
        }
        anyhow::Ok(pairs)
    }))
    .await?;
    let seconds = started.elapsed().as_secs_f64();
    let per_second = pairs.iter().sum::<u64>() as f64 / seconds;
    let share = 100.0 * (driver::processor_seconds()? - busy) / seconds;
    let name = format!("claim + submit, pairs, closed loop, {} annotators", annotators.len());
    Ok(vec![
        Figure::new(name, per_second, "/s").goal(Limit::AtLeast(1500.0)).against(
            "bare commits",
            commits,
            Limit::AtLeast(4.0),
        ),
        Figure::new("processor time of the driving process in that loop", share, "% of a core"),
    ])
}
