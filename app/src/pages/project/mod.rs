//! The pages of a project.

pub mod guideline;
