//! Laws that every method of truth inference keeps on any answers whatever, the degenerate ones above all.

use std::error::Error;

use domain::agreement::{Ratings, RatingsError};
use domain::truth::{Inference, Method, Said, Voice};
use proptest::collection::btree_map;
use proptest::prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest};
use rstest::rstest;

type Answers = Vec<(u32, u32, u32)>;

fn any_answers() -> impl Strategy<Value = Answers> {
    btree_map((0..12_u32, 0..5_u32), 0..4_u32, 0..40).prop_map(|grid| {
        grid.into_iter().map(|((item, annotator), label)| (item, annotator, label)).collect()
    })
}

fn ratings(answers: &[(u32, u32, u32)]) -> Result<Ratings, RatingsError> {
    let named = |&(item, who, label): &(u32, u32, u32)| (item, format!("a{who}"), format!("l{label}"));
    Ratings::from_answers(answers.iter().map(named))
}

fn is_probability(value: f64) -> bool {
    value.is_finite() && (0.0..=1.0).contains(&value)
}

/// Everything that a method gives is finite and in its range.
fn is_sound(inference: &Inference, ratings: &Ratings) -> bool {
    let items = inference.posteriors.items().all(|item| {
        let sum: f64 = item.shares().iter().map(|each| each.share).sum();
        (sum - 1.0).abs() < 1e-6 && item.shares().iter().all(|each| is_probability(each.share))
    });
    let worths = inference.crowd.as_ref().is_none_or(|crowd| {
        ratings.items().all(|item| {
            let voices: Vec<Voice<'_>> = item
                .answers
                .iter()
                .map(|answer| Voice { annotator: Some(answer.annotator), said: Said::Label(answer.label) })
                .collect();
            crowd.worth(&voices).is_some_and(|worths| worths.iter().all(|worth| worth.is_finite()))
        })
    });
    items
        && worths
        && inference.labels().len() as u64 == ratings.item_count()
        && inference.accuracies.len() == ratings.annotators().len()
        && inference.accuracies.iter().all(|accuracy| is_probability(*accuracy))
        && inference.log_likelihood.is_none_or(f64::is_finite)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_method_gives_finite_probabilities_on_any_answers(answers in any_answers()) {
        let ratings = ratings(&answers)?;
        for method in Method::ALL {
            let inference = method.infer(&ratings)?;
            prop_assert!(is_sound(&inference, &ratings), "{method:?}: {inference:?}");
        }
    }

    #[test]
    fn the_same_answers_in_another_order_give_the_same_labels(answers in any_answers()) {
        let turned: Answers = answers.iter().rev().copied().collect();
        for method in Method::ALL {
            let [before, after] = [method.infer(&ratings(&answers)?)?, method.infer(&ratings(&turned)?)?];
            prop_assert_eq!(before.labels(), after.labels());
            prop_assert_eq!(before.accuracies, after.accuracies);
        }
    }
}

#[rstest]
#[case::nothing(&[])]
#[case::one_answer(&[(1, 1, 1)])]
#[case::one_annotator(&[(1, 1, 1), (2, 1, 2), (3, 1, 1)])]
#[case::one_label(&[(1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 2, 1)])]
#[case::all_ties(&[(1, 1, 1), (1, 2, 2), (2, 1, 2), (2, 2, 1)])]
#[case::an_annotator_with_one_answer(&[(1, 1, 1), (1, 2, 1), (2, 1, 2), (2, 2, 2), (2, 3, 1)])]
#[case::nobody_met(&[(1, 1, 1), (2, 2, 2), (3, 3, 3)])]
fn degenerate_answers_are_no_trouble(#[case] answers: &[(u32, u32, u32)]) -> Result<(), Box<dyn Error>> {
    let ratings = ratings(answers)?;
    for method in Method::ALL {
        let inference = method.infer(&ratings)?;
        assert!(is_sound(&inference, &ratings), "{method:?}: {inference:?}");
    }
    Ok(())
}

#[test]
fn a_tie_goes_to_the_first_label() -> Result<(), Box<dyn Error>> {
    let ratings = ratings(&[(1, 1, 2), (1, 2, 1), (2, 1, 1), (2, 2, 2)])?;
    for method in Method::ALL {
        assert_eq!(method.infer(&ratings)?.labels(), [0, 0], "{method:?}");
    }
    Ok(())
}

#[test]
fn a_million_labels_are_refused_with_the_reason_and_counted_by_the_majority() -> Result<(), Box<dyn Error>> {
    let labels = 1_000_000;
    let names = (0..labels).map(|label| label.to_string()).collect();
    let answers = (0..labels).map(|label| (label / 2, label % 2, label));
    let ratings = Ratings::from_indexes(vec!["a".into(), "b".into()], names, answers)?;
    for method in Method::ALL {
        match method.infer(&ratings) {
            Ok(inference) => {
                assert_eq!(method, Method::Majority);
                assert_eq!(inference.labels()[7], 14);
            }
            Err(refused) => assert!(refused.to_string().contains("1000000 labels"), "{refused}"),
        }
    }
    Ok(())
}

#[test]
fn one_item_judged_by_itself_has_the_posterior_of_the_fit() -> Result<(), Box<dyn Error>> {
    let answers =
        [(1, 1, 1), (1, 2, 1), (1, 3, 2), (2, 1, 2), (2, 2, 2), (2, 3, 2), (3, 1, 1), (3, 3, 2), (4, 2, 1)];
    let ratings = ratings(&answers)?;
    for method in [Method::DawidSkene, Method::OneCoin, Method::Robust] {
        let inference = method.infer(&ratings)?;
        let crowd = inference.crowd.as_ref().ok_or("no crowd")?;
        for (item, posterior) in ratings.items().zip(inference.posteriors.items()) {
            let voice = |answer: &domain::agreement::Answer| Voice {
                annotator: Some(answer.annotator),
                said: Said::Label(answer.label),
            };
            let voices: Vec<_> = item.answers.iter().map(voice).collect();
            for (label, share) in (0..).zip(crowd.posterior(&voices).unwrap_or_default()) {
                assert!((share - posterior.share(label)).abs() < 1e-6, "{method:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_prediction_joins_as_a_voter_and_an_unknown_label_is_not_guessed_at() -> Result<(), Box<dyn Error>> {
    let ratings = ratings(&[(1, 1, 1), (1, 2, 1), (2, 1, 2), (2, 2, 2), (3, 1, 1), (3, 2, 2)])?;
    let inference = Method::Robust.infer(&ratings)?;
    let crowd = inference.crowd.ok_or("no crowd")?;
    let label = Voice { annotator: Some(0), said: Said::Label(0) };
    let predicted = |shares| Voice { annotator: None, said: Said::Shares(shares) };
    let alone = crowd.posterior(&[label]).unwrap_or_default()[0];
    assert!(crowd.posterior(&[label, predicted(&[0.9, 0.1])]).unwrap_or_default()[0] > alone);
    assert!(crowd.posterior(&[label, predicted(&[0.1, 0.9])]).unwrap_or_default()[0] < alone);
    assert!((crowd.posterior(&[label, predicted(&[0.5, 0.5])]).unwrap_or_default()[0] - alone).abs() < 0.05);
    assert_eq!(crowd.posterior(&[Voice { annotator: Some(0), said: Said::Label(9) }]), None);
    Ok(())
}
