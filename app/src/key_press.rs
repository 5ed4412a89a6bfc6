//! Which letter or digit a key press means. With a Korean layout letters come as Hangul; then the key's place on
//! the keyboard counts.

/// The digit or lower-case letter that is meant. `key` is what it types, `code` its place on the keyboard.
pub fn letter(key: &str, code: &str) -> Option<u8> {
    let typed = match key.as_bytes() {
        [byte] if byte.is_ascii_alphanumeric() => Some(*byte),
        [byte] if byte.is_ascii() => None,
        _ => match code.strip_prefix("Key").or_else(|| code.strip_prefix("Digit")).map(str::as_bytes) {
            Some([byte]) => Some(*byte),
            _ => None,
        },
    };
    typed.map(|byte| byte.to_ascii_lowercase())
}
