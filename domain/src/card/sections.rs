//! The parts of a card that people read.

use super::{
    Answered, Card,
    escape::{block, inline},
    title,
    words::{self, Language},
};
use std::collections::BTreeMap;

/// How many answers of a question are listed.
const MOST_LISTED: usize = 100;

/// The heading of the whole card.
pub(super) fn heading(card: &Card<'_>, language: Language) -> String {
    format!("# {}, {} {}", inline(card.project), words::version(language), card.number)
}

/// What stands under the heading.
pub(super) fn of(card: &Card<'_>, language: Language) -> String {
    let summary = words::summary(language, card.figures.labels, card.figures.samples);
    let parts = [
        summary,
        asked(card, language),
        origin(card, language),
        facts(card, language),
        limits(card, language),
    ];
    parts.join("\n\n") + "\n"
}

/// `part` of `whole` in per cent.
fn share(part: i64, whole: i64) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.1} %", 100.0 * part as f64 / whole as f64) }
}

/// A table with these columns; numbers stand at the right.
fn table<const N: usize>(head: [&str; N], numbers: usize, rows: &[[String; N]]) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let rule: Vec<String> =
        (0..N).map(|column| if column + numbers >= N { "---:" } else { "---" }.to_owned()).collect();
    let head = head.map(str::to_owned);
    let lines = [line(&head), line(&rule)].into_iter().chain(rows.iter().map(|row| line(row)));
    lines.collect::<Vec<_>>().join("\n")
}

fn asked(card: &Card<'_>, language: Language) -> String {
    let mut parts = vec![format!("## {}", words::what_is_asked(language))];
    for question in &card.schema.questions {
        parts.push(format!("### {}", inline(question.title())));
        if question.title() != question.name {
            parts.push(format!("`{}`", code(&question.name)));
        }
        parts.push(match card.figures.answers.get(&question.name) {
            Some(answered) => distribution(card, &question.name, answered, language),
            None => words::no_answers(language).to_owned(),
        });
    }
    parts.join("\n\n")
}

/// A name within a code span: it has no backtick, or is told without one.
fn code(name: &str) -> String {
    name.replace('`', "'")
}

/// The answers to a question, the most frequent first.
fn distribution(card: &Card<'_>, question: &str, answered: &Answered, language: Language) -> String {
    let mut answers: Vec<(&String, i64)> =
        answered.by_answer.iter().map(|(answer, count)| (answer, *count)).collect();
    // The sort is stable: equal counts stay in the order of their names.
    answers.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let whole = answers.iter().map(|(_, count)| count).sum::<i64>() + answered.others;
    let rest: i64 = answers.iter().skip(MOST_LISTED).map(|(_, count)| count).sum::<i64>() + answered.others;
    let mut rows: Vec<[String; 4]> = answers
        .into_iter()
        .take(MOST_LISTED)
        .map(|(answer, count)| {
            let title = title(card.schema, question, answer).map(inline).unwrap_or_default();
            [inline(answer), title, count.to_string(), share(count, whole)]
        })
        .collect();
    if rest > 0 {
        rows.push([
            words::other_answers(language).to_owned(),
            String::new(),
            rest.to_string(),
            share(rest, whole),
        ]);
    }
    let head =
        [words::answer(language), words::title(language), words::labels(language), words::share(language)];
    table(head, 2, &rows)
}

fn origin(card: &Card<'_>, language: Language) -> String {
    let figures = card.figures;
    let mut parts = vec![format!("## {}", words::origin(language))];
    if figures.labels == 0 {
        parts.push(words::no_labels(language).to_owned());
        return parts.join("\n\n");
    }
    let rows: Vec<[String; 3]> = [
        (words::reviewer(language), figures.by_reviewer),
        (words::policy(language), figures.by_policy),
        (words::import(language), figures.by_import),
        (words::revert(language), figures.by_revert),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(name, count)| [name.to_owned(), count.to_string(), share(count, figures.labels)])
    .collect();
    parts.push(table(
        [words::decided_by(language), words::labels(language), words::share(language)],
        2,
        &rows,
    ));
    parts.push(words::agreement(language, figures.mean_agreement(), figures.more_annotations));
    parts.push(words::people(language, figures.annotators, figures.simulated, figures.reviewers));
    let revisions = |of: &BTreeMap<i32, i64>| {
        let each: Vec<String> =
            of.iter().map(|(revision, labels)| format!("{revision} ({labels})")).collect();
        each.join(", ")
    };
    let (guideline, schema) = (revisions(&figures.guideline_revisions), revisions(&figures.schema_revisions));
    parts.push(words::revisions(language, &guideline, &schema));
    parts.join("\n\n")
}

fn facts(card: &Card<'_>, language: Language) -> String {
    let counts = [card.added, card.changed, card.removed, card.confirmed];
    let licence =
        card.settings.licence.as_deref().map_or_else(|| words::no_licence(language).to_owned(), inline);
    let facts = [
        (words::source(language), words::source_of(card.source, language).to_owned()),
        (words::changes(language), words::changed(language, counts)),
        (words::message(language), inline(card.message)),
        (words::made(language), card.created_at.to_string()),
        (words::digest(language), format!("`{}`", card.digest)),
        (words::licence(language), licence),
    ];
    let facts = facts.map(|(name, value)| format!("- {name}: {value}"));
    format!("## {}\n\n{}", words::this_version(language), facts.join("\n"))
}

fn limits(card: &Card<'_>, language: Language) -> String {
    let figures = card.figures;
    let labels = figures.labels;
    let unlabelled = (figures.samples - labels).max(0);
    let known = [
        (figures.by_import, words::imported(language, &share(figures.by_import, labels), figures.by_import)),
        (figures.by_policy, words::approved(language, &share(figures.by_policy, labels), figures.by_policy)),
        (
            figures.one_annotation,
            words::by_one(language, &share(figures.one_annotation, labels), figures.one_annotation),
        ),
        (figures.by_revert, words::reverted(language, &share(figures.by_revert, labels), figures.by_revert)),
        (figures.simulated, words::by_simulation(language, figures.simulated)),
        (unlabelled, words::unlabelled(language, &share(unlabelled, figures.samples), unlabelled)),
    ];
    let known: Vec<String> = known
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, sentence)| format!("- {sentence}"))
        .collect();
    let written = card.settings.limits.as_deref().map(block).unwrap_or_default();
    let mut parts = vec![format!("## {}", words::limits(language))];
    if !known.is_empty() {
        parts.push(known.join("\n"));
    }
    if !written.is_empty() {
        parts.push(written);
    }
    if parts.len() == 1 {
        parts.push(words::no_limits(language).to_owned());
    }
    parts.join("\n\n")
}
