//! How the loop stands: the numbers of a project's home page.

use super::Projects;
use crate::{
    actor::Actor,
    error::Result,
    repo::overview,
    usecase::{
        access,
        agreement::{self, AgreementFilter},
    },
};
use domain::{access::Permission, agreement::krippendorff_alpha, name::Slug, view::project::Overview};

impl Projects<'_> {
    /// The loop as it stands. What tells how good people and labels are is left out for those who may not read
    /// agreement.
    pub async fn overview(&self, actor: &Actor, slug: &Slug) -> Result<Overview> {
        let tx = self.0.db.snapshot().await?;
        let access = access::project(&tx, actor, slug, Permission::ViewProject).await?;
        let mut overview = overview::counts(&tx, access.project.id).await?;
        if access.also(actor, Permission::ReadAgreement) {
            if let Some(question) = access.project.schema.questions.first() {
                let all = AgreementFilter::default();
                let ratings = agreement::ratings(&tx, access.project.id, &question.name, &all).await?;
                overview.alpha = krippendorff_alpha(&ratings).value;
            }
            (overview.audited, overview.audit_errors) = {
                let rate = access.project.settings.queue.audit_rate;
                overview::audit(&tx, access.project.id, rate).await?
            };
        }
        Ok(overview)
    }
}
