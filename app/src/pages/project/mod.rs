//! The pages of a project.

pub mod agreement;
pub mod ambiguous_pair;
pub mod ambiguous_pairs;
pub mod annotate;
pub mod annotators;
pub mod audit;
pub mod change_sets;
pub mod compare;
pub mod export;
pub mod guideline;
mod guideline_preview;
pub mod home;
pub mod imports;
pub mod known_answers;
pub mod members;
pub mod own_answers;
pub mod review;
pub mod sample;
pub mod samples;
pub mod settings;
pub mod tag;
pub mod upload;
pub mod version;
pub mod versions;
pub mod webhook;
pub mod webhooks;
pub mod yields;
