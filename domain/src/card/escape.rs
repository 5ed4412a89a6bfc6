//! Texts of people within Markdown and YAML, as the texts that they are.

use crate::canonical;

/// Signs that mean something wherever they stand in a line of Markdown.
const SIGNS: &str = "\\`*_[]<>#|~&$@";

/// `text` in one line of Markdown: it neither ends the line nor changes what stands around it.
pub(crate) fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let text = text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|word| !word.is_empty());
    let text = text.collect::<Vec<_>>().join(" ");
    // A number with a point or a bracket, or a sign of a list, begins a list where a line begins.
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (at, sign) in text.char_indices() {
        let is_list = (at == 0 && matches!(sign, '-' | '+' | '='))
            || (at == digits && digits > 0 && matches!(sign, '.' | ')'));
        if is_list || SIGNS.contains(sign) {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}

/// `text` as paragraphs of Markdown, its lines kept.
pub(super) fn block(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(inline).collect();
    let paragraphs = lines.split(String::is_empty).filter(|lines| !lines.is_empty());
    // A backslash at the end of a line breaks it there.
    paragraphs.map(|lines| lines.join("\\\n")).collect::<Vec<_>>().join("\n\n")
}

/// `text` as a YAML scalar in double quotes, on one line.
pub(super) fn yaml(text: &str) -> String {
    let mut out = String::new();
    for sign in canonical::string(text).chars() {
        match sign {
            // What YAML does not print, or takes for the end of a line.
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(sign)));
            }
            sign => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{block, inline, yaml};
    use rstest::rstest;

    #[rstest]
    #[case("card_arrival", r"card\_arrival")]
    #[case("a | b", r"a \| b")]
    #[case("<script>", r"\<script\>")]
    #[case("# head\n---\nnext", r"\# head --- next")]
    #[case("- item", r"\- item")]
    #[case("12. item", r"12\. item")]
    #[case("3.5 of 4", r"3\.5 of 4")]
    #[case("half-done", "half-done")]
    #[case("  카드  도착 ", "카드 도착")]
    fn in_a_line(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(inline(text), expected);
    }

    #[test]
    fn lines_and_paragraphs_stay_and_nothing_begins_with_a_sign() {
        assert_eq!(block("one\ntwo\r\n\r\n\r\n---\n    code\n"), "one\\\ntwo\n\n\\---\\\ncode");
        assert_eq!(block(" \n\n"), "");
    }

    #[test]
    fn a_scalar_stays_one_line() {
        assert_eq!(yaml("a: \"b\"\nlicense: mit\u{2028}#"), r#""a: \"b\"\nlicense: mit\u2028#""#);
    }
}
