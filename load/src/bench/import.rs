//! Imports: one that is held against bare inserts of the same rows, and the big one, its memory and whether it grows in
//! proportion.

use std::path::Path;

use anyhow::Result;

use super::{
    lab::{self, Lab},
    report::{Figure, Limit},
    rows,
    size::Size,
};
use crate::{
    people::{self, PROJECT},
    place::{Kind, Place},
};

/// Seconds for 100,000 samples.
const GOAL: f64 = 5.0;
/// Megabytes.
const MOST_MEMORY: f64 = 200.0;

/// The figures, and the seconds that it took.
pub(super) async fn small(
    relabel: &Path,
    kind: &Kind,
    data: Option<&Path>,
    size: Size,
) -> Result<(Vec<Figure>, f64)> {
    let count = size.small_import();
    let place = Place::make(relabel, kind, data).await?;
    people::make_project(&place, PROJECT, &lab::policy()).await?;
    let manager = people::make_one(&place, "manager").await?;
    let server = place.serve(0).await?;
    let time = lab::import(&place, &server, &manager, PROJECT, 0, count).await?.as_secs_f64();
    server.stop().await?;
    let goal = Limit::Below(GOAL * count as f64 / 100_000.0);
    let mut figure = Figure::new(format!("import {count} samples"), time, "s").goal(goal);
    if matches!(kind, Kind::Sqlite) {
        let fresh = Place::make(relabel, kind, data).await?;
        let bare = rows::insert(&place.data().join("relabel.db"), &fresh.data().join("relabel.db")).await?;
        figure = figure.against("bare inserts", bare.as_secs_f64(), Limit::Below(4.0));
    }
    place.remove().await?;
    Ok((vec![figure], time))
}

/// Fills the big project.
pub(super) async fn large(lab: &mut Lab, small: f64) -> Result<Vec<Figure>> {
    let (count, few) = (lab.size.samples(), lab.size.small_import());
    // What the peak of memory was before is not the import's.
    lab.restart().await?;
    let time = lab.import(PROJECT, 0, count).await?.as_secs_f64();
    let memory = lab.server()?.memory()?;
    let in_proportion = small * count as f64 / few as f64;
    Ok(vec![
        Figure::new(format!("import {count} samples"), time, "s").against(
            "in proportion",
            in_proportion,
            Limit::Below(1.2),
        ),
        Figure::new("highest memory of that import", memory.highest, "MB").goal(Limit::Below(MOST_MEMORY)),
    ])
}
