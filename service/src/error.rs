//! Why a use case did not do what it was asked: it was refused, or something failed.
//!
//! Failures remember the place that they came from; they never carry sample text, labels or secrets.

use domain::problem::{Code, Fault, Refusal};
use std::panic::Location;

/// What every use case returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input, the caller or the state does not allow it; nothing was changed.
    #[error("{refusal}")]
    Refused {
        /// What the caller is told.
        refusal: Refusal,
        /// After how many seconds another attempt makes sense, where waiting helps.
        retry_after: Option<u32>,
    },
    /// The database cannot be reached or is busy; nothing was changed.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The disk is full or takes no writes; nothing was changed.
    #[error("{} ({cause})", .code.title().trim_end_matches('.'))]
    Storage {
        /// Which of the two.
        code: Code,
        /// What the system said.
        cause: String,
    },
    /// A newer release has changed the database; this one leaves it alone.
    #[error(
        "the database was written by a newer release of Relabel: its migration {0} is not known here; \
         use that release, or restore a backup from before the upgrade"
    )]
    Newer(String),
    /// Our own fault.
    #[error("{source} (at {location})")]
    Internal {
        /// What failed.
        source: Box<dyn std::error::Error + Send + Sync>,
        /// Where.
        location: &'static Location<'static>,
    },
}

impl Error {
    /// A refusal with a sentence of its own.
    pub fn refused(code: Code, detail: impl Into<String>) -> Self {
        Refusal::new(code, detail).into()
    }

    /// A refusal of one place in the input.
    pub fn invalid(pointer: &str, code: Code, detail: impl Into<String>) -> Self {
        Refusal::check(vec![Fault::at(pointer, code, detail)]).err().map_or(Self::from(code), Self::from)
    }

    /// A refusal whose own code says what is wrong with one place in the input.
    pub fn refused_at(pointer: &str, code: Code, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let fault = Fault::at(pointer, code, detail.clone());
        Refusal { code, detail, errors: vec![fault] }.into()
    }

    /// A refusal for which waiting helps.
    pub fn wait(code: Code, seconds: u32) -> Self {
        Self::Refused { refusal: Refusal::of(code), retry_after: Some(seconds) }
    }

    /// Something that cannot happen did.
    #[track_caller]
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal { source: source.into(), location: Location::caller() }
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Refused { refusal, .. } => refusal.code,
            Self::Unavailable(_) | Self::Newer(_) => Code::Unavailable,
            Self::Storage { code, .. } => *code,
            Self::Internal { .. } => Code::Internal,
        }
    }

    /// After how many seconds another attempt makes sense, where waiting helps.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            Self::Unavailable(_) => Some(1),
            // Somebody has to make room first.
            Self::Storage { .. } | Self::Newer(_) => Some(10),
            Self::Internal { .. } => None,
        }
    }

    /// What those are told whose work was to be committed together with that which failed.
    pub(crate) fn of_batch(&self) -> Self {
        match self {
            Self::Storage { code, cause } => Self::Storage { code: *code, cause: cause.clone() },
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let retry_after = (refusal.code == Code::InProgress).then_some(1);
        Self::Refused { refusal, retry_after }
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Refusal::of(code).into()
    }
}

impl From<serde_json::Error> for Error {
    #[track_caller]
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}
