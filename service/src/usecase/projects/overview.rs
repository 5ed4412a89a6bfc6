//! How the loop stands: the numbers of a project's home page.

use super::Projects;
use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::overview::{self, SharedAnswer},
    usecase::access,
};
use domain::{
    access::Permission,
    agreement::{Ratings, krippendorff_alpha},
    answer::Answers,
    name::Slug,
    view::project::Overview,
};

impl Projects<'_> {
    /// The loop as it stands. What tells how good people and labels are is left out for those who may not read
    /// agreement.
    pub async fn overview(&self, actor: &Actor, slug: &Slug) -> Result<Overview> {
        let tx = self.0.db.snapshot().await?;
        let access = access::project(&tx, actor, slug, Permission::ViewProject).await?;
        let mut overview = overview::counts(&tx, access.project.id).await?;
        if access.also(actor, Permission::ReadAgreement) {
            if let Some(question) = access.project.schema.questions.first() {
                let answers = overview::shared_answers(&tx, access.project.id).await?;
                overview.alpha = alpha(&question.name, &answers)?;
            }
            (overview.audited, overview.audit_errors) = overview::audit(&tx, access.project.id).await?;
        }
        Ok(overview)
    }
}

fn alpha(question: &str, answers: &[SharedAnswer]) -> Result<Option<f64>> {
    let mut ratings = Vec::new();
    for answer in answers {
        let given: Answers = serde_json::from_str(&answer.answers)?;
        if let Some(label) = given.choice(question) {
            ratings.push((answer.task_id, answer.annotator_id.to_string(), label.to_owned()));
        }
    }
    let ratings = Ratings::from_answers(ratings).map_err(Error::internal)?;
    Ok(krippendorff_alpha(&ratings).value)
}
