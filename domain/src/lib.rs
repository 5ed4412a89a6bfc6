//! The rules of Relabel: types, validation, the policy table, selection scores, agreement, consensus,
//! task states, version digests.
//!
//! This crate is pure. It never does IO, reads no clock, draws no random number and is never async, so
//! that the server and the browser can both rely on it and every rule can be tested by calling it.

pub mod access;
pub mod agreement;
pub mod answer;
pub mod canonical;
pub mod card;
pub mod consensus;
pub mod content;
pub mod decision;
pub mod delivery;
pub mod estimate;
pub mod event;
pub mod guideline;
pub mod id;
pub mod known;
pub mod name;
pub mod network;
pub mod outcome;
pub mod overlap;
pub mod prediction;
pub mod problem;
pub mod provenance;
pub mod quality;
pub mod rank;
pub mod schema;
pub mod score;
pub mod settings;
pub mod signal;
pub mod split;
pub mod task;
pub mod time;
pub mod truth;
pub mod version;
pub mod view;
