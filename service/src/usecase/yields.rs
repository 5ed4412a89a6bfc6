//! What each reason for queueing yields, beside what chance yields.

use crate::{
    actor::Actor,
    error::Result,
    repo::{audit_prefix, yields},
    services::Services,
    usecase::{access, lifecycle::CONFLICT},
};
use domain::{
    access::Permission,
    name::Slug,
    outcome::LooksFor,
    problem::Refusal,
    signal::SignalKind,
    time::{Timestamp, fault_between},
    view::yields::{Baseline, ReasonYield, YieldView},
};

/// What each reason yields.
#[derive(Clone, Copy, Debug)]
pub struct Yields<'a>(pub(crate) &'a Services);

/// Which time is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YieldFilter {
    /// Only what was answered and decided at or after this time.
    pub from: Option<Timestamp>,
    /// Only what was answered and decided before this time.
    pub to: Option<Timestamp>,
}

impl Yields<'_> {
    /// Tasks answered and decided, by reason, and the audit slice as the baseline. The baseline is not limited to the
    /// time: a part of the audit order would no longer be a random sample.
    pub async fn get(&self, actor: &Actor, slug: &Slug, filter: YieldFilter) -> Result<YieldView> {
        let conn = self.0.db.snapshot().await?;
        let project = access::project(&conn, actor, slug, Permission::ReadYield).await?.project;
        Refusal::check(fault_between(filter.from, filter.to).into_iter().collect())?;
        let between = (filter.from, filter.to);
        let mut served = yields::served(&conn, project.id, between).await?;
        let mut decided = yields::decided(&conn, project.id, between, CONFLICT).await?;
        let audit = audit_prefix::read(&conn, project.id, project.settings.queue.audit_rate, []).await?;
        let baseline =
            Baseline { label_errors: audit.labels.into(), prediction_errors: audit.predictions.into() };
        let reasons = SignalKind::ALL.into_iter().filter_map(|reason| {
            let (served, decided) = (served.remove(&reason), decided.remove(&reason));
            (served.is_some() || decided.is_some())
                .then(|| of_reason(reason, served.unwrap_or(0), &decided.unwrap_or_default(), &baseline))
        });
        let reasons = reasons.collect();
        Ok(YieldView { from: filter.from, to: filter.to, baseline, reasons })
    }
}

fn of_reason(reason: SignalKind, served: i64, decided: &yields::Decided, baseline: &Baseline) -> ReasonYield {
    let changed = decided.corrected + decided.removed + decided.added;
    let looks_for = LooksFor::of(reason);
    let mut found = ReasonYield {
        reason,
        served,
        reviewed: changed + decided.upheld + decided.unlabelled,
        changed,
        corrected: decided.corrected,
        removed: decided.removed,
        added: decided.added,
        upheld: decided.upheld,
        unlabelled: decided.unlabelled,
        ambiguous: decided.ambiguous,
        looks_for,
        label_errors: decided.labels().into(),
        prediction_errors: decided.predictions().into(),
        times_baseline: None,
    };
    if let (Some(sort), Some(errors)) = (looks_for, found.errors()) {
        found.times_baseline = errors.tally().times(baseline.errors(sort).tally());
    }
    found
}
