//! The task that is shown: the sample, why it is here, who answered what, what they say together, what the model
//! says, and what is stored.

use super::{
    bar::DecisionBar,
    desk::Desk,
    earlier::Earlier,
    keyboard::attend,
    order::{Reviewer, takes_proposal},
};
use crate::{
    components::{
        annotation_lines::{AnnotationLines, DecisionLines, worth_text},
        answer::{AnswerText, title_of},
        badge::{Badge, TaskStateBadge, Tone, reason_text},
        number::percent,
        probabilities::Predictions,
        reason::{note, sentence},
        sample_fields::{SampleFields, SampleMetadata},
        sample_link::SampleLink,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{schema::Schema, settings::ConsensusMethod, view::review::ReviewItem};
use leptos::prelude::*;

/// So many answers are shown with their probability.
const MOST_PROBABLE: usize = 4;

/// The id of the region, for moving the focus to it.
const ID: &str = "review-item";

/// The task that is shown, with the bar to decide it.
#[component]
pub fn Shown(desk: Desk, schema: StoredValue<Schema>, reviewer: Reviewer) -> impl IntoView {
    let i18n = use_i18n();
    let reviewer = StoredValue::new(reviewer);
    let shown = Memo::new(move |_| desk.current.with(|current| current.as_ref().map(|item| item.task)));
    Effect::watch(
        move || shown.get(),
        |_, before, _| {
            // The button that was pressed is gone: the focus goes on to what is to be read next.
            if before.is_some() {
                request_animation_frame(|| attend(ID));
            }
        },
        false,
    );
    view! {
        <section class="review-item" id=ID tabindex="-1" aria-label=tu_string!(i18n, review.task)>
            // Keyed, so that neither the note nor what was chosen for one task stays for the next; they do stay
            // where a task has changed and is decided anew.
            <For
                each=move || shown.get()
                key=|task| *task
                children=move |task| {
                    move || {
                        let item = desk.current.get().filter(|item| item.task == task)?;
                        let evidence = schema.with_value(|schema| evidence(schema, &desk.slug.get_value(), &item));
                        let own = reviewer.with_value(|reviewer| reviewer.own(&item));
                        Some(view! {
                            {evidence}
                            <Earlier desk schema task />
                            <DecisionBar desk schema item own />
                        })
                    }
                }
            />
        </section>
    }
}

fn evidence(schema: &Schema, slug: &str, item: &ReviewItem) -> AnyView {
    let i18n = use_i18n();
    let sample = &item.sample;
    view! {
        <Head slug=slug.to_owned() item />
        <div class="review-sample">
            <SampleFields schema fields=sample.fields.clone() />
            <SampleMetadata metadata=sample.metadata.clone() />
        </div>
        <Why schema item />
        <Proposed slug=slug.to_owned() schema item />
        <Answers schema item />
        <div class="review-evidence">
            <section class="review-part">
                <h2 class="review-part-title">{tu_string!(i18n, review.prediction)}</h2>
                <Predictions schema predictions=&item.predictions stored=item.stored_label.as_ref() />
            </section>
            <Stored schema item />
        </div>
        <Decisions schema item />
    }
    .into_any()
}

#[component]
fn Head<'a>(slug: String, item: &'a ReviewItem) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let conflict = (item.consensus.conflict && !item.annotations.is_empty())
        .then(|| view! { <Badge text=tu_string!(i18n, review.conflict) tone=Tone::Warning /> });
    let approvals = item.approvals.as_ref().map(|approvals| {
        let text = tu_string!(i18n, review.approvals, given = approvals.by.len(), needed = approvals.needed)
            .to_string();
        view! { <Badge text tone=Tone::Plain /> }
    });
    view! {
        <p class="review-head">
            <SampleLink slug id=item.sample.id.to_string() />
            <TaskStateBadge state=item.state />
            {conflict}
            {approvals}
        </p>
    }
}

#[component]
fn Why<'a>(schema: &'a Schema, item: &'a ReviewItem) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let note = note(&item.reason);
    view! {
        <p class="review-why">
            <strong>{reason_text(i18n, item.reason.kind)}</strong>
            " "
            {sentence(i18n, schema, &item.reason)}
        </p>
        {note.map(|note| view! { <blockquote class="line-note review-why-note" dir="auto">{note}</blockquote> })}
    }
}

/// What a change set proposes, who prepared it, and why.
#[component]
fn Proposed<'a>(slug: String, schema: &'a Schema, item: &'a ReviewItem) -> impl IntoView + use<> {
    let i18n = use_i18n();
    item.proposal.as_ref().map(|proposal| {
        let author =
            proposal.author.clone().unwrap_or_else(|| tu_string!(i18n, versions.operator).to_owned());
        let label = match &proposal.label {
            Some(label) => view! { <AnswerText schema answers=Some(label) /> }.into_any(),
            None => view! { <strong>{tu_string!(i18n, review.consensus_remove)}</strong> }.into_any(),
        };
        let replaced =
            (!takes_proposal(item)).then(|| view! { <p>{tu_string!(i18n, review.proposal_answered)}</p> });
        let set = format!("/projects/{slug}/change-sets");
        view! {
            <section class="review-part">
                <h2 class="review-part-title">{tu_string!(i18n, review.proposed)}</h2>
                <p class="consensus">{tu_string!(i18n, review.proposal)} " " {label}</p>
                <p class="review-proposal-by">
                    {tu_string!(i18n, review.proposal_by, author = author).to_string()} " "
                    <a href=set>{tu_string!(i18n, review.proposal_set)}</a>
                </p>
                {replaced}
            </section>
        }
    })
}

#[component]
fn Answers<'a>(schema: &'a Schema, item: &'a ReviewItem) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let consensus = &item.consensus;
    let shares: Vec<String> = consensus
        .posterior
        .iter()
        .map(|(question, share)| match schema.question(question).filter(|_| schema.questions.len() > 1) {
            Some(question) => format!("{} {}", question.title(), percent(*share)),
            None => percent(*share),
        })
        .collect();
    let shares = shares.join(" · ");
    let share = if item.weighed.questions.is_empty() {
        tu_string!(i18n, review.share, share = shares).to_string()
    } else {
        tu_string!(i18n, review.probability, share = shares).to_string()
    };
    let together = if item.annotations.is_empty() {
        ().into_any()
    } else if consensus.conflict {
        view! {
            <p class="consensus consensus-conflict">
                <strong>{tu_string!(i18n, review.no_consensus)}</strong>
            </p>
        }
        .into_any()
    } else if let Some(answers) = &consensus.answers {
        view! {
            <p class="consensus">
                {tu_string!(i18n, review.consensus)} " " <AnswerText schema answers=Some(answers) />
                <span class="consensus-share">{share}</span>
            </p>
        }
        .into_any()
    } else {
        view! {
            <p class="consensus">
                {tu_string!(i18n, review.consensus)} " " <strong>{tu_string!(i18n, review.consensus_remove)}</strong>
            </p>
        }
        .into_any()
    };
    view! {
        <section class="review-part">
            <h2 class="review-part-title">{tu_string!(i18n, evidence.answers)}</h2>
            <AnnotationLines schema annotations=&item.annotations weighed=&item.weighed />
            {together}
            {weighed(schema, item)}
        </section>
    }
}

/// How probable each answer is, by what the answers were weighed, and whether the model had a vote.
fn weighed(schema: &Schema, item: &ReviewItem) -> Option<AnyView> {
    let i18n = use_i18n();
    if item.weighed.questions.is_empty() || item.annotations.is_empty() {
        return None;
    }
    let lines = item.weighed.questions.iter().map(|(question, weighed)| {
        let probable =
            weighed.probabilities.iter().take(MOST_PROBABLE).map(|one| {
                format!("{} {}", title_of(schema, question, &one.answer), percent(one.probability))
            });
        let vote = weighed.prediction.map(|nats| {
            let text = tu_string!(i18n, review.prediction_votes, worth = worth_text(i18n, nats));
            view! { " · " {text.to_string()} }
        });
        let probable = probable.collect::<Vec<_>>().join(" · ");
        view! { <p class="weighed">{probable} {vote}</p> }
    });
    let method = match item.weighed.method {
        ConsensusMethod::Majority => tu_string!(i18n, review.by_majority),
        ConsensusMethod::DawidSkene => tu_string!(i18n, review.by_dawid_skene),
        ConsensusMethod::Robust => tu_string!(i18n, review.by_robust),
    };
    let lines = lines.collect_view();
    Some(view! { <div class="weighing">{lines} <p class="weighed">{method}</p></div> }.into_any())
}

#[component]
fn Stored<'a>(schema: &'a Schema, item: &'a ReviewItem) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let version = item.stored_version.filter(|_| item.stored_label.is_some()).map(|version| {
        let text = tu_string!(i18n, review.since_version, n = version).to_string();
        view! { <span class="review-stored-version">{text}</span> }
    });
    view! {
        <section class="review-part">
            <h2 class="review-part-title">{tu_string!(i18n, review.stored)}</h2>
            <p>
                <AnswerText schema answers=item.stored_label.as_ref() />
                {version}
            </p>
        </section>
    }
}

#[component]
fn Decisions<'a>(schema: &'a Schema, item: &'a ReviewItem) -> impl IntoView + use<> {
    let i18n = use_i18n();
    (!item.decisions.is_empty()).then(|| {
        view! {
            <section class="review-part">
                <h2 class="review-part-title">{tu_string!(i18n, evidence.decisions)}</h2>
                <DecisionLines schema decisions=&item.decisions />
            </section>
        }
    })
}

/// The label that approving gives, in words; none where it removes the label, and on a conflict.
pub fn approval_text(schema: &Schema, item: &ReviewItem) -> Option<String> {
    let proposal = item.proposal.as_ref().filter(|_| takes_proposal(item));
    let answers = match proposal {
        Some(proposal) => proposal.label.as_ref()?,
        None => item.consensus.answers.as_ref()?,
    };
    let titles: Vec<String> =
        answers.0.iter().map(|(question, value)| title_of(schema, question, value)).collect();
    Some(titles.join(" · "))
}
