//! The text of a rule as a part of its section of the guideline: whatever stands in it, the section ends where the
//! examples end. Changes only what could break it, and leaves everything else as it was typed.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use std::ops::Range;

/// The level of the section's own heading.
const SECTION: usize = 2;
/// The deepest level that there is.
const DEEPEST: usize = 6;

/// `text` so that it neither ends the section nor swallows what follows: its headings are deeper than the section's, its
/// HTML is plain text, and its code ends with it.
pub fn contained(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = closed(without_html(text.trim().to_owned()));
    deepened(&text)
}

/// As pages read a guideline.
fn read(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).into_offset_iter()
}

/// HTML could open what is never closed, or bring headings of its own.
fn without_html(mut text: String) -> String {
    // Again and again, because what stood within HTML may be Markdown afterwards, with other HTML in it.
    loop {
        let found: Vec<usize> = read(&text)
            .filter(|(event, _)| matches!(event, Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)))
            .filter_map(|(_, place)| Some(place.start + text[place].find('<')?))
            .collect();
        if found.is_empty() {
            return text;
        }
        for at in found.into_iter().rev() {
            text.insert(at, '\\');
        }
    }
}

/// Closes a code block whose fence is open at the end.
fn closed(mut text: String) -> String {
    let followed = format!("{text}\n\n#");
    let open = read(&followed).find(|(event, place)| {
        matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_)))) && place.end == followed.len()
    });
    if let Some((_, place)) = open {
        let fence = text[place.start..].trim_start();
        let sign = fence.chars().next().unwrap_or('`');
        let fence: String = fence.chars().take_while(|next| *next == sign).collect();
        text.push('\n');
        text.push_str(&fence);
    }
    text
}

/// Sets the headings deeper, all by the same, so that the highest stands just below the section's own.
fn deepened(text: &str) -> String {
    let headings: Vec<(usize, Range<usize>)> = read(text)
        .filter_map(|(event, place)| match event {
            Event::Start(Tag::Heading { level, .. }) => Some((level as usize, place)),
            _ => None,
        })
        .collect();
    let highest = headings.iter().map(|(level, _)| *level).min().unwrap_or(DEEPEST);
    let by = (SECTION + 1).saturating_sub(highest);
    if by == 0 {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8 * headings.len());
    let mut written = 0;
    for (level, place) in headings {
        out.push_str(&text[written..place.start]);
        out.push_str(&"#".repeat((level + by).min(DEEPEST)));
        let heading = text[place.clone()].trim_end_matches('\n');
        written = place.start + heading.len();
        let signs = heading.len() - heading.trim_start_matches('#').len();
        let is_underlined =
            signs != level || !(signs == heading.len() || heading[signs..].starts_with([' ', '\t']));
        out.push_str(&if is_underlined { in_one_line(heading) } else { heading[signs..].to_owned() });
    }
    out.push_str(&text[written..]);
    out
}

/// The words of a heading that is underlined, which may have several lines, as they stand behind the signs of one that is
/// not.
fn in_one_line(heading: &str) -> String {
    let lines = heading.rsplit_once('\n').map_or(heading, |(lines, _)| lines).split('\n');
    // The lines of a heading in a list or a quotation begin with what they begin with there.
    let words = lines.flat_map(|line| line.trim_start_matches(['>', ' ', '\t']).split_whitespace());
    let words = words.collect::<Vec<_>>().join(" ");
    // Signs at the end of such a line are not of the words.
    let end = if words.ends_with('#') { " #" } else { "" };
    format!(" {words}{end}")
}

#[cfg(test)]
mod tests {
    use super::{SECTION, contained, read};
    use domain::guideline::{Rule, with_rule};
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Tag, TagEnd};
    use rstest::rstest;

    #[rstest]
    #[case("Say **a** unless it is b.", "Say **a** unless it is b.")]
    #[case("### When\n\nA card.\n\n#### Then", "### When\n\nA card.\n\n#### Then")]
    #[case("## When\r\n\r\n- # Late\r\n\r\n> ###### Then ##", "#### When\n\n- ### Late\n\n> ###### Then ##")]
    #[case("When\nit is *late*\n---\nA card.", "### When it is *late*\nA card.")]
    #[case("> C #\n> ===\n\n#", "> ### C # #\n\n###")]
    #[case("#late\n--\n\n\\# no heading", "### #late\n\n\\# no heading")]
    fn headings_are_set_deeper(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(contained(text), expected);
    }

    #[rstest]
    #[case("```\n# a\n```")]
    #[case("~~~~ text\nA\n===\n~~~\n~~~~")]
    #[case("Late:\n\n    # a\n    <h1>")]
    #[case("`# a` and `<h1>`\n\n---\n\n| a |\n|---|\n| # b |")]
    fn code_rules_and_tables_stay_as_they_are(#[case] text: &str) {
        assert_eq!(contained(text), text);
    }

    #[rstest]
    #[case("```\n# a", "```\n# a\n```")]
    #[case("~~~~\n~~~", "~~~~\n~~~\n~~~~")]
    #[case("- ```\n  a", "- ```\n  a")]
    #[case("<!-- a", "\\<!-- a")]
    #[case("<h2>a</h2> b <br>\n# c", "\\<h2>a\\</h2> b \\<br>\n### c")]
    #[case("a <https://example.org> < b", "a <https://example.org> < b")]
    fn nothing_stays_open(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(contained(text), expected);
    }

    /// The headings of the two highest levels, in the order in which they stand.
    fn sections(guideline: &str) -> Vec<String> {
        let mut sections = Vec::new();
        let mut open = false;
        for (event, _) in read(guideline) {
            match event {
                Event::Start(Tag::Heading { level, .. }) if level as usize <= SECTION => {
                    open = true;
                    sections.push(String::new());
                }
                Event::End(TagEnd::Heading(_)) => open = false,
                Event::Text(text) if open => {
                    sections.last_mut().into_iter().for_each(|section| section.push_str(&text))
                }
                _ => {}
            }
        }
        sections
    }

    proptest! {
        #[test]
        fn whatever_a_rule_says_its_section_stays_whole(
            text in prop::collection::vec(prop::sample::select(vec![
                "#", "##", "### ", " ", "\n", "\n\n", "\r", "    ", "\t", "```", "~~~", "---", "===", "> ", "- ", "1. ",
                "a", "b", "*", "`", "\\", "|", "[x]: /u", "<h2>", "</div>", "<!--", "-->", "<details>", "<pre>", "<?",
                "<![CDATA[", "<!A", "가",
            ]), 0..24)
        ) {
            let body = contained(&text.concat());
            let rule = |title, body| Rule { title, body, examples: &[] };
            let guideline = with_rule(&with_rule("# One", &rule("Two", &body)), &rule("Three", "b"));
            prop_assert_eq!(sections(&guideline), ["One", "Two", "Three"], "{}", guideline);
            let has_html = read(&guideline).any(|(event, _)| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
            prop_assert!(!has_html, "{}", guideline);
            prop_assert_eq!(contained(&body), body);
        }
    }
}
