//! Which key does what on the review page. Pure, so that it can be tested without a keyboard.

use crate::key_press::letter;

/// The keys of options while a correction is chosen, in order; later options have none.
const OPTION_KEYS: &[u8] = b"1234567890abcdefghijklmnopqrstuvwxyz";

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Approve the consensus.
    Approve,
    /// Open or close the options.
    Correct,
    /// Ask for one more answer.
    Return,
    /// Leave the label as it is.
    Dismiss,
    /// Take the decision back.
    Reopen,
    /// Write a note.
    Note,
    /// Show the next task.
    Next,
    /// Show the task before.
    Previous,
    /// Show the keys.
    Help,
    /// Choose the option with this index.
    Choose(usize),
    /// Close the options.
    Close,
}

/// What the reviewer is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Reading and deciding.
    Deciding,
    /// Choosing what is right.
    Choosing,
}

/// The key of the option with this index, as its cap shows it.
pub fn of_option(index: usize) -> Option<String> {
    OPTION_KEYS.get(index).map(|key| char::from(*key).to_ascii_uppercase().to_string())
}

/// What a key press asks for. `key` is what it types, `code` its place on the keyboard.
pub fn command(mode: Mode, key: &str, code: &str) -> Option<Command> {
    match (key, mode) {
        ("?", _) => return Some(Command::Help),
        ("Escape", Mode::Choosing) => return Some(Command::Close),
        _ => {}
    }
    let letter = letter(key, code)?;
    if mode == Mode::Choosing {
        return OPTION_KEYS.iter().position(|key| *key == letter).map(Command::Choose);
    }
    match letter {
        b'a' => Some(Command::Approve),
        b'c' => Some(Command::Correct),
        b'r' => Some(Command::Return),
        b'd' => Some(Command::Dismiss),
        b'o' => Some(Command::Reopen),
        b'n' => Some(Command::Note),
        b'j' => Some(Command::Next),
        b'k' => Some(Command::Previous),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Mode, command, of_option};

    #[test]
    fn letters_choose_options_only_while_a_correction_is_open() {
        assert_eq!(command(Mode::Deciding, "a", "KeyA"), Some(Command::Approve));
        assert_eq!(command(Mode::Choosing, "a", "KeyA"), Some(Command::Choose(10)));
        assert_eq!(of_option(10).as_deref(), Some("A"));
        assert_eq!(command(Mode::Choosing, "Escape", "Escape"), Some(Command::Close));
        assert_eq!(command(Mode::Deciding, "1", "Digit1"), None);
    }

    #[test]
    fn hangul_means_the_letter_at_its_place() {
        assert_eq!(command(Mode::Deciding, "ㅓ", "KeyJ"), Some(Command::Next));
    }
}
