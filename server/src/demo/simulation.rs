//! Simulated annotators: they take tasks from the queue and answer them like people, each right as often as its stated
//! accuracy. Where they are wrong, they mostly fall for what the model takes for probable, so that labels that look alike
//! are the ones that are mixed up. Seeded, so that every demo is the same.

use domain::{
    answer::{Answers, Verdict},
    name::Slug,
    schema::{Question, Schema},
    task::TaskState,
    view::annotate::{ClaimInput, SubmitInput},
};
use service::{Actor, Services};

use super::{
    DemoError,
    accounts::Simulated,
    folder::{Folder, Prediction},
    say,
};

/// Any number will do; the same number makes the same demo.
const SEED: u64 = 20_260_301;

/// What a label that the model finds impossible is chosen by mistake, beside those that it finds probable.
const STRAY: f64 = 0.01;

/// Lets them answer about `tasks` tasks in full; returns how many.
pub(super) async fn run(
    services: &Services,
    project: &Slug,
    folder: &Folder,
    annotators: &[Simulated],
    tasks: usize,
) -> Result<usize, DemoError> {
    if folder.truth.is_empty() {
        say(format_args!("{project}: no truth.csv, so nobody is simulated"));
        return Ok(0);
    }
    let mut dice = Dice(SEED);
    let mut answered = 0;
    let mut idle = 0;
    // Whoever finds nothing to do leaves; when all have left, the queue is empty for them.
    for annotator in annotators.iter().cycle() {
        if answered >= tasks || idle >= annotators.len() {
            break;
        }
        let actor = Actor::User { id: annotator.id, admin: false };
        let claimed = services.queue().claim(&actor, project, ClaimInput { count: Some(1) }).await?;
        let Some(task) = claimed.tasks.into_iter().next() else {
            idle += 1;
            continue;
        };
        idle = 0;
        let id = task.sample.id.as_str();
        let predictions = folder.predictions.get(id).map_or(&[][..], Vec::as_slice);
        let sample = Sample { truth: folder.truth.get(id), predictions };
        let input = answer(&folder.project.schema, sample, annotator.accuracy, &mut dice);
        let submitted = services.annotations().submit(&actor, &task.lease, input).await?;
        answered += usize::from(submitted.task_state != TaskState::Open);
    }
    Ok(answered)
}

/// What is known of a sample that annotators are not told.
#[derive(Clone, Copy)]
struct Sample<'a> {
    truth: Option<&'a Answers>,
    predictions: &'a [Prediction],
}

fn answer(schema: &Schema, sample: Sample<'_>, accuracy: f64, dice: &mut Dice) -> SubmitInput {
    let duration_ms = Some(2000 + i64::from(dice.below(7000)));
    let Some(truth) = sample.truth else {
        return SubmitInput { verdict: Some(Verdict::Ambiguous), duration_ms, ..SubmitInput::default() };
    };
    let mut answers = Answers::default();
    for question in &schema.questions {
        let Some(right) = truth.choice(&question.name) else { continue };
        let is_right = dice.fraction() < accuracy;
        let mistake = (!is_right).then(|| mistake(question, right, sample.predictions, dice)).flatten();
        answers.0.insert(question.name.clone(), mistake.unwrap_or(right).into());
    }
    SubmitInput { answers: Some(answers), verdict: Some(Verdict::Answered), note: None, duration_ms }
}

/// A wrong answer; none where there is only one answer.
fn mistake<'a>(
    question: &'a Question,
    right: &str,
    predictions: &[Prediction],
    dice: &mut Dice,
) -> Option<&'a str> {
    let prediction = predictions.iter().find(|prediction| prediction.question == question.name);
    let probability = |label: &str| prediction.and_then(|prediction| prediction.probs.get(label)).copied();
    let wrong = question.offered().map(|option| option.value.as_str()).filter(|value| *value != right);
    let weighed: Vec<(&str, f64)> =
        wrong.map(|label| (label, STRAY + probability(label).unwrap_or(0.0))).collect();
    let mut left = dice.fraction() * weighed.iter().map(|(_, weight)| weight).sum::<f64>();
    let drawn = weighed.iter().find(|(_, weight)| {
        left -= weight;
        left < 0.0
    });
    drawn.or(weighed.last()).map(|(label, _)| *label)
}

/// SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195): small, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in [0, 1).
    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below `end`, which is small, so that the modulus' bias is too.
    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end.max(1))).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Dice, Sample, answer, mistake};
    use domain::{
        answer::Answers,
        schema::{Question, Schema},
    };
    use serde_json::json;

    /// The first numbers of the authors' own program for the seed 1234567.
    #[test]
    fn the_dice_are_the_published_ones() {
        let mut dice = Dice(1_234_567);
        assert_eq!(dice.next(), 6_457_827_717_110_365_317);
        assert_eq!(dice.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn right_as_often_as_stated() -> Result<(), serde_json::Error> {
        let schema: Schema = serde_json::from_value(json!({
            "fields": [{"name": "text", "kind": "text"}],
            "questions": [{"name": "q", "kind": "choice",
                           "options": [{"value": "a"}, {"value": "b"}, {"value": "c", "retired": true}]}],
        }))?;
        let truth: Answers = serde_json::from_value(json!({"q": "a"}))?;
        let mut dice = Dice(1);
        let sample = Sample { truth: Some(&truth), predictions: &[] };
        let right = (0..10_000)
            .filter_map(|_| answer(&schema, sample, 0.85, &mut dice).answers)
            .filter(|answers| answers.choice("q") == Some("a"))
            .count();
        assert!((8_400..8_600).contains(&right), "{right}");
        Ok(())
    }

    #[test]
    fn mistakes_are_what_the_model_finds_probable() -> Result<(), serde_json::Error> {
        let question: Question = serde_json::from_value(json!({
            "name": "q", "kind": "choice", "options": [{"value": "a"}, {"value": "b"}, {"value": "c"}],
        }))?;
        let predictions = [serde_json::from_value(json!({"question": "q", "probs": {"a": 0.2, "b": 0.8}}))?];
        let mut dice = Dice(1);
        let mut drawn = || mistake(&question, "a", &predictions, &mut dice);
        let taken_for_b = (0..1000).filter(|_| drawn() == Some("b")).count();
        assert!((970..1000).contains(&taken_for_b), "{taken_for_b}");
        Ok(())
    }
}
