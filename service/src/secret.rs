//! Random secrets and how they are kept: tokens and codes as SHA-256, which is enough for what nobody can guess.
//! Passwords, which can be guessed, are in `password`.

use crate::clock::random;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What an access token begins with, so that it is recognised where it leaks.
const TOKEN_PREFIX: &str = "rlb_";
/// As `Crockford's base 32`: nobody takes one for another.
const CODE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TOKEN_LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A new access token: `rlb_` and 256 random bits as 43 characters of base64url.
pub(crate) fn token() -> String {
    let bytes: [u8; 32] = random();
    let mut token = String::from(TOKEN_PREFIX);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, byte| (group << 8) | u32::from(*byte));
        let group = group << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            let letter = (group >> (18 - 6 * at)) & 63;
            token.push(char::from(TOKEN_LETTERS[letter as usize]));
        }
    }
    token
}

/// Whether `text` has the form of an access token.
pub(crate) fn is_token(text: &str) -> bool {
    text.strip_prefix(TOKEN_PREFIX)
        .is_some_and(|rest| rest.len() == 43 && rest.bytes().all(|byte| TOKEN_LETTERS.contains(&byte)))
}

/// A new code for a person to copy: 100 random bits as four groups of five characters.
pub(crate) fn code() -> String {
    let bytes: [u8; 20] = random();
    let letters: Vec<u8> = bytes.iter().map(|byte| CODE_LETTERS[usize::from(byte & 31)]).collect();
    let groups: Vec<_> = letters.chunks(5).map(String::from_utf8_lossy).collect();
    groups.join("-")
}

/// How a token or code is kept.
pub(crate) fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// Whether `secret` is the one that was kept as `kept`; takes as long whatever the answer.
pub(crate) fn matches(secret: &str, kept: &str) -> bool {
    hash(secret).as_bytes().ct_eq(kept.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::{code, hash, is_token, matches, token};

    #[test]
    fn a_token_has_its_form_and_is_new_every_time() {
        let first = token();
        assert!(is_token(&first), "{first}");
        assert_ne!(first, token());
        assert!(!is_token("rlb_short"));
        assert!(!is_token(&first.replace("rlb_", "rlx_")));
    }

    #[test]
    fn a_code_can_be_copied_by_hand() {
        let code = code();
        assert_eq!(code.len(), 23, "{code}");
        assert!(matches(&code, &hash(&code)));
        assert!(!matches("00000-00000-00000-00000", &hash(&code)));
    }
}
