//! One page per file, each with its server functions.

pub mod account;
pub mod new_project;
pub mod not_found;
pub mod project;
pub mod projects;
pub mod set_up;
pub mod sign_in;
pub mod tokens;
pub mod users;
