//! The HTTP server and the command line of Relabel.
//!
//! Everything here is translation: HTTP and arguments into domain types, one use case, and its result back. No rule
//! of the product and no SQL lives in this crate; status codes live in [`problem`] alone.

mod accept;
pub mod api;
pub mod cli;
pub mod client;
pub mod config;
pub mod demo;
pub mod document;
pub mod extract;
pub mod headers;
pub mod idempotency;
pub mod limits;
pub mod ops;
pub mod origin;
pub mod outbox;
mod patience;
pub mod policy;
pub mod problem;
pub mod request_id;
pub mod router;
pub mod serve;
pub mod session;
pub mod site;
pub mod state;
pub mod telemetry;
