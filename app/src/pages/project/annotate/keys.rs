//! Which key does what on the annotation screen. Pure, so that it can be tested without a keyboard.
//!
//! Options take the digits, then the letters that nothing else uses. With a Korean layout the letters come as
//! Hangul; then the key's place on the keyboard counts.

use crate::key_press::letter;
use domain::answer::Verdict;

/// The keys of options, in order; later options have none.
const OPTION_KEYS: &[u8] = b"1234567890cdehijklmoprtvwyz";

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Choose the option with this index.
    Choose(usize),
    /// Give this verdict.
    Say(Verdict),
    /// Open the note.
    Note,
    /// Skip the task.
    Skip,
    /// Take the last answer back.
    Undo,
    /// Show the guideline.
    Guideline,
    /// Show the keys.
    Help,
    /// Send the answers, or begin.
    Confirm,
}

/// The key of the option with this index, as its cap shows it.
pub fn of_option(index: usize) -> Option<String> {
    OPTION_KEYS.get(index).map(|key| char::from(*key).to_ascii_uppercase().to_string())
}

/// The key of a verdict.
pub fn of_verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Answered => "Enter",
        Verdict::Ambiguous => "A",
        Verdict::NoneFits => "X",
        Verdict::BadSample => "B",
    }
}

/// What a key press asks for. `key` is what it types, `code` its place on the keyboard.
pub fn command(key: &str, code: &str) -> Option<Command> {
    match key {
        "?" => return Some(Command::Help),
        "Enter" => return Some(Command::Confirm),
        _ => {}
    }
    match letter(key, code)? {
        b'a' => Some(Command::Say(Verdict::Ambiguous)),
        b'x' => Some(Command::Say(Verdict::NoneFits)),
        b'b' => Some(Command::Say(Verdict::BadSample)),
        b'n' => Some(Command::Note),
        b's' => Some(Command::Skip),
        b'u' => Some(Command::Undo),
        b'g' => Some(Command::Guideline),
        other => OPTION_KEYS.iter().position(|key| *key == other).map(Command::Choose),
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, OPTION_KEYS, command, of_option};
    use domain::answer::Verdict;

    #[test]
    fn digits_come_first_and_then_free_letters() {
        assert_eq!(command("1", "Digit1"), Some(Command::Choose(0)));
        assert_eq!(command("0", "Digit0"), Some(Command::Choose(9)));
        assert_eq!(command("c", "KeyC"), Some(Command::Choose(10)));
        assert_eq!(of_option(10).as_deref(), Some("C"));
        assert_eq!(of_option(OPTION_KEYS.len()), None);
    }

    #[test]
    fn no_option_takes_a_key_that_means_something_else() {
        for (index, key) in OPTION_KEYS.iter().enumerate() {
            assert_eq!(command(&char::from(*key).to_string(), ""), Some(Command::Choose(index)));
        }
    }

    #[test]
    fn hangul_means_the_letter_at_its_place() {
        assert_eq!(command("ㅁ", "KeyA"), Some(Command::Say(Verdict::Ambiguous)));
        assert_eq!(command("Process", "KeyU"), Some(Command::Undo));
        assert_eq!(command("ㅊ", "KeyC"), Some(Command::Choose(10)));
    }

    #[test]
    fn the_letter_that_is_typed_wins_over_its_place() {
        // On AZERTY the key that types `a` is where QWERTY has its Q.
        assert_eq!(command("a", "KeyQ"), Some(Command::Say(Verdict::Ambiguous)));
        assert_eq!(command("Tab", "Tab"), None);
        assert_eq!(command("&", "Digit1"), None);
    }
}
