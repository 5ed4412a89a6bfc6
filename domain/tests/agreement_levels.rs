//! Laws of agreement statistics at each level of measurement, and of their resampled intervals.

use domain::agreement::{
    Bootstrap, Coefficient, IntervalMethod, Level, Ratings, RatingsError, Report, Statistic, Undefined,
    krippendorff_alpha_at, krippendorff_alpha_by, nominal_distance,
};
use proptest::collection::btree_map;
use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
use rstest::rstest;

type Answers = Vec<(u32, u32, u32)>;

const LEVELS: [Level; 4] = [Level::Nominal, Level::Ordinal, Level::Interval, Level::Ratio];
const RESAMPLED: Bootstrap = Bootstrap { replicates: 60, seed: 5 };

fn any_level() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::Nominal), Just(Level::Ordinal), Just(Level::Interval), Just(Level::Ratio)]
}

fn any_answers() -> impl Strategy<Value = Answers> {
    let grid = |(items, annotators, labels)| btree_map((0..items, 0..annotators), 0..labels, 0..60);
    (1..12_u32, 1..6_u32, 1..6_u32).prop_flat_map(grid).prop_map(|grid| {
        grid.into_iter().map(|((item, annotator), label)| (item, annotator, label)).collect()
    })
}

fn ratings(answers: &[(u32, u32, u32)]) -> Result<Ratings, RatingsError> {
    let named =
        |&(item, annotator, label): &(u32, u32, u32)| (item, annotator.to_string(), label.to_string());
    Ratings::from_answers(answers.iter().map(named))
}

fn coefficients(report: &Report) -> [Coefficient; 11] {
    [
        report.percent_agreement,
        report.cohen_kappa_mean_pairwise,
        report.cohen_kappa_linear_mean_pairwise,
        report.cohen_kappa_quadratic_mean_pairwise,
        report.scott_pi,
        report.fleiss_kappa,
        report.krippendorff_alpha,
        report.gwet_ac1,
        report.gwet_ac2_linear,
        report.gwet_ac2_quadratic,
        report.gwet_ac2_ordinal,
    ]
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * (1.0 + a.abs()),
        (a, b) => a == b,
    }
}

fn same(a: &Statistic, b: &Statistic) -> bool {
    close(a.value, b.value) && a.undefined == b.undefined
}

proptest! {
    #[test]
    fn agreement_at_each_level_is_finite_and_in_range_or_says_why(answers in any_answers(), level in any_level()) {
        let report = Report::of(&ratings(&answers)?, level, Some(RESAMPLED));
        let any = f64::NEG_INFINITY;
        let lowest = [0.0, -1.0, -1.0, -1.0, -1.0, any, -1.0, -1.0, any, any, any];
        for (Coefficient { statistic, standard_error, bootstrap95 }, lowest) in
            coefficients(&report).into_iter().zip(lowest)
        {
            prop_assert_eq!(statistic.value.is_some(), statistic.undefined.is_none());
            prop_assert_eq!(statistic.ci95.is_some(), statistic.ci95_method.is_some());
            prop_assert_eq!(standard_error.is_some(), statistic.ci95_method == Some(IntervalMethod::Analytic));
            prop_assert!(standard_error.is_none_or(|error| error.is_finite() && error > 0.0));
            prop_assert!(statistic.value.is_none_or(|value| value.is_finite() && (lowest..=1.0).contains(&value)));
            for [low, high] in [statistic.ci95, bootstrap95].into_iter().flatten() {
                prop_assert!(low.is_finite() && lowest <= low && low <= high && high <= 1.0, "{low} to {high}");
                prop_assert!(statistic.value.is_some());
            }
        }
    }

    #[test]
    fn agreement_by_zero_or_one_is_nominal_alpha(answers in any_answers()) {
        let ratings = ratings(&answers)?;
        let (by, nominal) = (krippendorff_alpha_by(&ratings, nominal_distance), krippendorff_alpha_at(&ratings, Level::Nominal));
        prop_assert!(same(&by, &nominal), "{by:?} {nominal:?}");
    }

    /// Each distance written out by its definition, over all pairs of labels.
    #[test]
    fn agreement_in_one_pass_is_alpha_by_its_distance(answers in any_answers()) {
        let ratings = ratings(&answers)?;
        let number = |label: u32| ratings.labels()[label as usize].parse().unwrap_or(0.0_f64);
        let mut totals = vec![0.0; ratings.labels().len()];
        for answer in ratings.shared_items().flat_map(|item| item.answers) {
            totals[answer.label as usize] += 1.0;
        }
        let ordinal = |a: u32, b: u32| {
            let (low, high) = (a.min(b), a.max(b));
            let between: f64 = totals[low as usize..=high as usize].iter().sum();
            (between - (totals[a as usize] + totals[b as usize]) / 2.0).powi(2)
        };
        let interval = |a, b| (number(a) - number(b)).powi(2);
        let ratio = |a, b| if a == b { 0.0 } else { ((number(a) - number(b)) / (number(a) + number(b))).powi(2) };
        let written_out = [
            (Level::Ordinal, krippendorff_alpha_by(&ratings, ordinal)),
            (Level::Interval, krippendorff_alpha_by(&ratings, interval)),
            (Level::Ratio, krippendorff_alpha_by(&ratings, ratio)),
        ];
        for (level, expected) in written_out {
            let found = krippendorff_alpha_at(&ratings, level);
            prop_assert!(same(&found, &expected), "{level:?}: {found:?} {expected:?}");
        }
    }

    #[test]
    fn agreement_ignores_the_order_of_answers_the_names_of_items_and_who_is_who(
        answers in any_answers(),
        level in any_level(),
    ) {
        let before = Report::of(&ratings(&answers)?, level, Some(RESAMPLED));
        let turned: Answers = answers.iter().rev().map(|&(item, a, l)| (1000 - item, a, l)).collect();
        prop_assert_eq!(&before, &Report::of(&ratings(&turned)?, level, Some(RESAMPLED)), "to the last bit");
        let renamed: Answers = answers.iter().map(|&(item, a, l)| (item, 9 - a, l)).collect();
        let after = Report::of(&ratings(&renamed)?, level, None);
        for (a, b) in coefficients(&before).iter().zip(&coefficients(&after)) {
            prop_assert!(same(&a.statistic, &b.statistic), "{a:?} {b:?}");
        }
    }

    /// Upside down, ranks and differences stay as far apart as they were.
    #[test]
    fn agreement_ignores_which_end_of_a_scale_is_up(answers in any_answers()) {
        let turned: Answers = answers.iter().map(|&(item, a, l)| (item, a, 9 - l)).collect();
        for level in [Level::Nominal, Level::Ordinal, Level::Interval] {
            let (before, after) =
                (Report::of(&ratings(&answers)?, level, None), Report::of(&ratings(&turned)?, level, None));
            for (a, b) in coefficients(&before).iter().zip(&coefficients(&after)) {
                prop_assert!(same(&a.statistic, &b.statistic), "{level:?}: {a:?} {b:?}");
            }
        }
    }

    #[test]
    fn agreement_ignores_the_unit_of_numbers(answers in any_answers(), power in -900..900_i32) {
        let factor = 2.0_f64.powi(power);
        let scaled = |offset: f64| {
            let named = answers.iter().map(|&(item, a, l)| (item, a.to_string(), (offset + f64::from(l) * factor).to_string()));
            Ratings::from_answers(named)
        };
        for level in [Level::Ordinal, Level::Interval, Level::Ratio] {
            let (before, after) = (Report::of(&ratings(&answers)?, level, None), Report::of(&scaled(0.0)?, level, None));
            for (a, b) in coefficients(&before).iter().zip(&coefficients(&after)) {
                prop_assert!(same(&a.statistic, &b.statistic), "{level:?}: {a:?} {b:?}");
            }
        }
    }

    #[test]
    fn agreement_at_each_level_is_one_where_everybody_agrees(
        labels in proptest::collection::vec(0..4_u32, 2..20),
        level in any_level(),
    ) {
        let answers: Answers =
            (0..).zip(&labels).flat_map(|(item, label)| [(item, 0, *label), (item, 1, *label)]).collect();
        let report = Report::of(&ratings(&answers)?, level, Some(RESAMPLED));
        let varies = labels.iter().any(|label| *label != labels[0]);
        let [percent, corrected @ ..] = coefficients(&report);
        prop_assert_eq!(percent.statistic.value, Some(1.0));
        for Coefficient { statistic, bootstrap95, .. } in corrected {
            let reason = if varies || statistic.undefined == Some(Undefined::UnorderedLabels) {
                statistic.undefined.filter(|_| level == Level::Nominal)
            } else {
                Some(Undefined::NoVariation)
            };
            prop_assert_eq!(statistic.undefined, reason);
            prop_assert!(statistic.value.is_none_or(|value| (value - 1.0).abs() < 1e-12));
            prop_assert!(bootstrap95.is_none(), "all draws say the same");
        }
    }
}

#[rstest]
#[case::nothing(&[], Undefined::NoItems)]
#[case::one_annotator(&[(1, 1, 1), (2, 1, 2)], Undefined::SingleAnnotator)]
#[case::nobody_met(&[(1, 1, 1), (2, 2, 2)], Undefined::NoSharedItems)]
fn agreement_at_each_level_without_a_pair_says_why(
    #[case] answers: &[(u32, u32, u32)],
    #[case] reason: Undefined,
) -> Result<(), RatingsError> {
    for level in LEVELS {
        let report = Report::of(&ratings(answers)?, level, Some(RESAMPLED));
        for Coefficient { statistic, standard_error, bootstrap95 } in coefficients(&report) {
            let expected = Statistic { value: None, undefined: Some(reason), ci95: None, ci95_method: None };
            assert_eq!((statistic, standard_error, bootstrap95), (expected, None, None));
        }
    }
    Ok(())
}

#[rstest]
#[case::words(&["1", "two"], Level::Interval, Undefined::NonNumericLabels)]
#[case::words(&["1", "two"], Level::Ratio, Undefined::NonNumericLabels)]
#[case::no_number(&["1", "NaN"], Level::Interval, Undefined::NonNumericLabels)]
#[case::debts(&["1", "-2"], Level::Ratio, Undefined::NegativeLabels)]
fn agreement_that_needs_numbers_says_so(
    #[case] labels: &[&str],
    #[case] level: Level,
    #[case] reason: Undefined,
) -> Result<(), RatingsError> {
    let answers = (0_u32..).zip(labels).flat_map(|(item, label)| [(item, "a", *label), (item, "b", *label)]);
    let report = Report::of(&Ratings::from_answers(answers)?, level, None);
    assert_eq!(report.krippendorff_alpha.statistic.undefined, Some(reason));
    assert_eq!(report.gwet_ac2_linear.statistic.undefined, Some(reason));
    assert_eq!(report.cohen_kappa_linear_mean_pairwise.statistic.undefined, Some(reason));
    assert_eq!(report.gwet_ac1.statistic.value, Some(1.0));
    assert_eq!(report.scott_pi.statistic.value, Some(1.0));
    Ok(())
}

#[test]
fn agreement_counts_equal_numbers_as_one_label() -> Result<(), RatingsError> {
    let answers = [(1, "a", "1"), (1, "b", "1.0"), (2, "a", "2"), (2, "b", "2e0")];
    let ratings = Ratings::from_answers(answers)?;
    for level in [Level::Ordinal, Level::Interval, Level::Ratio] {
        for Coefficient { statistic, .. } in coefficients(&Report::of(&ratings, level, None)) {
            assert_eq!(statistic.value, Some(1.0));
        }
    }
    assert_eq!(Report::of(&ratings, Level::Nominal, None).percent_agreement.statistic.value, Some(0.0));
    Ok(())
}

#[test]
fn agreement_of_scott_needs_two_who_answered_everything() -> Result<(), RatingsError> {
    for answers in [&[(1, 1, 1), (1, 2, 2), (2, 1, 1)][..], &[(1, 1, 1), (1, 2, 2), (2, 1, 1), (2, 3, 1)]] {
        let report = Report::of(&ratings(answers)?, Level::Nominal, None);
        assert_eq!(report.scott_pi.statistic.undefined, Some(Undefined::NotTwoComplete));
        assert!(report.fleiss_kappa.statistic.value.is_some());
    }
    Ok(())
}

#[test]
fn agreement_on_very_many_labels_stays_small_or_says_why() -> Result<(), RatingsError> {
    let answers =
        (0..20_000_u32).flat_map(|item| [(item, 1, item), (item, 2, if item < 9 { item } else { item ^ 1 })]);
    let ratings = ratings(&answers.collect::<Answers>())?;
    let report = Report::of(&ratings, Level::Ratio, None);
    assert_eq!(report.krippendorff_alpha.statistic.undefined, Some(Undefined::TooManyLabels));
    assert!(report.gwet_ac2_quadratic.statistic.value.is_some_and(|value| value > 0.99));
    let report = Report::of(&ratings, Level::Interval, None);
    assert!(report.krippendorff_alpha.statistic.value.is_some_and(|value| value > 0.99));
    Ok(())
}

#[test]
fn agreement_among_a_crowd_of_pairs_says_why() -> Result<(), RatingsError> {
    let answers: Answers = (0..4_000).map(|annotator| (1, annotator, annotator % 7)).collect();
    let report = Report::of(&ratings(&answers)?, Level::Ordinal, None);
    assert_eq!(report.cohen_kappa_mean_pairwise.statistic.undefined, Some(Undefined::TooManyPairs));
    assert_eq!(report.cohen_kappa_linear_mean_pairwise.statistic.undefined, Some(Undefined::TooManyPairs));
    assert!(report.pairs.is_empty());
    assert!(report.krippendorff_alpha.statistic.value.is_some());
    Ok(())
}

/// Three annotators and 400 items of three labels; one of five answers is drawn anew.
fn guessed() -> Answers {
    let mut state = 17_u32;
    let mut next = move |bound: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % bound
    };
    let mut answers = Vec::new();
    for item in 0..400 {
        let truth = next(3);
        answers.extend((0..3).map(|annotator| (item, annotator, if next(5) == 0 { next(3) } else { truth })));
    }
    answers
}

#[test]
fn agreement_resampled_is_about_as_precise_as_the_formulas_say() -> Result<(), RatingsError> {
    let report = Report::of(&ratings(&guessed())?, Level::Interval, Some(Bootstrap::default()));
    let mut compared = 0;
    for Coefficient { statistic, standard_error, bootstrap95 } in coefficients(&report) {
        if let (Some(_), Some([low, high]), Some([from, to])) = (standard_error, statistic.ci95, bootstrap95)
        {
            let ratio = (to - from) / (high - low);
            assert!((0.9..1.1).contains(&ratio), "{ratio}");
            assert!(((from + to) - (low + high)).abs() < 0.1 * (high - low));
            compared += 1;
        }
    }
    assert_eq!(compared, 7, "all but the three means of Cohen's kappa and Scott's pi");
    let [low, high] = report.cohen_kappa_mean_pairwise.statistic.ci95.unwrap_or_default();
    let value = report.cohen_kappa_mean_pairwise.statistic.value.unwrap_or_default();
    assert!(low < value && value < high, "{low} {value} {high}");
    assert_eq!(report.cohen_kappa_mean_pairwise.statistic.ci95_method, Some(IntervalMethod::Bootstrap));
    Ok(())
}

#[test]
fn agreement_resampled_depends_on_the_seed_alone() -> Result<(), RatingsError> {
    let ratings = ratings(&guessed())?;
    let with = |seed| Report::of(&ratings, Level::Ordinal, Some(Bootstrap { replicates: 50, seed }));
    assert_eq!(with(1), with(1));
    assert_ne!(with(1).fleiss_kappa.bootstrap95, with(2).fleiss_kappa.bootstrap95);
    Ok(())
}

/// Two people who never say the same, each item in words of its own: each draw repeats items and so knows fewer labels.
#[test]
fn agreement_resampled_is_no_interval_where_no_draw_is_like_the_whole() -> Result<(), RatingsError> {
    let answers: Answers = (0..50).flat_map(|item| [(item, 0, 2 * item), (item, 1, 2 * item + 1)]).collect();
    let report = Report::of(&ratings(&answers)?, Level::Nominal, Some(RESAMPLED));
    for Coefficient { statistic, bootstrap95, .. } in coefficients(&report) {
        for [low, high] in statistic.ci95.into_iter().chain(bootstrap95) {
            assert!(statistic.value.is_some_and(|value| (low..=high).contains(&value)), "{statistic:?}");
        }
    }
    assert_eq!(report.scott_pi.statistic.ci95, None);
    Ok(())
}

/// Every pair of 120 people shares a few of 4,000 items, so that a pair's kappa is drawn too low.
#[test]
fn agreement_of_pairs_with_few_items_has_an_interval_about_its_value() -> Result<(), RatingsError> {
    let answers =
        guessed().into_iter().cycle().take(12_000).enumerate().map(|(place, (_, annotator, label))| {
            let item = place as u32 / 3;
            (item, (item * 7 + annotator * (1 + item % 39)) % 120, label)
        });
    let report = Report::of(&ratings(&answers.collect::<Answers>())?, Level::Nominal, Some(RESAMPLED));
    let Statistic { value, ci95, .. } = report.cohen_kappa_mean_pairwise.statistic;
    assert!(
        value.zip(ci95).is_some_and(|(value, [low, high])| low < value && value < high),
        "{value:?} {ci95:?}"
    );
    Ok(())
}
