//! Whether annotators notice that as many samples again are imported into their project.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::{
    lab::{Lab, Stop},
    open_loop,
    report::{Figure, Limit},
};
use crate::people::PROJECT;

/// Far below what the queue takes.
const PAIRS_A_SECOND: f64 = 100.0;
/// Longer than any import; it ends the loop before.
const LONG: Duration = Duration::from_secs(3600);

pub(super) async fn measure(lab: &Lab) -> Result<Vec<Figure>> {
    let count = lab.size.samples();
    let without = open_loop::run(lab, PAIRS_A_SECOND, lab.size.loop_time(), &Stop::default()).await?;
    let stop = Stop::default();
    let importing = async {
        let time = lab.import(PROJECT, count, 2 * count).await;
        stop.now();
        time
    };
    let (with, time) = tokio::join!(open_loop::run(lab, PAIRS_A_SECOND, LONG, &stop), importing);
    let (with, time) = (with?, time?.as_secs_f64());
    ensure!(with.submits.len() > 0, "the import was over before anybody answered");
    let name = |what: &str| format!("{what} during an import of {count}, {PAIRS_A_SECOND} pairs/s");
    Ok(vec![
        Figure::new(name("submit, p99"), with.submits.p99(), "ms").against(
            "without",
            without.submits.p99(),
            Limit::Below(2.0),
        ),
        Figure::new(name("claim, p99"), with.claims.p99(), "ms"),
        Figure::new(format!("import {count} samples while people answer"), time, "s"),
    ])
}
