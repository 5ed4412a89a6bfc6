//! The contract of the use cases, on SQLite and PostgreSQL alike: one module for each group.

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod agreement;
mod audit;
mod bad_answers;
mod bad_input;
mod cards;
mod change_sets;
mod concurrency;
mod consensus;
mod deep_queue;
mod deliveries;
mod diffs;
mod erasure;
mod events;
mod foreign;
mod history;
mod imported_answers;
mod imported_labels;
mod known_answers;
mod large_answers;
mod large_imports;
mod large_predictions;
mod members;
mod notices;
mod overview;
mod projects;
mod quality;
mod queue;
mod requeue;
mod review;
mod samples;
mod scores;
mod sessions;
mod splits;
mod tags;
mod targets;
mod tokens;
mod upgrade;
mod verify;
mod versions;
mod webhooks;
mod yields;
