//! The rules of the house that no compiler knows, over the files that git tracks or would track.
//!
//! A rule is a function from the tree to its violations. Rules read text and guess nothing: where one is in the
//! way, the code changes or the rule does, there are no exceptions by comment.

mod rules;
mod tree;

use std::fmt;

pub(crate) use tree::Tree;

/// One breach of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    path: String,
    line: usize,
    rule: &'static str,
    why: String,
}

impl Violation {
    fn new(path: &str, line: usize, rule: &'static str, why: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, rule, why: why.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.rule, self.why)
    }
}

/// Every violation, by path and line.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations: Vec<_> = rules::ALL.iter().flat_map(|rule| rule(tree)).collect();
    violations.sort_by(|a, b| (&a.path, a.line, a.rule).cmp(&(&b.path, b.line, b.rule)));
    violations.dedup();
    violations
}
