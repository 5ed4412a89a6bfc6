//! Laws that agreement statistics keep on any answers whatever, the degenerate ones above all.

use std::collections::BTreeMap;

use domain::agreement::{
    LabelConfusion, Level, PairAgreement, Ratings, RatingsError, Report, Statistic, Undefined, confusion,
};
use proptest::collection::btree_map;
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use rstest::rstest;

type Answers = Vec<(u32, u32, u32)>;

/// Up to `items` items, `annotators` annotators and `labels` labels, most of the grid filled or next to nothing.
fn answers(items: u32, annotators: u32, labels: u32) -> impl Strategy<Value = Answers> {
    btree_map((0..items, 0..annotators), 0..labels, 0..60).prop_map(|grid| {
        grid.into_iter().map(|((item, annotator), label)| (item, annotator, label)).collect()
    })
}

fn any_answers() -> impl Strategy<Value = Answers> {
    (1..12_u32, 1..6_u32, 1..5_u32)
        .prop_flat_map(|(items, annotators, labels)| answers(items, annotators, labels))
}

/// Everybody answers everything.
fn complete_answers() -> impl Strategy<Value = Answers> {
    (1..8_u32, 2..5_u32).prop_flat_map(|(items, annotators)| {
        let cells = (items * annotators) as usize;
        proptest::collection::vec(0..3_u32, cells).prop_map(move |labels| {
            let grid = (0..items).flat_map(|item| (0..annotators).map(move |annotator| (item, annotator)));
            grid.zip(labels).map(|((item, annotator), label)| (item, annotator, label)).collect()
        })
    })
}

struct Summary {
    items: u64,
    annotators: u64,
    answers: u64,
    percent_agreement: Statistic,
    cohen_kappa_mean_pairwise: Statistic,
    fleiss_kappa: Statistic,
    krippendorff_alpha: Statistic,
    gwet_ac1: Statistic,
    pairs: Vec<PairAgreement>,
    confusion: Vec<LabelConfusion>,
}

fn summary(answers: &[(u32, u32, u32)]) -> Result<Summary, RatingsError> {
    let named =
        |&(item, annotator, label): &(u32, u32, u32)| (item, format!("a{annotator}"), format!("l{label}"));
    let ratings = Ratings::from_answers(answers.iter().map(named))?;
    let report = Report::of(&ratings, Level::Nominal, None);
    Ok(Summary {
        items: report.items,
        annotators: report.annotators,
        answers: report.answers,
        percent_agreement: report.percent_agreement.statistic,
        cohen_kappa_mean_pairwise: report.cohen_kappa_mean_pairwise.statistic,
        fleiss_kappa: report.fleiss_kappa.statistic,
        krippendorff_alpha: report.krippendorff_alpha.statistic,
        gwet_ac1: report.gwet_ac1.statistic,
        pairs: report.pairs,
        confusion: confusion(&ratings),
    })
}

fn statistics(summary: &Summary) -> [Statistic; 5] {
    [
        summary.percent_agreement,
        summary.cohen_kappa_mean_pairwise,
        summary.fleiss_kappa,
        summary.krippendorff_alpha,
        summary.gwet_ac1,
    ]
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * (1.0 + a.abs()),
        (a, b) => a == b,
    }
}

fn same(a: &Statistic, b: &Statistic) -> bool {
    let bound = |statistic: &Statistic, side: usize| statistic.ci95.map(|ci| ci[side]);
    close(a.value, b.value)
        && a.undefined == b.undefined
        && close(bound(a, 0), bound(b, 0))
        && close(bound(a, 1), bound(b, 1))
}

proptest! {
    #[test]
    fn agreement_is_finite_and_in_range_or_says_why(answers in any_answers()) {
        let summary = summary(&answers)?;
        let lowest = [0.0, -1.0, f64::NEG_INFINITY, -1.0, -1.0];
        let pairs = summary.pairs.iter().map(|pair| (pair.cohen_kappa, -1.0));
        for (statistic, lowest) in statistics(&summary).into_iter().zip(lowest).chain(pairs) {
            prop_assert_eq!(statistic.value.is_some(), statistic.undefined.is_none());
            if let Some(value) = statistic.value {
                prop_assert!(value.is_finite() && (lowest..=1.0).contains(&value), "{value}");
            }
            if let Some([low, high]) = statistic.ci95 {
                prop_assert!(low.is_finite() && high.is_finite());
                let inside = statistic.value.is_some_and(|value| low <= value && value <= high);
                prop_assert!(inside && lowest <= low && high <= 1.0, "{low} to {high}");
            }
        }
        prop_assert!(summary.confusion.iter().all(|pair| pair.a < pair.b && pair.count > 0));
        prop_assert!(summary.pairs.iter().all(|pair| pair.a < pair.b && pair.shared > 0));
    }

    #[test]
    fn agreement_ignores_the_order_of_answers_and_the_names_of_items(answers in any_answers()) {
        let turned: Answers = answers.iter().rev().map(|&(item, a, l)| (1000 - item, a, l)).collect();
        let (before, after) = (summary(&answers)?, summary(&turned)?);
        for (a, b) in statistics(&before).iter().zip(&statistics(&after)) {
            prop_assert!(same(a, b), "{a:?} {b:?}");
        }
        prop_assert_eq!(before.pairs, after.pairs);
        prop_assert_eq!(before.confusion, after.confusion);
    }

    #[test]
    fn agreement_ignores_the_names_of_labels_and_annotators(answers in any_answers()) {
        let renamed: Answers = answers.iter().map(|&(item, a, l)| (item, 9 - a, 9 - l)).collect();
        let (before, after) = (summary(&answers)?, summary(&renamed)?);
        for (a, b) in statistics(&before).iter().zip(&statistics(&after)) {
            prop_assert!(same(a, b), "{a:?} {b:?}");
        }
        let counts = |summary: &Summary| {
            let mut counts: Vec<u64> = summary.confusion.iter().map(|pair| pair.count).collect();
            counts.sort_unstable();
            counts
        };
        prop_assert_eq!(counts(&before), counts(&after));
    }

    #[test]
    fn agreement_is_complete_where_everybody_agrees(labels in proptest::collection::vec(0..3_u32, 1..20)) {
        let answers: Answers =
            (0..).zip(&labels).flat_map(|(item, label)| [(item, 0, *label), (item, 1, *label)]).collect();
        let summary = summary(&answers)?;
        prop_assert_eq!(summary.percent_agreement.value, Some(1.0));
        let varies = labels.iter().any(|label| *label != labels[0]);
        for statistic in &statistics(&summary)[1..] {
            prop_assert_eq!(statistic.value, varies.then_some(1.0));
            prop_assert_eq!(statistic.undefined, (!varies).then_some(Undefined::NoVariation));
        }
        prop_assert!(summary.confusion.is_empty());
    }

    /// In complete designs alpha differs from Fleiss' kappa by its correction for few answers alone.
    #[test]
    fn agreement_of_complete_designs_ties_alpha_to_fleiss(answers in complete_answers()) {
        let summary = summary(&answers)?;
        let size = answers.len() as f64;
        let expected = summary.fleiss_kappa.value.map(|kappa| kappa + (1.0 - kappa) / size);
        prop_assert!(close(summary.krippendorff_alpha.value, expected));
        if let Some(kappa) = summary.fleiss_kappa.value {
            prop_assert!(kappa >= -1.0 / (f64::from(summary.annotators as u32) - 1.0) - 1e-12);
        }
    }

    #[test]
    fn agreement_counts_each_disagreement_once(answers in any_answers()) {
        let summary = summary(&answers)?;
        let mut items: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (item, _, label) in &answers {
            items.entry(*item).or_default().push(*label);
        }
        let differing = |labels: &Vec<u32>| {
            let pairs = labels.iter().enumerate().flat_map(|(at, a)| labels[at + 1..].iter().map(move |b| (a, b)));
            pairs.filter(|(a, b)| a != b).count() as u64
        };
        let counted: u64 = summary.confusion.iter().map(|pair| pair.count).sum();
        prop_assert_eq!(counted, items.values().map(differing).sum::<u64>());
        prop_assert_eq!(summary.items, items.len() as u64);
        prop_assert_eq!(summary.answers, answers.len() as u64);
    }
}

#[rstest]
#[case::nothing(&[], Undefined::NoItems)]
#[case::one_answer(&[(1, 1, 1)], Undefined::SingleAnnotator)]
#[case::one_annotator(&[(1, 1, 1), (2, 1, 2)], Undefined::SingleAnnotator)]
#[case::nobody_met(&[(1, 1, 1), (2, 2, 2)], Undefined::NoSharedItems)]
fn agreement_without_a_pair_says_why(
    #[case] answers: &[(u32, u32, u32)],
    #[case] reason: Undefined,
) -> Result<(), RatingsError> {
    let summary = summary(answers)?;
    for statistic in statistics(&summary) {
        let expected = Statistic { value: None, undefined: Some(reason), ci95: None, ci95_method: None };
        assert_eq!(statistic, expected);
    }
    assert!(summary.pairs.is_empty() && summary.confusion.is_empty());
    Ok(())
}

#[test]
fn agreement_on_one_label_is_full_but_not_beyond_chance() -> Result<(), RatingsError> {
    let summary = summary(&[(1, 1, 7), (1, 2, 7), (2, 1, 7), (2, 2, 7)])?;
    assert_eq!(summary.percent_agreement.value, Some(1.0));
    let [_, corrected @ ..] = statistics(&summary);
    for statistic in corrected {
        assert_eq!(statistic.undefined, Some(Undefined::NoVariation));
    }
    assert_eq!(summary.pairs[0].cohen_kappa.undefined, Some(Undefined::NoVariation));
    Ok(())
}

/// A second label on an item that nobody else answered is a label for kappa, not for alpha.
#[test]
fn agreement_of_alpha_needs_variation_among_shared_items() -> Result<(), RatingsError> {
    let summary = summary(&[(1, 1, 7), (1, 2, 7), (2, 1, 8)])?;
    assert_eq!(summary.krippendorff_alpha.undefined, Some(Undefined::NoVariation));
    assert_eq!(summary.fleiss_kappa.value, Some(1.0));
    assert_eq!(summary.gwet_ac1.value, Some(1.0));
    Ok(())
}

#[test]
fn agreement_of_a_single_item_has_no_interval() -> Result<(), RatingsError> {
    let summary = summary(&[(1, 1, 7), (1, 2, 8)])?;
    assert_eq!(summary.percent_agreement.value, Some(0.0));
    assert_eq!(summary.fleiss_kappa.value, Some(-1.0));
    assert_eq!(summary.krippendorff_alpha.value, Some(0.0));
    assert_eq!(summary.pairs[0].cohen_kappa.value, Some(0.0));
    assert!(statistics(&summary).iter().all(|statistic| statistic.ci95.is_none()));
    Ok(())
}
