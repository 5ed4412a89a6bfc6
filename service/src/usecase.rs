//! The use cases: one group per file, one method per verb.
//!
//! A use case takes the actor first, checks its permission, works in one transaction and writes the audit
//! row of every change in it.

pub(crate) mod access;
pub mod accounts;
pub mod agreement;
pub mod ambiguity;
pub mod annotations;
pub mod audit;
pub mod cards;
pub mod challenges;
pub mod change_sets;
pub mod deliveries;
pub mod events;
pub mod export;
pub mod imports;
pub mod intake;
pub(crate) mod judges;
pub mod known_answers;
pub(crate) mod lifecycle;
pub mod members;
pub mod notices;
mod numbers;
pub(crate) mod page_size;
pub mod projects;
pub mod quality;
pub mod queue;
pub mod review;
pub mod rules;
pub mod samples;
pub mod sessions;
pub mod tags;
pub mod tokens;
pub mod verify;
pub mod versions;
pub mod webhooks;
pub mod yields;
