//! The pages of a project.

pub mod annotate;
pub mod guideline;
pub mod home;
pub mod own_answers;
