//! How far each annotator of a project is believed: learned from all of its answers by the project's method, and kept in
//! memory.
//!
//! Learning from many answers takes seconds, so nobody waits for it: it goes on in the background, and meanwhile what was
//! learned before counts, or every answer the same. From few answers it is learned at once. What is kept is of this
//! process alone and decides no more than what a task's answers say together.

use crate::{
    error::{Error, Result},
    kept::Kept,
    repo::{
        annotations::{self, Counted, NewestAnnotation},
        newest_predictions::{self, Newest},
        projects::Project,
        review_items::Judged,
    },
    services::Services,
};
use domain::{
    agreement::Ratings,
    answer::{Answers, Verdict},
    consensus::{Belief, Consensus, Vote},
    id::{AnnotatorId, ProjectId, SampleId},
    settings::{ConsensusMethod, ConsensusSettings},
    truth::{self, Crowd, Method, Voice},
    view::review::{LabelProbability, QuestionWeighed, Weighed, Worth},
};
use sea_orm::ConnectionTrait;
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// So many answers are read and learned from while somebody waits.
const FEW: i64 = 2_000;
/// Less probable answers are not shown.
const LEAST_SHOWN: f64 = 0.001;

/// What is known of the annotators of each project, by its method: what was learned by another says nothing.
pub(crate) type Judges = Kept<(ProjectId, ConsensusSettings), NewestAnnotation, Judge>;

/// How far the annotators of one project are believed, by question; of a question that is absent every answer counts the
/// same.
#[derive(Debug)]
pub(crate) struct Judge {
    settings: ConsensusSettings,
    questions: HashMap<String, Learned>,
}

/// What was learned of one question.
#[derive(Debug)]
struct Learned {
    crowd: Crowd,
    labels: Vec<String>,
    voters: HashMap<Voter, u32>,
}

/// Whose answers count.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Voter {
    Person(AnnotatorId),
    /// All versions of a model are one.
    Model,
}

impl Services {
    /// How far the project's annotators are believed, as far as that is known without waiting long.
    pub(crate) async fn judge<C: ConnectionTrait>(&self, conn: &C, project: &Project) -> Result<Arc<Judge>> {
        let settings = project.settings.consensus.clone();
        if settings.method == ConsensusMethod::Majority && !settings.prediction_votes {
            return Ok(Arc::new(Judge::of_equals(settings)));
        }
        let (key, newest) = ((project.id, settings.clone()), annotations::newest(conn).await?);
        if let Some(judge) = self.judges.of(&key, &newest) {
            return Ok(judge);
        }
        if annotations::are_at_most(conn, project.id, FEW).await? {
            let judge = Arc::new(learn(Given::read(conn, project).await?).await?);
            self.judges.keep(key, newest, judge.clone());
            return Ok(judge);
        }
        let (db, project) = (self.db.clone(), project.clone());
        let learned = self.judges.told(&self.background, key, newest, async move {
            // Nothing is held open while it is learned from.
            let given = Given::read(&db.snapshot().await?, &project).await?;
            learn(given).await
        });
        Ok(learned.unwrap_or_else(|| Arc::new(Judge::of_equals(settings))))
    }
}

/// All that a project's annotators said.
struct Given {
    settings: ConsensusSettings,
    /// By question: item, voter, and the answer as JSON text.
    questions: BTreeMap<String, Vec<(i64, Voter, String)>>,
}

impl Given {
    async fn read<C: ConnectionTrait>(conn: &C, project: &Project) -> Result<Self> {
        let settings = project.settings.consensus.clone();
        let mut questions: BTreeMap<String, Vec<_>> = BTreeMap::new();
        let rows = annotations::answered(conn, project.id, None, (None, None)).await?;
        for row in &rows {
            let given: Answers = serde_json::from_str(&row.answers)?;
            for (question, value) in given.0 {
                let voter = Voter::Person(AnnotatorId(row.annotator_id));
                questions.entry(question).or_default().push((row.task_id, voter, value.to_string()));
            }
        }
        if settings.prediction_votes {
            let tasks: HashMap<i64, i64> = rows.iter().map(|row| (row.task_id, row.sample_id)).collect();
            let mut samples: Vec<SampleId> = tasks.values().copied().map(SampleId).collect();
            samples.sort_unstable();
            samples.dedup();
            let predictions = newest_predictions::of_samples(conn, project.id, &samples).await?;
            for (task, sample) in tasks {
                for newest in predictions.get(&SampleId(sample)).map_or(&[][..], Vec::as_slice) {
                    if let (Some(said), Some(label)) =
                        (questions.get_mut(&newest.question), most_probable(newest))
                    {
                        said.push((task, Voter::Model, label));
                    }
                }
            }
        }
        Ok(Self { settings, questions })
    }
}

/// The model's answer, as JSON text.
fn most_probable(newest: &Newest) -> Option<String> {
    let greatest = newest.probs.0.iter().max_by(|a, b| a.1.total_cmp(b.1));
    greatest.map(|(label, _)| Value::from(label.as_str()).to_string())
}

/// Learns from what was said, away from the threads that serve requests.
async fn learn(given: Given) -> Result<Judge> {
    tokio::task::spawn_blocking(move || {
        let method = Method::from(given.settings.method);
        let mut questions = HashMap::new();
        for (question, said) in given.questions {
            if let Some(learned) = Learned::from(method, said)? {
                questions.insert(question, learned);
            }
        }
        Ok(Judge { settings: given.settings, questions })
    })
    .await
    .map_err(Error::internal)?
}

impl Learned {
    /// None where the method weighs nobody, or has too many labels to.
    fn from(method: Method, said: Vec<(i64, Voter, String)>) -> Result<Option<Self>> {
        let mut voters: Vec<Voter> = said.iter().map(|(_, voter, _)| voter.clone()).collect();
        voters.sort_unstable();
        voters.dedup();
        let voters: HashMap<Voter, u32> = voters.into_iter().zip(0..).collect();
        let names = (0..voters.len()).map(|index| index.to_string()).collect();
        let mut labels: Vec<String> = said.iter().map(|(.., label)| label.clone()).collect();
        labels.sort_unstable();
        labels.dedup();
        let mut items: HashMap<i64, u32> = HashMap::new();
        let mut answers = Vec::with_capacity(said.len());
        for (item, voter, label) in &said {
            let next = u32::try_from(items.len()).map_err(Error::internal)?;
            let item = *items.entry(*item).or_insert(next);
            let label = labels.binary_search(label).map_err(|_| Error::internal("a label without a name"))?;
            answers.push((item, voters[voter], u32::try_from(label).map_err(Error::internal)?));
        }
        let ratings = Ratings::from_indexes(names, labels.clone(), answers).map_err(Error::internal)?;
        let crowd = method.infer(&ratings).ok().and_then(|inference| inference.crowd);
        Ok(crowd.map(|crowd| Self { crowd, labels, voters }))
    }

    fn label(&self, text: &str) -> Option<u32> {
        let index = self.labels.binary_search_by(|label| label.as_str().cmp(text)).ok()?;
        u32::try_from(index).ok()
    }

    /// What these people say, as the crowd hears it; none where one says something that nobody has said before.
    fn voices<'a>(&self, said: impl Iterator<Item = (Voter, &'a str)>) -> Option<Vec<Voice<'static>>> {
        said.map(|(voter, text)| {
            Some(Voice {
                annotator: self.voters.get(&voter).copied(),
                said: truth::Said::Label(self.label(text)?),
            })
        })
        .collect()
    }
}

impl Judge {
    /// Nothing is known of anybody.
    pub(crate) fn of_equals(settings: ConsensusSettings) -> Self {
        Self { settings, questions: HashMap::new() }
    }

    /// What these answers to one task say together; `predictions` are the newest of its sample.
    pub(crate) fn judge(&self, counted: &[Counted], predictions: &[Newest]) -> Judged {
        let votes: Vec<Vote<'_>> = counted.iter().map(Counted::vote).collect();
        let mut beliefs = BTreeMap::new();
        let mut questions = BTreeMap::new();
        for (question, learned) in &self.questions {
            let answered: Vec<(&Counted, String)> = counted
                .iter()
                .filter(|counted| counted.verdict == Verdict::Answered)
                .filter_map(|counted| Some((counted, counted.answers.0.get(question)?.to_string())))
                .collect();
            let left_out =
                counted.iter().filter(|one| one.verdict == Verdict::Answered).count() > answered.len();
            let model = predictions.iter().filter(|_| self.settings.prediction_votes);
            let model = model.filter(|newest| newest.question == *question).find_map(most_probable);
            let people =
                answered.iter().map(|(counted, text)| (Voter::Person(counted.annotator), text.as_str()));
            let said = people.chain(model.iter().map(|text| (Voter::Model, text.as_str())));
            if answered.is_empty() || left_out {
                continue;
            }
            let Some(voices) = learned.voices(said) else { continue };
            let (Some(posterior), Some(worth)) =
                (learned.crowd.posterior(&voices), learned.crowd.worth(&voices))
            else {
                continue;
            };
            let belief: Belief = learned.labels.iter().cloned().zip(posterior).collect();
            let worth_of_people = answered
                .iter()
                .zip(&worth)
                .map(|((counted, _), worth)| Worth { annotation: counted.id, nats: *worth });
            questions.insert(
                question.clone(),
                QuestionWeighed {
                    probabilities: shown(&belief),
                    annotations: worth_of_people.collect(),
                    prediction: model.is_some().then(|| worth.last().copied()).flatten(),
                },
            );
            beliefs.insert(question.clone(), belief);
        }
        let weighed = Weighed { method: self.settings.method, questions };
        Judged { consensus: Consensus::judged(&votes, &beliefs), weighed }
    }
}

/// The answers that are worth showing, the most probable first.
fn shown(belief: &Belief) -> Vec<LabelProbability> {
    let mut shown: Vec<LabelProbability> = belief
        .iter()
        .filter(|(_, probability)| **probability >= LEAST_SHOWN)
        .filter_map(|(text, probability)| {
            Some(LabelProbability { answer: serde_json::from_str(text).ok()?, probability: *probability })
        })
        .collect();
    shown.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    shown
}
