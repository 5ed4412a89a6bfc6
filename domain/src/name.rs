//! Names that people and programs give: slugs, tags, sample ids, e-mail addresses, version refs.
//!
//! Parsed once at the edge; a value of these types is valid. All compare and sort by UTF-8 bytes and are
//! never normalised.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not a name of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not `[a-z0-9][a-z0-9-]{0,63}`.
    #[error("a slug is 1 to 64 characters of a-z, 0-9 and -, and does not begin with -")]
    Slug,
    /// Not `[A-Za-z][A-Za-z0-9._-]{0,63}`, or `latest`.
    #[error(
        "a tag is 1 to 64 characters of letters, digits, '.', '_' and '-', begins with a letter and is not 'latest'"
    )]
    Tag,
    /// Empty, too long, or with a control character.
    #[error("must be 1 to {0} characters without control characters")]
    Text(usize),
    /// As [`NameError::Text`], or with a space at an end.
    #[error("must be 1 to {0} characters without control characters, and without a space at its ends")]
    Trimmed(usize),
    /// Not of the form `local@domain`.
    #[error("not an e-mail address")]
    Email,
    /// Neither a version number, `latest`, nor a tag.
    #[error("a version is a number from 1, 'latest', or a tag")]
    Version,
}

macro_rules! name {
    ($($(#[$doc:meta])* $name:ident: $check:expr => $error:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses the name; the error says what a valid one looks like.
            pub fn parse(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err($error) }
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }
    )+};
}

name! {
    /// A project's name in addresses.
    Slug: is_slug => NameError::Slug;
    /// A movable name for a version.
    TagName: is_tag => NameError::Tag;
    /// A sample's id as its owner gave it, unique in its project.
    SampleKey: |text| is_text(text, 200) => NameError::Text(200);
    /// A model and its version, such as `tfidf-lr@1`.
    ModelName: |text| is_text(text, 200) => NameError::Text(200);
    /// An e-mail address; compared as written, except that `Email::parse` is given it in lower case.
    Email: is_email => NameError::Email;
    /// Whose answer it is: the e-mail address of an account, or a name of somebody who has none.
    AnnotatorName: |text| is_text(text, 254) && text.trim() == text => NameError::Trimmed(254);
}

impl AnnotatorName {
    /// The name as an e-mail address, where it is one: in lower case, as accounts have them.
    pub fn email(&self) -> Option<Email> {
        Email::parse(self.0.to_lowercase()).ok()
    }
}

fn is_slug(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 64
        && text.bytes().next().is_some_and(allowed)
        && text.bytes().all(|byte| allowed(byte) || byte == b'-')
}

fn is_tag(text: &str) -> bool {
    text.len() <= 64
        && text != "latest"
        && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// Whether `text` is 1 to `longest` characters without control characters.
pub fn is_text(text: &str, longest: usize) -> bool {
    !text.is_empty()
        && text.chars().take(longest + 1).count() <= longest
        && !text.chars().any(char::is_control)
}

fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    is_text(text, 254)
        && !local.is_empty()
        && !host.is_empty()
        && !text.contains(char::is_whitespace)
        && text.matches('@').count() == 1
}

/// How a version is spelt in an address or a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionRef {
    /// A number from 1; or 0, the empty state, where [`VersionRef::parse_with_empty`] allows it.
    Number(i64),
    /// The newest version.
    Latest,
    /// The version that a tag names.
    Tag(TagName),
}

impl VersionRef {
    /// Parses a number from 1, `latest`, or a tag.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        match Self::parse_with_empty(text)? {
            Self::Number(0) => Err(NameError::Version),
            other => Ok(other),
        }
    }

    /// As [`VersionRef::parse`], and also `0`, the empty state before the first version.
    pub fn parse_with_empty(text: &str) -> Result<Self, NameError> {
        if text == "latest" {
            return Ok(Self::Latest);
        }
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Self::Number).map_err(|_| NameError::Version);
        }
        TagName::parse(text).map(Self::Tag).map_err(|_| NameError::Version)
    }
}

impl fmt::Display for VersionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Latest => f.write_str("latest"),
            Self::Tag(tag) => tag.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AnnotatorName, Email, SampleKey, Slug, TagName, VersionRef};
    use rstest::rstest;

    #[rstest]
    #[case("bank-intents", true)]
    #[case("0a", true)]
    #[case("-a", false)]
    #[case("", false)]
    #[case("Bank", false)]
    #[case("한국", false)]
    fn slugs(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(Slug::parse(text).is_ok(), valid);
    }

    #[rstest]
    #[case("prod", true)]
    #[case("v1.2", true)]
    #[case("latest", false)]
    #[case("1st", false)]
    fn tags(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(TagName::parse(text).is_ok(), valid);
    }

    #[test]
    fn lengths_count_characters_not_bytes() {
        assert!(SampleKey::parse("한".repeat(200)).is_ok());
        assert!(SampleKey::parse("한".repeat(201)).is_err());
        assert!(SampleKey::parse("a\u{0}b").is_err());
    }

    #[test]
    fn version_refs() {
        assert_eq!(VersionRef::parse("12"), Ok(VersionRef::Number(12)));
        assert_eq!(VersionRef::parse("latest"), Ok(VersionRef::Latest));
        assert!(VersionRef::parse("0").is_err());
        assert_eq!(VersionRef::parse_with_empty("0"), Ok(VersionRef::Number(0)));
        assert!(VersionRef::parse("99999999999999999999").is_err());
        assert!(matches!(VersionRef::parse("prod"), Ok(VersionRef::Tag(_))));
    }

    #[test]
    fn emails() {
        assert!(Email::parse("a@example.org").is_ok());
        assert!(Email::parse("a@b@c").is_err());
        assert!(Email::parse("nobody").is_err());
    }

    #[test]
    fn annotators_have_any_name_that_can_be_told_apart_by_eye() {
        let ann = AnnotatorName::parse("Ann@Example.org").ok().and_then(|name| name.email());
        assert_eq!(ann, Email::parse("ann@example.org").ok());
        assert_eq!(AnnotatorName::parse("worker 7").map(|name| name.email()), Ok(None));
        for unclear in ["", " ", "ann ", "\tann", "a\u{0}"] {
            assert!(AnnotatorName::parse(unclear).is_err(), "{unclear:?}");
        }
    }
}
