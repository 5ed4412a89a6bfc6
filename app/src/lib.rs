//! The pages of Relabel: Leptos components, thin server functions, texts and styles.
//!
//! A server function extracts, parses into domain types, calls one use case and maps the result; nothing here
//! knows of SQL, and nothing here decides what a person may do.

#![recursion_limit = "512"]

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("`ssr` and `hydrate` are two builds: never pass --all-features");

mod address;
mod app;
mod clock;
pub mod components;
pub mod cookie;
pub mod error;
mod every_second;
mod key_press;
pub mod pages;
#[cfg(feature = "ssr")]
mod parse;
pub mod policy;
mod refusal_text;
mod schema_text;
pub mod session;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod shown_once;
mod texts;

pub use app::{AnnotateApp, App};
#[cfg(feature = "ssr")]
pub use shell::shell;
pub use texts::i18n;
