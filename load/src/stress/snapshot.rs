//! The queue's rows at one moment, read while nothing is written.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;

use crate::database::Database;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    pub id: i64,
    pub state: String,
    pub places: i64,
    /// `policy` or `reviewer`, where it is approved.
    pub approved_by: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub task: i64,
    pub place: i64,
    pub annotator: i64,
    pub annotation: Option<i64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Annotation {
    pub id: i64,
    pub task: i64,
    pub annotator: i64,
    pub note: Option<String>,
    /// Verdict and answers, to compare.
    pub says: String,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    pub tasks: BTreeMap<i64, Task>,
    pub slots: Vec<Slot>,
    pub annotations: BTreeMap<i64, Annotation>,
    pub withdrawn: HashSet<i64>,
    /// Task and annotator.
    pub skips: HashSet<(i64, i64)>,
    /// By e-mail address; a member who never claimed has none.
    pub annotators: HashMap<String, i64>,
    /// E-mail addresses of those who could answer.
    pub members: Vec<String>,
    pub samples: HashSet<String>,
}

impl Snapshot {
    pub async fn read(database: &Database) -> Result<Self> {
        let tasks = "SELECT id, state, CAST(slots AS BIGINT), approved_by FROM tasks";
        let tasks: Vec<(i64, String, i64, Option<String>)> = database.rows(tasks).await?;
        let slots = "SELECT task_id, CAST(slot AS BIGINT), annotator_id, annotation_id FROM slots";
        let slots: Vec<(i64, i64, i64, Option<i64>)> = database.rows(slots).await?;
        let annotations = "SELECT id, task_id, annotator_id, note, verdict, answers FROM annotations";
        let annotations: Vec<(i64, i64, i64, Option<String>, String, String)> =
            database.rows(annotations).await?;
        let withdrawn: Vec<(i64,)> = database.rows("SELECT annotation_id FROM withdrawals").await?;
        let skips: Vec<(i64, i64)> = database.rows("SELECT task_id, annotator_id FROM skips").await?;
        let annotators = "SELECT u.email, a.id FROM annotators a JOIN users u ON u.id = a.user_id";
        let annotators: Vec<(String, i64)> = database.rows(annotators).await?;
        let members =
            "SELECT u.email FROM members m JOIN users u ON u.id = m.user_id WHERE u.disabled_at IS NULL";
        let members: Vec<(String,)> = database.rows(members).await?;
        let samples: Vec<(String,)> = database.rows("SELECT key FROM samples").await?;
        let task = |(id, state, places, approved_by)| (id, Task { id, state, places, approved_by });
        let annotation = |(id, task, annotator, note, verdict, answers): (_, _, _, _, String, String)| {
            (id, Annotation { id, task, annotator, note, says: format!("{verdict} {answers}") })
        };
        Ok(Self {
            tasks: tasks.into_iter().map(task).collect(),
            slots: slots
                .into_iter()
                .map(|(task, place, annotator, annotation)| Slot { task, place, annotator, annotation })
                .collect(),
            annotations: annotations.into_iter().map(annotation).collect(),
            withdrawn: withdrawn.into_iter().map(|row| row.0).collect(),
            skips: skips.into_iter().collect(),
            annotators: annotators.into_iter().collect(),
            members: members.into_iter().map(|row| row.0).collect(),
            samples: samples.into_iter().map(|row| row.0).collect(),
        })
    }

    /// The counted annotations of each task: those that a slot points to.
    pub fn counted(&self) -> HashMap<i64, Vec<&Slot>> {
        let mut counted: HashMap<i64, Vec<&Slot>> = HashMap::new();
        for slot in self.slots.iter().filter(|slot| slot.annotation.is_some()) {
            counted.entry(slot.task).or_default().push(slot);
        }
        counted
    }

    /// Whether this member has neither answered nor skipped the task.
    pub fn could_answer(&self, member: &str, task: i64, counted: &[&Slot]) -> bool {
        self.annotators.get(member).is_none_or(|annotator| {
            !self.skips.contains(&(task, *annotator))
                && counted.iter().all(|slot| slot.annotator != *annotator)
        })
    }
}
