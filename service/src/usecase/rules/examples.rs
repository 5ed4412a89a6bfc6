//! The tasks that a rule decides, read and checked before anything is written.

use crate::{
    error::Result,
    repo::{annotations, contents, projects::Project, tasks},
    services::Services,
    usecase::{
        ambiguity::has_both,
        lifecycle::{self, Believing},
        review,
    },
};
use domain::{
    consensus::Approval,
    decision::DecisionKind,
    guideline::{erased_line, example_line},
    id::{SampleId, TaskId},
    problem::{Code, Fault, Refusal},
    task::TaskState,
    view::{
        ambiguity::{RuleInput, RuleItem},
        review::TaskDecisionInput,
    },
};
use sea_orm::DatabaseTransaction;

/// A task that a rule decides.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub sample: SampleId,
    pub key: String,
    /// One of the two.
    pub label: String,
    /// What stands of it in the guideline.
    pub line: String,
    kind: DecisionKind,
}

impl Example {
    /// The decision on its task: an approval where the annotators say the same together, else a correction.
    pub(super) fn decision(&self, item: &RuleItem) -> TaskDecisionInput {
        let (task, rev, decision) = (item.task, item.rev, self.kind);
        TaskDecisionInput { task, rev, decision, answers: Some(Some(item.answers.clone())), note: None }
    }
}

/// The tasks of `input`, in its order; refused where one is not in review or does not belong to the pair.
pub(super) async fn of(
    tx: &DatabaseTransaction,
    services: &Services,
    project: &Project,
    input: &RuleInput,
) -> Result<Vec<Example>> {
    let ids: Vec<TaskId> = input.items.iter().map(|item| item.task).collect();
    let counted = annotations::counted(tx, &ids).await?;
    let mut examples = Vec::with_capacity(ids.len());
    let mut faults = Vec::new();
    for (index, item) in input.items.iter().enumerate() {
        let mut fault = |code, detail: &str| {
            faults.push(Fault::at(format!("/items/{index}/task"), code, detail));
        };
        let task = tasks::find(tx, item.task).await?.filter(|task| task.project() == project.id);
        let Some(task) = task else {
            fault(Code::NotFound, "there is no such task");
            continue;
        };
        // Before a look at its answers: nobody is told of those before a task is in review.
        if task.state()? != TaskState::InReview {
            let error =
                if task.rev == item.rev { tasks::wrong_state(&task) } else { tasks::stale_rev(&task) };
            return Err(review::place(error, "/items", index));
        }
        let counted = counted.get(&item.task).map_or(&[][..], Vec::as_slice);
        if !has_both(counted, &input.question, [&input.a, &input.b]) {
            fault(Code::Invalid, "its answers do not hold both labels");
            continue;
        }
        let judged = lifecycle::judge(tx, project, &task, counted, Believing::Learned(services)).await?;
        let is_agreed = judged.consensus.approval() == Some(Approval::Label(item.answers.clone()));
        let content = contents::find(tx, task.content()).await?;
        let fields = content.map(|content| content.fields()).transpose()?.flatten().unwrap_or_default();
        let texts = project.schema.fields.iter().filter_map(|field| fields.get(&field.name)?.as_str());
        let text = texts.collect::<Vec<_>>().join(" · ");
        let label = item.answers.0.get(&input.question).and_then(|answer| answer.as_str());
        examples.push(Example {
            sample: task.sample(),
            line: if text.is_empty() {
                erased_line(&task.sample_key)
            } else {
                example_line(&task.sample_key, &text)
            },
            key: task.sample_key,
            label: label.unwrap_or_default().to_owned(),
            kind: if is_agreed { DecisionKind::Approve } else { DecisionKind::Correct },
        });
    }
    Refusal::check(faults)?;
    Ok(examples)
}
