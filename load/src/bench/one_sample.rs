//! Adding one sample to the big project.

use std::time::Instant;

use anyhow::Result;
use fastrand::Rng;

use super::{
    lab::Lab,
    report::{Figure, Limit},
};
use crate::{client::Request, people::PROJECT, samples, stats::Times};

pub(super) async fn measure(lab: &Lab) -> Result<Vec<Figure>> {
    let mut client = lab.client()?;
    let mut rng = Rng::with_seed(1);
    let mut times = Times::default();
    let path = format!("/api/v1/projects/{PROJECT}/samples");
    for n in 0..lab.size.repetitions() {
        let line = samples::line(&mut rng, &format!("one-{n}"));
        let request = Request::post_as(&path, "application/x-ndjson", line).bearer(&lab.manager.token);
        let started = Instant::now();
        client.send(&request).await?.expect(200)?;
        times.add(started.elapsed());
    }
    Ok(vec![
        Figure::new("add one sample, median", times.median(), "ms").goal(Limit::Below(10.0)),
        Figure::new("add one sample, p99", times.p99(), "ms"),
    ])
}
