//! What a refusal says to a person, in their language. The codes come from `domain`; the texts are in the locale
//! files alone.

use crate::i18n::{I18n, tu_string};
use domain::problem::Code;

/// The sentence for `code`.
pub fn of(i18n: I18n, code: Code) -> &'static str {
    match code {
        Code::Malformed => tu_string!(i18n, codes.malformed),
        Code::InvalidUtf8 => tu_string!(i18n, codes.invalid_utf8),
        Code::Unauthenticated => tu_string!(i18n, codes.unauthenticated),
        Code::WrongCredentials => tu_string!(i18n, codes.wrong_credentials),
        Code::Forbidden => tu_string!(i18n, codes.forbidden),
        Code::CrossSite => tu_string!(i18n, codes.cross_site),
        Code::FourEyes => tu_string!(i18n, codes.four_eyes),
        Code::NotFound => tu_string!(i18n, codes.not_found),
        Code::NoVersion => tu_string!(i18n, codes.no_version),
        Code::MethodNotAllowed => tu_string!(i18n, codes.method_not_allowed),
        Code::StaleRev => tu_string!(i18n, codes.stale_rev),
        Code::LeaseLost => tu_string!(i18n, codes.lease_lost),
        Code::AlreadyAnswered => tu_string!(i18n, codes.already_answered),
        Code::SlugTaken => tu_string!(i18n, codes.slug_taken),
        Code::EmailTaken => tu_string!(i18n, codes.email_taken),
        Code::InProgress => tu_string!(i18n, codes.in_progress),
        Code::NoEligibleAnnotator => tu_string!(i18n, codes.no_eligible_annotator),
        Code::WrongState => tu_string!(i18n, codes.wrong_state),
        Code::ConsensusMoved => tu_string!(i18n, codes.consensus_moved),
        Code::OtherReviewerNeeded => tu_string!(i18n, codes.other_reviewer_needed),
        Code::SplitFixed => tu_string!(i18n, codes.split_fixed),
        Code::AlreadyDecided => tu_string!(i18n, codes.already_decided),
        Code::AlreadyWithdrawn => tu_string!(i18n, codes.already_withdrawn),
        Code::NothingToCut => tu_string!(i18n, codes.nothing_to_cut),
        Code::ParentMoved => tu_string!(i18n, codes.parent_moved),
        Code::TagProtected => tu_string!(i18n, codes.tag_protected),
        Code::LastManager => tu_string!(i18n, codes.last_manager),
        Code::AlreadySetUp => tu_string!(i18n, codes.already_set_up),
        Code::Archived => tu_string!(i18n, codes.archived),
        Code::TooLarge => tu_string!(i18n, codes.too_large),
        Code::UnsupportedMediaType => tu_string!(i18n, codes.unsupported_media_type),
        Code::PreconditionFailed => tu_string!(i18n, codes.precondition_failed),
        Code::RangeNotSatisfiable => tu_string!(i18n, codes.range_not_satisfiable),
        Code::Invalid => tu_string!(i18n, codes.invalid),
        Code::Missing => tu_string!(i18n, codes.missing),
        Code::UnknownKey => tu_string!(i18n, codes.unknown_key),
        Code::WrongType => tu_string!(i18n, codes.wrong_type),
        Code::OutOfRange => tu_string!(i18n, codes.out_of_range),
        Code::TooLong => tu_string!(i18n, codes.too_long),
        Code::Empty => tu_string!(i18n, codes.empty),
        Code::InvalidName => tu_string!(i18n, codes.invalid_name),
        Code::InvalidText => tu_string!(i18n, codes.invalid_text),
        Code::UnknownField => tu_string!(i18n, codes.unknown_field),
        Code::UnknownQuestion => tu_string!(i18n, codes.unknown_question),
        Code::UnknownOption => tu_string!(i18n, codes.unknown_option),
        Code::RetiredOption => tu_string!(i18n, codes.retired_option),
        Code::InvalidProbability => tu_string!(i18n, codes.invalid_probability),
        Code::DuplicateId => tu_string!(i18n, codes.duplicate_id),
        Code::DuplicateName => tu_string!(i18n, codes.duplicate_name),
        Code::UnknownSample => tu_string!(i18n, codes.unknown_sample),
        Code::UnknownUser => tu_string!(i18n, codes.unknown_user),
        Code::CannotRemove => tu_string!(i18n, codes.cannot_remove),
        Code::NoConsensus => tu_string!(i18n, codes.no_consensus),
        Code::IdempotencyMismatch => tu_string!(i18n, codes.idempotency_mismatch),
        Code::SinceNewer => tu_string!(i18n, codes.since_newer),
        Code::WeakPassword => tu_string!(i18n, codes.weak_password),
        Code::InvalidUrl => tu_string!(i18n, codes.invalid_url),
        Code::PrivateAddress => tu_string!(i18n, codes.private_address),
        Code::TooManyAttempts => tu_string!(i18n, codes.too_many_attempts),
        Code::Internal => tu_string!(i18n, codes.internal),
        Code::Unavailable => tu_string!(i18n, codes.unavailable),
        Code::StorageFull => tu_string!(i18n, codes.storage_full),
        Code::StorageFailed => tu_string!(i18n, codes.storage_failed),
    }
}

/// The code that the address bar carries after a form that was posted without JavaScript.
pub fn code_of(text: &str) -> Option<Code> {
    Code::ALL.iter().copied().find(|code| code.as_str() == text)
}
