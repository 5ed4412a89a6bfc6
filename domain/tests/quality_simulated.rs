//! The interval of an estimated accuracy holds the true one, on answers whose truth is known.

use std::error::Error;

use domain::{
    quality::{Given, Week, Work},
    signal::SignalKind,
    truth::{Method, simulated::Plan},
};

/// How many plans are drawn.
const PLANS: u64 = 24;
/// Of fewer answers the share that was right says little about the person.
const LEAST_ANSWERS: usize = 30;

#[test]
fn nine_of_ten_intervals_hold_the_accuracy_of_answers_that_were_given() -> Result<(), Box<dyn Error>> {
    let (mut held, mut all, mut width) = (0, 0, 0.0);
    for seed in 0..PLANS {
        let drawn = Plan::drawn(seed);
        let (items, labels) = (drawn.items.min(500), drawn.labels.min(7));
        let simulated =
            Plan { items, annotators: drawn.annotators.min(60), labels, ..drawn }.simulate(seed)?;
        let ratings = &simulated.ratings;
        let given = ratings.items().zip(0..).flat_map(|(item, task)| {
            item.answers.iter().map(move |answer| Given {
                task,
                annotator: answer.annotator,
                label: answer.label,
                settled: None,
                waits_again: false,
                duration_ms: None,
                week: Week::of_day(0),
                reason: SignalKind::Audit,
            })
        });
        let annotators = u32::try_from(ratings.annotators().len())?;
        let work = Work { labels: ratings.labels().to_vec(), annotators, given: given.collect() };
        let mut right = vec![(0_usize, 0_usize); ratings.annotators().len()];
        for (item, truth) in ratings.items().zip(&simulated.truth) {
            for answer in item.answers {
                let (count, of) = &mut right[answer.annotator as usize];
                *count += usize::from(*truth == Some(answer.label));
                *of += 1;
            }
        }
        for (quality, (count, of)) in work.qualities(Method::Robust).iter().zip(right) {
            if let Some([low, high]) = quality.accuracy.ci95.filter(|_| of >= LEAST_ANSWERS) {
                let truth = count as f64 / of as f64;
                held += usize::from(low <= truth && truth <= high);
                all += 1;
                width += high - low;
            }
        }
    }
    let (share, width) = (f64::from(held as u32) / f64::from(all as u32), width / f64::from(all as u32));
    println!("{held} of {all} intervals hold it: {share:.3}; mean width {width:.3}");
    assert!(share >= 0.9, "{held} of {all}");
    assert!(width < 0.5, "{width}");
    Ok(())
}
