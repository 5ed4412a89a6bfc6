//! The texts of `locales/{en,ko}`, as `build.rs` generated them.

#[expect(clippy::expect_used, reason = "generated code")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}

/// Keys, `use_i18n`, and the macros that read a text.
///
/// A change of language loads the page anew, so components read texts untracked: `tu!` and `tu_string!`.
pub mod i18n {
    pub use super::generated::i18n::*;

    /// The language and its texts; from `use_i18n`, small and copied.
    pub type I18n = leptos_i18n::I18nContext<Locale>;
}
