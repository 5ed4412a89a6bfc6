//! How long a server with the big project takes to start, and its memory then.

use anyhow::Result;

use super::{
    lab::Lab,
    report::{Figure, Limit},
};
use crate::stats::Times;

const STARTS: usize = 5;

pub(super) async fn measure(lab: &mut Lab) -> Result<Vec<Figure>> {
    let mut times = Times::default();
    for _ in 0..STARTS {
        times.add(lab.restart().await?);
    }
    let memory = lab.server()?.memory()?;
    Ok(vec![
        Figure::new("start to the first 200, median", times.median(), "ms").goal(Limit::Below(500.0)),
        Figure::new("memory after the start", memory.now, "MB").goal(Limit::Below(100.0)),
    ])
}
