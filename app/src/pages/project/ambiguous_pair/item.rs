//! One task of the pair: the sample, who said the one label and who the other, what else is known, and the choice.

use super::api::{Asked, others};
use crate::{
    components::{
        annotation_lines::{AnnotationLines, DecisionLines},
        answer::AnswerText,
        badge::TaskStateBadge,
        probabilities::Predictions,
        sample_fields::{SampleFields, SampleMetadata},
        sample_link::SampleLink,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{
    canonical,
    schema::Schema,
    view::review::{AnnotationView, ReviewItem},
};
use leptos::prelude::*;

#[component]
pub(super) fn Item<'a>(
    slug: String,
    schema: &'a Schema,
    asked: &'a Asked,
    /// What people read as the two labels.
    titles: &'a [String; 2],
    item: &'a ReviewItem,
    /// Whether a label can be chosen.
    writes: bool,
    /// What was chosen before, where the form comes back.
    drafted: Option<String>,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let sample = &item.sample;
    let said = |one: &AnnotationView, label: &str| {
        one.answers.0.get(&asked.question).is_some_and(|answer| *answer == *label)
    };
    let side = |label: &str, title: &str| {
        let annotations: Vec<AnnotationView> =
            item.annotations.iter().filter(|one| said(one, label)).cloned().collect();
        view! {
            <section class="pair-side">
                <h2 class="pair-side-title">{title.to_owned()}</h2>
                <AnnotationLines schema annotations=&annotations weighed=&item.weighed />
            </section>
        }
    };
    let rest: Vec<AnnotationView> =
        item.annotations.iter().filter(|one| !said(one, &asked.a) && !said(one, &asked.b)).cloned().collect();
    let rest = (!rest.is_empty()).then(|| {
        view! {
            <section class="review-part">
                <h2 class="review-part-title">{tu_string!(i18n, ambiguity.other_answers)}</h2>
                <AnnotationLines schema annotations=&rest weighed=&item.weighed />
            </section>
        }
    });
    let review = format!("/projects/{slug}/review?state={}&task={}", item.state.as_str(), item.task);
    let choice = writes.then(|| view! { <Choice schema asked titles item drafted review=review.clone() /> });
    view! {
        <li class="pair-item" data-task=item.task.0>
            <p class="review-head">
                <SampleLink slug id=sample.id.to_string() />
                <TaskStateBadge state=item.state />
                <a href=review>{tu_string!(i18n, ambiguity.in_review)}</a>
            </p>
            <div class="review-sample">
                <SampleFields schema fields=sample.fields.clone() />
                <SampleMetadata metadata=sample.metadata.clone() />
            </div>
            <div class="pair-sides">{side(&asked.a, &titles[0])} {side(&asked.b, &titles[1])}</div>
            {rest}
            <div class="review-evidence">
                <section class="review-part">
                    <h2 class="review-part-title">{tu_string!(i18n, review.prediction)}</h2>
                    <Predictions schema predictions=&item.predictions stored=item.stored_label.as_ref() />
                </section>
                <section class="review-part">
                    <h2 class="review-part-title">{tu_string!(i18n, review.stored)}</h2>
                    <p><AnswerText schema answers=item.stored_label.as_ref() /></p>
                </section>
            </div>
            <DecisionLines schema decisions=&item.decisions />
            {choice}
        </li>
    }
}

/// The name by which the form tells a task, as it was read. A digit at its beginning would be the place in a list.
pub(super) fn field_of(item: &ReviewItem) -> String {
    format!("task{}:{}", item.task, item.rev)
}

/// Which of the two it is. What the annotators say together is chosen before, so far as they do.
#[component]
fn Choice<'a>(
    schema: &'a Schema,
    asked: &'a Asked,
    titles: &'a [String; 2],
    item: &'a ReviewItem,
    drafted: Option<String>,
    review: String,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let Some(others) = others(schema, &asked.question, item) else {
        return view! {
            <p class="pair-elsewhere">
                {tu_string!(i18n, ambiguity.elsewhere)} " " <a href=review>{tu_string!(i18n, ambiguity.in_review)}</a>
            </p>
        }
        .into_any();
    };
    let key = field_of(item);
    let agreed = item.consensus.answers.as_ref().and_then(|answers| answers.0.get(&asked.question));
    let is_agreed = |label: &str| agreed.is_some_and(|answer| *answer == *label);
    let chosen = match (drafted.as_deref(), is_agreed(&asked.a), is_agreed(&asked.b)) {
        (Some(drafted), ..) => drafted,
        (None, true, _) => "a",
        (None, _, true) => "b",
        _ => "",
    };
    let others = (!others.is_empty()).then(|| {
        let text = canonical::text_of(&others).unwrap_or_default();
        view! { <input type="hidden" name=format!("others[{key}]") value=text /> }
    });
    let words = [("a", titles[0].clone()), ("b", titles[1].clone())];
    let words = words.into_iter().chain([("", tu_string!(i18n, ambiguity.leave_out).to_owned())]);
    let options = words
        .map(|(value, word)| {
            view! {
                <label class="pair-option">
                    <input
                        type="radio"
                        name=format!("choices[{key}]")
                        value=value
                        checked=value == chosen
                        data-choice=if value.is_empty() { "none" } else { value }
                    />
                    <span>{word}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="pair-choice">
            <legend class="field-label">{tu_string!(i18n, ambiguity.choice)}</legend>
            {others}
            {options}
        </fieldset>
    }
    .into_any()
}
