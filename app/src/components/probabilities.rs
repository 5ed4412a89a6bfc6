//! A model's probabilities for a question as bars, the most probable first.

use crate::{
    components::number::percent,
    i18n::{tu_string, use_i18n},
};
use domain::{answer::Answers, schema::Schema, view::review::PredictionView};
use leptos::prelude::*;
use serde_json::Value;

use super::answer::title_of;

/// How many options are shown; the rest are summed up.
const MOST: usize = 5;
/// The bar's full length.
const LENGTH: f64 = 100.0;

/// Every prediction, or a word where there is none; marks the stored label among the options.
#[component]
pub fn Predictions<'a>(
    schema: &'a Schema,
    predictions: &'a [PredictionView],
    stored: Option<&'a Answers>,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    if predictions.is_empty() {
        return view! { <p class="lines-none">{tu_string!(i18n, review.no_prediction)}</p> }.into_any();
    }
    let bars = predictions.iter().map(|prediction| view! { <Probabilities schema prediction stored /> });
    bars.collect::<Vec<_>>().into_any()
}

#[component]
fn Probabilities<'a>(
    schema: &'a Schema,
    prediction: &'a PredictionView,
    stored: Option<&'a Answers>,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let question = schema.question(&prediction.question);
    let stored = stored.and_then(|label| label.choice(&prediction.question)).map(str::to_owned);
    let all: Vec<(String, f64)> = match question {
        Some(question) => {
            prediction.probs.complete(question).into_iter().map(|(value, p)| (value.to_owned(), p)).collect()
        }
        None => prediction.probs.0.iter().map(|(value, p)| (value.clone(), *p)).collect(),
    };
    let (shown, rest) = most_probable(all, stored.as_deref());
    let title = question.filter(|_| schema.questions.len() > 1).map(|question| question.title().to_owned());
    let rows: Vec<_> = shown
        .into_iter()
        .map(|(value, p)| {
            let is_stored = stored.as_ref() == Some(&value);
            let text = title_of(schema, &prediction.question, &Value::from(value));
            let mark = is_stored.then(
                || view! { <span class="probability-stored">{tu_string!(i18n, evidence.stored)}</span> },
            );
            view! {
                <li class="probability">
                    <span class="probability-title">{text} {mark}</span>
                    <Bar share=p />
                    <span class="probability-number number">{percent(p)}</span>
                </li>
            }
        })
        .collect();
    let rest = (rest > 0).then(|| {
        view! { <li class="probability-rest">{tu_string!(i18n, evidence.others, n = rest).to_string()}</li> }
    });
    view! {
        <div class="probabilities">
            <p class="probabilities-head">
                {title.map(|title| view! { <span class="probabilities-question">{title}</span> })}
                <span class="probabilities-model">{prediction.model.to_string()}</span>
            </p>
            <ol class="probabilities-list">{rows} {rest}</ol>
        </div>
    }
}

/// The options that are shown, the most probable first, and how many are not; `stored` always is.
fn most_probable(mut all: Vec<(String, f64)>, stored: Option<&str>) -> (Vec<(String, f64)>, i64) {
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let hidden = all.split_off(all.len().min(MOST));
    let count = hidden.len();
    let kept: Vec<_> = hidden.into_iter().filter(|(value, _)| Some(value.as_str()) == stored).collect();
    let rest = i64::try_from(count - kept.len()).unwrap_or(i64::MAX);
    all.extend(kept);
    (all, rest)
}

/// A bar of this share of its line; drawn, because the page's policy forbids style attributes.
#[component]
fn Bar(share: f64) -> impl IntoView {
    view! {
        <svg class="probability-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <rect class="probability-track" width="100" height="6"></rect>
            <rect class="probability-fill" width=format!("{:.1}", share.clamp(0.0, 1.0) * LENGTH) height="6"></rect>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::most_probable;

    #[test]
    fn the_stored_label_is_shown_however_improbable() {
        let all = ["a", "b", "c", "d", "e", "f", "g"].into_iter().zip([0.3, 0.2, 0.2, 0.1, 0.1, 0.06, 0.04]);
        let (shown, rest) = most_probable(all.map(|(value, p)| (value.to_owned(), p)).collect(), Some("g"));
        let shown: Vec<_> = shown.iter().map(|(value, _)| value.as_str()).collect();
        assert_eq!((shown.as_slice(), rest), (["a", "b", "c", "d", "e", "g"].as_slice(), 1));
    }
}
