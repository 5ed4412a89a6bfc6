//! The REST API and the command line, tested from outside: a real server on a free port, an HTTP client, and the binary.
//!
//! With RELABEL_TEST_POSTGRES_URL every test has a database of its own there; without, SQLite in a temporary folder.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod agreement_table;
mod ambiguous_pairs;
mod annotators;
mod backup;
mod bad_input;
mod blind;
mod browser_session;
mod cards;
mod coded_uploads;
mod command_line;
mod demo;
mod disk;
mod documented;
mod export;
mod history;
mod idempotency;
mod imported_annotations;
mod kill;
mod kill_cut;
mod known_answers;
mod lost_database;
mod operations;
mod pages;
mod permissions;
mod policy;
mod receiver;
mod site;
mod together;
mod verify;
mod webhooks;
mod whole_loop;
