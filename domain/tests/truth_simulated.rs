//! Methods of truth inference compared on answers whose truth is known. The whole study, on 200 sets, is in
//! `docs/consensus.md`; these are few, so that they take seconds without optimisation.

use std::error::Error;

use domain::truth::Method;
use domain::truth::simulated::{Plan, Simulated};

const SETS: u64 = 16;

fn small(seed: u64) -> Plan {
    let drawn = Plan::drawn(seed);
    Plan {
        items: drawn.items.min(500),
        annotators: drawn.annotators.min(200),
        labels: drawn.labels.min(7),
        ..drawn
    }
}

/// The share of right labels by each method, in the order of [`Method::ALL`].
fn accuracies(simulated: &Simulated) -> Result<Vec<f64>, Box<dyn Error>> {
    let of = |method: Method| Ok(simulated.accuracy(&method.infer(&simulated.ratings)?.labels()));
    Method::ALL.into_iter().map(of).collect()
}

/// The majority's share of right labels were each tie shared among its labels, and not the first label's.
fn sharing_ties(simulated: &Simulated) -> f64 {
    let right = simulated.ratings.items().zip(&simulated.truth).map(|(item, truth)| {
        let most = item.counts.iter().map(|each| each.count).max().unwrap_or_default();
        let tied = item.counts.iter().filter(|each| each.count == most);
        let is_among = tied.clone().any(|each| Some(each.label) == *truth);
        if is_among { 1.0 / tied.count() as f64 } else { 0.0 }
    });
    right.sum::<f64>() / simulated.truth.len() as f64
}

fn mean(rows: &[Vec<f64>], of: impl Fn(&[f64]) -> f64) -> f64 {
    rows.iter().map(|row| of(row)).sum::<f64>() / rows.len() as f64
}

/// Among methods that reach `row`, ties sharing a rank.
fn rank(row: &[f64], index: usize) -> f64 {
    let better = row.iter().filter(|other| **other > row[index]).count() as f64;
    let equal = row.iter().filter(|other| **other == row[index]).count() as f64;
    better + (equal + 1.0) / 2.0
}

/// The greatest loss, and how many are more than a hundredth.
fn losses(gains: impl Iterator<Item = f64> + Clone) -> (f64, usize) {
    (gains.clone().fold(f64::INFINITY, f64::min), gains.filter(|gain| *gain < -0.01).count())
}

fn study(sets: u64, plan: impl Fn(u64) -> Plan) -> Result<(), Box<dyn Error>> {
    let (mut rows, mut fair) = (Vec::new(), Vec::new());
    for seed in 0..sets {
        let simulated = plan(seed).simulate(seed)?;
        rows.push(accuracies(&simulated)?);
        fair.push(sharing_ties(&simulated));
    }
    let mut means = [0.0; Method::ALL.len()];
    for (index, method) in Method::ALL.iter().enumerate() {
        means[index] = mean(&rows, |row| row[index]);
        let rank = mean(&rows, |row| rank(row, index));
        let (worst, below) = losses(rows.iter().map(|row| row[index] - row[0]));
        let (fair_worst, fair_below) = losses(rows.iter().zip(&fair).map(|(row, fair)| row[index] - fair));
        println!(
            "| `{}` | {:.4} | {rank:.2} | {worst:.4} | {below} | {fair_worst:.4} | {fair_below} |",
            method.code(),
            means[index]
        );
    }
    let [others @ .., robust] = means;
    assert!(others.iter().all(|other| *other < robust), "{means:?}");
    let gains = rows.iter().zip(&fair).filter_map(|(row, fair)| Some(row.last()? - fair));
    assert_eq!(losses(gains.clone()).1, 0, "{:?}", gains.collect::<Vec<_>>());
    Ok(())
}

#[test]
fn robust_is_right_more_often_than_every_other_method_on_simulated_crowds() -> Result<(), Box<dyn Error>> {
    study(SETS, small)
}

/// The study of `docs/consensus.md`; it prints the table.
#[test]
#[ignore = "takes a minute with optimisation and many without"]
fn robust_leads_on_two_hundred_simulated_crowds() -> Result<(), Box<dyn Error>> {
    study(200, Plan::drawn)
}

#[test]
fn a_lazy_crowd_does_not_drag_robust_below_the_majority() -> Result<(), Box<dyn Error>> {
    let plan = Plan { items: 500, annotators: 50, labels: 3, lazy: 0.3, accuracy: 0.85, ..small(1) };
    let reached = accuracies(&plan.simulate(7)?)?;
    assert!(reached[5] >= reached[0], "{reached:?}");
    Ok(())
}

#[test]
fn the_same_seed_makes_up_the_same_answers() -> Result<(), Box<dyn Error>> {
    let [one, same, other] = [3, 3, 4].map(|seed| small(3).simulate(seed));
    let (one, same, other) = (one?, same?, other?);
    assert_eq!(one.ratings.answers(), same.ratings.answers());
    assert_eq!(one.truth, same.truth);
    assert_ne!(one.truth, other.truth);
    Ok(())
}
