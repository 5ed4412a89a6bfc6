//! Taking a sample through the queue, for tests of what follows.

use super::World;
use domain::{
    access::Role,
    decision::DecisionKind,
    id::TaskId,
    name::Slug,
    view::{
        annotate::{ClaimInput, ClaimItem, SubmitInput},
        review::DecisionInput,
        version::CutInput,
    },
};
use serde_json::json;
use service::{Actor, Error, Result};

/// The people of a project of which one answer settles a task.
pub struct People {
    pub annotator: Actor,
    pub reviewer: Actor,
}

impl World {
    /// A project with this queue policy, on top of one answer for each task and no audit slice, and its people.
    pub async fn deciding(&self, queue: serde_json::Value) -> Result<(Slug, People)> {
        let mut policy = json!({"overlap": 1, "audit_rate": 0.0});
        if let (Some(policy), Some(queue)) = (policy.as_object_mut(), queue.as_object()) {
            policy.extend(queue.clone());
        }
        let project = self.project_with("p", json!({"queue": policy})).await?;
        let annotator = self.member(&project, "ann", Role::Annotator).await?;
        let reviewer = self.member(&project, "rev", Role::Reviewer).await?;
        Ok((project, People { annotator, reviewer }))
    }

    /// The annotator's lease on the task of this sample; everything else is released.
    pub async fn claim(&self, project: &Slug, people: &People, sample: &str) -> Result<ClaimItem> {
        let input = ClaimInput { count: Some(50) };
        let claimed = self.services.queue().claim(&people.annotator, project, input).await?;
        let mut wanted = None;
        for item in claimed.tasks {
            if item.sample.id.as_str() == sample {
                wanted = Some(item);
            } else {
                self.services.queue().release(&people.annotator, &item.lease).await?;
            }
        }
        wanted.ok_or_else(|| Error::internal(format!("no task of {sample} is served")))
    }

    /// The annotator answers the task of this sample, so that it waits for the reviewer.
    pub async fn answer(&self, project: &Slug, people: &People, sample: &str, value: &str) -> Result<TaskId> {
        let item = self.claim(project, people, sample).await?;
        let answers = serde_json::from_value(json!({"intent": value}))?;
        let input = SubmitInput { answers: Some(answers), ..SubmitInput::default() };
        Ok(self.services.annotations().submit(&people.annotator, &item.lease, input).await?.task)
    }

    /// The reviewer decides a task, a second later.
    pub async fn review(&self, people: &People, task: TaskId, decision: DecisionKind) -> Result<()> {
        self.clock.advance_seconds(1);
        let rev = self.services.review().item(&people.reviewer, task).await?.rev;
        let input = DecisionInput { rev, decision, answers: None, note: None };
        self.services.review().decide(&people.reviewer, task, input).await?;
        self.clock.advance_seconds(1);
        Ok(())
    }

    /// The sample's label becomes `value` with the next cut.
    pub async fn approve(
        &self,
        project: &Slug,
        people: &People,
        sample: &str,
        value: &str,
    ) -> Result<TaskId> {
        let task = self.answer(project, people, sample, value).await?;
        self.review(people, task, DecisionKind::Approve).await?;
        Ok(task)
    }

    /// Cuts what is staged.
    pub async fn cut(&self, project: &Slug) -> Result<i64> {
        let input = CutInput { message: "A cut".to_owned(), ..CutInput::default() };
        Ok(self.services.versions().cut(&Actor::Operator, project, input).await?.number)
    }
}
