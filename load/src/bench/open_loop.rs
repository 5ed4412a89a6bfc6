//! How long claims and answers take when people come at their own pace.
//!
//! Each request has its moment; a time counts from that moment, also where the one before it was late, so that a slow
//! server cannot hide by being asked less.

use std::time::Duration;

use anyhow::Result;
use futures::future::try_join_all;
use tokio::time::{Instant, sleep_until};

use super::{
    lab::{Annotator, Lab, Stop},
    report::{Figure, Limit},
};
use crate::{people::PROJECT, stats::Times};

const PAIRS_A_SECOND: f64 = 300.0;

#[derive(Debug, Default)]
pub(super) struct Latencies {
    pub claims: Times,
    pub submits: Times,
}

pub(super) async fn measure(lab: &Lab) -> Result<Vec<Figure>> {
    let Latencies { claims, submits } =
        run(lab, PAIRS_A_SECOND, lab.size.loop_time(), &Stop::default()).await?;
    let figure =
        |name: &str, value| Figure::new(format!("{name}, open loop, {PAIRS_A_SECOND} pairs/s"), value, "ms");
    let limit = Limit::Below(25.0);
    Ok(vec![
        figure("claim, median", claims.median()),
        figure("claim, p99", claims.p99()).goal(limit),
        figure("submit, median", submits.median()),
        figure("submit, p99", submits.p99()).goal(limit),
    ])
}

/// All annotators together at this rate, for this time or until asked to stop.
pub(super) async fn run(lab: &Lab, pairs_a_second: f64, time: Duration, stop: &Stop) -> Result<Latencies> {
    let period = Duration::from_secs_f64(lab.annotators.len() as f64 / pairs_a_second);
    let start = Instant::now() + period;
    let mut running = Vec::new();
    for (number, person) in lab.annotators.iter().enumerate() {
        let mut annotator = Annotator::new(lab.client()?, person, PROJECT);
        let mut due = start + period.mul_f64(number as f64 / lab.annotators.len() as f64);
        running.push(async move {
            let mut latencies = Latencies::default();
            while due < start + time && !stop.is_asked() {
                sleep_until(due).await;
                let leases = annotator.claim(1).await?;
                latencies.claims.add(due.elapsed());
                let answer_due = due + period / 2;
                for lease in leases {
                    sleep_until(answer_due).await;
                    annotator.submit(&lease).await?;
                    latencies.submits.add(answer_due.elapsed());
                }
                due += period;
            }
            anyhow::Ok(latencies)
        });
    }
    let mut all = Latencies::default();
    for latencies in try_join_all(running).await? {
        all.claims.extend(latencies.claims);
        all.submits.extend(latencies.submits);
    }
    Ok(all)
}
