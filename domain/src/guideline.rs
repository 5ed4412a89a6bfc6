//! A rule as a section of the guideline: its heading, what to do, and the samples that it decides as examples.
//!
//! Markdown is only put together here; it is never parsed. The section has no words of its own, so that it reads in
//! whatever language the guideline is written.

use crate::card::escape::inline;

/// The longest excerpt of a sample in characters.
const LONGEST_EXCERPT: usize = 200;

/// A rule that tells two labels apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule<'a> {
    /// The heading.
    pub title: &'a str,
    /// What to do, as Markdown that has no heading as high as the section's and leaves nothing open.
    pub body: &'a str,
    /// The titles of labels, each with the lines of its examples.
    pub examples: &'a [(&'a str, Vec<String>)],
}

/// The line of an example: the sample's id and the beginning of its text. Whatever they hold, it stays one line of a list.
pub fn example_line(id: &str, text: &str) -> String {
    let mut excerpt: String = text.chars().take(LONGEST_EXCERPT).collect();
    if excerpt.len() < text.len() {
        excerpt.push('…');
    }
    format!("{}: {}", erased_line(id), inline(&excerpt))
}

/// The line of an example whose sample was erased.
pub fn erased_line(id: &str) -> String {
    format!("  - {}", inline(id))
}

/// The guideline with the rule as its last section.
pub fn with_rule(guideline: &str, rule: &Rule<'_>) -> String {
    let before = guideline.trim_end();
    let mut out = String::from(before);
    if !before.is_empty() {
        out.push_str("\n\n");
    }
    out.push_str(&format!("## {}\n\n{}\n", inline(rule.title), rule.body.trim()));
    for (label, lines) in rule.examples.iter().filter(|(_, lines)| !lines.is_empty()) {
        out.push_str(&format!("\n- **{}**\n{}\n", inline(label), lines.join("\n")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Rule, erased_line, example_line, with_rule};

    #[test]
    fn a_rule_is_the_last_section_with_its_examples_by_label() {
        let lost = vec![example_line("bk_1", "My card is gone"), example_line("bk_2", "# stolen\n<b>?")];
        let examples = [("Lost card", lost), ("Card arrival", Vec::new())];
        let rule = Rule { title: "Lost or late?", body: " Lost means **gone**.\n", examples: &examples };
        let expected = "# Intents\n\n## Lost or late?\n\nLost means **gone**.\n\n- **Lost card**\n  - bk\\_1: My card is \
                        gone\n  - bk\\_2: \\# stolen \\<b\\>?\n";
        assert_eq!(with_rule("# Intents\n\n", &rule), expected);
        assert!(with_rule("", &rule).starts_with("## Lost"));
    }

    #[test]
    fn long_texts_are_cut_and_erased_ones_leave_their_id() {
        let line = example_line("a", &"가".repeat(300));
        assert_eq!(line.chars().count(), "  - a: ".len() + 200 + 1);
        assert!(line.starts_with(&format!("{}: ", erased_line("a"))) && line.ends_with('…'));
    }
}
