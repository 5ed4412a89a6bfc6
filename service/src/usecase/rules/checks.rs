//! What a rule may be made of. Looks at the input and the schema alone.

use crate::{repo::projects::Project, usecase::ambiguity};
use domain::{
    answer::Offered,
    canonical::escape_pointer,
    problem::{Code, Fault},
    view::ambiguity::RuleInput,
};

/// The most tasks that one rule decides.
const MOST_ITEMS: usize = 100;
/// The longest heading in characters.
const LONGEST_TITLE: usize = 200;
/// The longest rule in characters.
pub const LONGEST_RULE: usize = 5_000;

/// The heading, where one was given.
pub(super) fn title(input: &RuleInput) -> Option<String> {
    input.title.as_deref().map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned)
}

/// What is wrong with the rule.
pub(super) fn faults(project: &Project, input: &RuleInput) -> Vec<Fault> {
    let mut faults = ambiguity::faults_of_pair(project, &input.question, [&input.a, &input.b]);
    if let Some(title) = title(input) {
        if title.chars().count() > LONGEST_TITLE {
            let detail = format!("at most {LONGEST_TITLE} characters");
            faults.push(Fault::at("/title", Code::TooLong, detail));
        }
        if title.contains('\0') {
            faults.push(Fault::at("/title", Code::InvalidText, "U+0000 is not allowed in text"));
        }
    }
    if input.rule.trim().is_empty() {
        faults.push(Fault::at("/rule", Code::Empty, "a rule says what to do"));
    }
    if input.rule.chars().count() > LONGEST_RULE {
        faults.push(Fault::at("/rule", Code::TooLong, format!("at most {LONGEST_RULE} characters")));
    }
    if input.rule.contains('\0') {
        faults.push(Fault::at("/rule", Code::InvalidText, "U+0000 is not allowed in text"));
    }
    if input.items.is_empty() {
        faults.push(Fault::at("/items", Code::Empty, "a rule needs at least one example"));
    }
    if input.items.len() > MOST_ITEMS {
        faults.push(Fault::at("/items", Code::TooLong, format!("at most {MOST_ITEMS} tasks")));
        return faults;
    }
    for (index, item) in input.items.iter().enumerate() {
        if let Some(first) = input.items[..index].iter().position(|other| other.task == item.task) {
            let detail = format!("task {} is at /items/{first} and at /items/{index}", item.task);
            faults.push(Fault::at(format!("/items/{index}/task"), Code::DuplicateId, detail));
        }
        let at = format!("/items/{index}/answers");
        let wrong = item.answers.faults(&project.schema, Offered::Current);
        faults.extend(wrong.into_iter().map(|fault| fault.below(&at)));
        let answer = item.answers.0.get(&input.question);
        if !answer.is_none_or(|answer| *answer == *input.a || *answer == *input.b) {
            let at = format!("{at}/{}", escape_pointer(&input.question));
            faults.push(Fault::at(at, Code::Invalid, "is neither of the two labels"));
        } else if answer.is_none() {
            faults.push(Fault::at(at, Code::Missing, format!("'{}' is not answered", input.question)));
        }
    }
    faults
}
