//! What the numbers say, in a sentence for each reason that looks for errors.

use crate::{
    components::badge::reason_text,
    i18n::{I18n, tu_string},
};
use domain::{
    outcome::LooksFor,
    view::yields::{ErrorRate, ReasonYield, YieldView},
};

/// One sentence for each reason that can be compared with chance, the best first; else why nothing can be.
pub(super) fn all(i18n: I18n, view: &YieldView) -> Vec<String> {
    let mut compared: Vec<(&ReasonYield, LooksFor, f64)> = view
        .reasons
        .iter()
        .filter_map(|reason| Some((reason, reason.looks_for?, reason.times_baseline?)))
        .collect();
    compared.sort_by(|a, b| b.2.total_cmp(&a.2));
    if compared.is_empty() {
        return vec![tu_string!(i18n, yields.no_comparison).to_owned()];
    }
    let sentence = |(reason, sort, times): (&ReasonYield, LooksFor, f64)| {
        let (name, times) = (reason_text(i18n, reason.reason), format!("{times:.1}"));
        let found = match sort {
            LooksFor::Labels => {
                tu_string!(i18n, yields.finds_labels, reason = name, times = times).to_string()
            }
            LooksFor::Predictions => {
                tu_string!(i18n, yields.finds_predictions, reason = name, times = times).to_string()
            }
        };
        let errors = reason.errors();
        if errors.is_some_and(|errors| overlap(errors, view.baseline.errors(sort))) {
            format!("{found} {}", tu_string!(i18n, yields.overlap))
        } else {
            found
        }
    };
    compared.into_iter().map(sentence).collect()
}

/// Whether the intervals have something in common: then the difference may be chance.
fn overlap(a: &ErrorRate, b: &ErrorRate) -> bool {
    match (a.ci95, b.ci95) {
        (Some([a_low, a_high]), Some([b_low, b_high])) => a_low <= b_high && b_low <= a_high,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::overlap;
    use domain::estimate::Tally;

    #[test]
    fn few_samples_overlap_and_many_do_not() {
        let rate = |errors, of| Tally { errors, of }.into();
        assert!(overlap(&rate(4, 10), &rate(1, 10)));
        assert!(!overlap(&rate(400, 1000), &rate(100, 1000)));
        assert!(overlap(&rate(0, 0), &rate(100, 1000)), "nothing is known of it");
    }
}
