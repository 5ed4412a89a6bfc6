//! How many samples a threshold would queue, for choosing one.

use super::Projects;
use crate::{
    actor::Actor,
    error::Result,
    repo::{evidence, samples, versions::BATCH},
    usecase::access,
};
use domain::{
    access::Permission,
    id::SampleId,
    name::Slug,
    signal::{Reason, SignalKind},
    view::project::QueueForecast,
};

/// Thresholds are 0, 0.05, …, 1.
const STEPS: u32 = 20;

impl Projects<'_> {
    /// For each threshold, the samples with a signal at or above it, with the target that is set.
    pub async fn forecast(&self, actor: &Actor, slug: &Slug) -> Result<QueueForecast> {
        let conn = self.0.db.read();
        let mut project = access::project(conn, actor, slug, Permission::ManageProject).await?.project;
        let audit_rate = project.settings.queue.audit_rate;
        // So that every signal is weighed, whatever its score.
        project.settings.queue.threshold = 0.0;
        let mut forecast = QueueForecast {
            by_threshold: (0..=STEPS).map(|step| (f64::from(step) / f64::from(STEPS), 0)).collect(),
            ..QueueForecast::default()
        };
        let mut last: Option<String> = None;
        // Page by page, each with a connection for itself: a page that is a little newer than the one before
        // does not matter here.
        loop {
            let rows = samples::after(conn, project.id, last.as_deref(), BATCH as u64).await?;
            let Some(end) = rows.last() else { return Ok(forecast) };
            last = Some(end.key.clone());
            let ids: Vec<SampleId> = rows.iter().map(|row| SampleId(row.id)).collect();
            for sample in evidence::weigh(conn, &project, &ids).await? {
                forecast.samples += 1;
                forecast.audit += i64::from(sample.row.audit_rank < audit_rate);
                if let Some(score) = strongest(&sample.reasons) {
                    for (threshold, count) in &mut forecast.by_threshold {
                        *count += i64::from(score >= *threshold);
                    }
                }
            }
        }
    }
}

/// The greatest score among the signals that a threshold holds back; a sample with neither label nor prediction
/// is queued whatever the threshold, since its score is 1.
fn strongest(reasons: &[Reason]) -> Option<f64> {
    let held_back = reasons.iter().filter(|reason| {
        matches!(
            reason.kind,
            SignalKind::PredictionUncertain | SignalKind::LabelSuspect | SignalKind::Unlabelled
        )
    });
    held_back.map(|reason| reason.score).max_by(f64::total_cmp)
}
