//! Refusals: a stable code, a sentence for people, and the places in the input that are wrong.
//!
//! This module knows nothing of HTTP; `server` and `app` map a [`Kind`] to a status.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What sort of refusal a code is; decides the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Not readable at all (400).
    Malformed,
    /// No valid credentials (401).
    Unauthenticated,
    /// Known, but not allowed (403).
    Forbidden,
    /// Unknown, or nothing the caller may know of (404).
    NotFound,
    /// The path has no such method (405).
    MethodNotAllowed,
    /// The state has moved on (409).
    Conflict,
    /// What the request is on condition of does not hold (412).
    Precondition,
    /// Larger than allowed (413).
    TooLarge,
    /// A content type that is not read here (415).
    UnsupportedMedia,
    /// A range beyond the end (416).
    Range,
    /// Readable, but not valid (422).
    Invalid,
    /// Too many attempts (429).
    TooMany,
    /// Our own fault (500).
    Internal,
    /// Try again later (503).
    Unavailable,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal: $kind:ident;)+) => {
        /// The stable codes of refusals, as they appear in `code`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code as it appears on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// What sort of refusal it is.
            pub fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind),+ }
            }

            /// One sentence for the documentation and as the problem's title.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

codes! {
    /// The request or a line of it cannot be read.
    Malformed = "malformed": Malformed;
    /// The text is not valid UTF-8.
    InvalidUtf8 = "invalid_utf8": Malformed;
    /// Credentials are missing, unknown, expired or revoked.
    Unauthenticated = "unauthenticated": Unauthenticated;
    /// The e-mail address or the password is wrong.
    WrongCredentials = "wrong_credentials": Unauthenticated;
    /// The caller's role or the token's scopes do not allow this.
    Forbidden = "forbidden": Forbidden;
    /// The request did not come from this site's own pages.
    CrossSite = "cross_site": Forbidden;
    /// The review policy forbids deciding a task one has annotated.
    FourEyes = "four_eyes": Forbidden;
    /// There is no such thing, or none that the caller may know of.
    NotFound = "not_found": NotFound;
    /// The project has no version yet.
    NoVersion = "no_version": NotFound;
    /// The path does not know this method.
    MethodNotAllowed = "method_not_allowed": MethodNotAllowed;
    /// Somebody changed it since it was read.
    StaleRev = "stale_rev": Conflict;
    /// The slot was taken by another annotator.
    LeaseLost = "lease_lost": Conflict;
    /// The lease was used: its task is answered.
    AlreadyAnswered = "already_answered": Conflict;
    /// The slug is taken.
    SlugTaken = "slug_taken": Conflict;
    /// The e-mail address is taken.
    EmailTaken = "email_taken": Conflict;
    /// The first request with this idempotency key is still running.
    InProgress = "in_progress": Conflict;
    /// Everybody who could answer has answered or skipped.
    NoEligibleAnnotator = "no_eligible_annotator": Conflict;
    /// The task's state does not allow this.
    WrongState = "wrong_state": Conflict;
    /// A label of the test split needs a decision by somebody else too.
    OtherReviewerNeeded = "other_reviewer_needed": Conflict;
    /// The consensus is another by now than the answers that were to be approved.
    ConsensusMoved = "consensus_moved": Conflict;
    /// The project has a version, so its samples stay in their splits.
    SplitFixed = "split_fixed": Conflict;
    /// A person has decided the task, or its label is in a version.
    AlreadyDecided = "already_decided": Conflict;
    /// The annotation was already withdrawn.
    AlreadyWithdrawn = "already_withdrawn": Conflict;
    /// No decision is staged.
    NothingToCut = "nothing_to_cut": Conflict;
    /// A newer version than the given parent exists.
    ParentMoved = "parent_moved": Conflict;
    /// The tag is protected: only a site admin may move, delete or unprotect it.
    TagProtected = "tag_protected": Conflict;
    /// The last manager or admin cannot go.
    LastManager = "last_manager": Conflict;
    /// Relabel is already set up.
    AlreadySetUp = "already_set_up": Conflict;
    /// The project is archived.
    Archived = "archived": Conflict;
    /// It is not what `If-Match` names any more.
    PreconditionFailed = "precondition_failed": Precondition;
    /// The body is larger than allowed.
    TooLarge = "too_large": TooLarge;
    /// The content type is not read here.
    UnsupportedMediaType = "unsupported_media_type": UnsupportedMedia;
    /// The range lies beyond the end.
    RangeNotSatisfiable = "range_not_satisfiable": Range;
    /// Some value is not valid; `errors` says which.
    Invalid = "invalid": Invalid;
    /// A required key is missing.
    Missing = "missing": Invalid;
    /// The key is not known.
    UnknownKey = "unknown_key": Invalid;
    /// The value has the wrong type.
    WrongType = "wrong_type": Invalid;
    /// The value is outside its range.
    OutOfRange = "out_of_range": Invalid;
    /// A text is longer than allowed.
    TooLong = "too_long": Invalid;
    /// The text is empty.
    Empty = "empty": Invalid;
    /// The id or name is not of the allowed form.
    InvalidName = "invalid_name": Invalid;
    /// U+0000, a lone surrogate, or an integer outside 64 bits.
    InvalidText = "invalid_text": Invalid;
    /// The field is not in the schema.
    UnknownField = "unknown_field": Invalid;
    /// The question is not in the schema.
    UnknownQuestion = "unknown_question": Invalid;
    /// The option is not in the schema.
    UnknownOption = "unknown_option": Invalid;
    /// The option is retired and no longer offered.
    RetiredOption = "retired_option": Invalid;
    /// A probability is outside [0, 1], or they sum to more than 1.
    InvalidProbability = "invalid_probability": Invalid;
    /// The id occurs twice in one upload or list.
    DuplicateId = "duplicate_id": Invalid;
    /// The name occurs twice.
    DuplicateName = "duplicate_name": Invalid;
    /// No sample of the project has this id.
    UnknownSample = "unknown_sample": Invalid;
    /// No user has this e-mail address.
    UnknownUser = "unknown_user": Invalid;
    /// An option, a question or a field in use cannot be removed.
    CannotRemove = "cannot_remove": Invalid;
    /// The annotations disagree, so there is no consensus to approve.
    NoConsensus = "no_consensus": Invalid;
    /// The idempotency key was used with another request.
    IdempotencyMismatch = "idempotency_mismatch": Invalid;
    /// `since` is newer than `version`.
    SinceNewer = "since_newer": Invalid;
    /// The password is too short or too long.
    WeakPassword = "weak_password": Invalid;
    /// The address is not one that events can be sent to.
    InvalidUrl = "invalid_url": Invalid;
    /// The address is not on the public internet, and this server sends nothing there.
    PrivateAddress = "private_address": Invalid;
    /// Too many attempts; try again later.
    TooManyAttempts = "too_many_attempts": TooMany;
    /// Something went wrong on our side.
    Internal = "internal": Internal;
    /// The database cannot be reached or is busy.
    Unavailable = "unavailable": Unavailable;
    /// The server's disk is full.
    StorageFull = "storage_full": Unavailable;
    /// The server's disk cannot be written.
    StorageFailed = "storage_failed": Unavailable;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One place in the input that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fault {
    /// The line of an upload, from 1; null where the input has no lines.
    pub line: Option<i64>,
    /// A JSON pointer (RFC 6901) into the line or body.
    pub pointer: Option<String>,
    /// What is wrong with it.
    pub code: Code,
    /// A sentence for people.
    pub detail: String,
}

impl Fault {
    /// A fault at a JSON pointer.
    pub fn at(pointer: impl Into<String>, code: Code, detail: impl Into<String>) -> Self {
        Self { line: None, pointer: Some(pointer.into()), code, detail: detail.into() }
    }

    /// The same fault, of a line of an upload.
    #[must_use]
    pub fn on_line(mut self, line: i64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same fault, with its pointer moved below `prefix`.
    #[must_use]
    pub fn below(mut self, prefix: &str) -> Self {
        self.pointer = Some(format!("{prefix}{}", self.pointer.unwrap_or_default()));
        self
    }
}

/// A refused request: nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// A sentence for people.
    pub detail: String,
    /// The places that are wrong, at most [`Refusal::MOST_FAULTS`].
    pub errors: Vec<Fault>,
}

impl Refusal {
    /// How many faults a refusal names at most.
    pub const MOST_FAULTS: usize = 100;

    /// A refusal without places.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new() }
    }

    /// A refusal that says only what its code says.
    pub fn of(code: Code) -> Self {
        Self::new(code, code.title())
    }

    /// An invalid input with its faults; `None` when there are none.
    pub fn from_faults(mut faults: Vec<Fault>) -> Option<Self> {
        let first = faults.first()?;
        let place = match (first.line, &first.pointer) {
            (Some(line), Some(pointer)) => format!("line {line}, {pointer}: "),
            (Some(line), None) => format!("line {line}: "),
            (None, Some(pointer)) if !pointer.is_empty() => format!("{pointer}: "),
            _ => String::new(),
        };
        let detail = format!("{place}{}", first.detail);
        faults.truncate(Self::MOST_FAULTS);
        Some(Self { code: Code::Invalid, detail, errors: faults })
    }

    /// `Ok` when there are no faults.
    pub fn check(faults: Vec<Fault>) -> Result<(), Self> {
        Self::from_faults(faults).map_or(Ok(()), Err)
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of(code)
    }
}
