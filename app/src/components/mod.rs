//! The parts that pages are made of. A component shows what it is given; it calls no server function, except the
//! layout, which shows who is signed in.

pub mod answer;
pub mod badge;
pub mod field;
pub mod form;
pub mod keys_help;
pub mod layout;
pub mod loaded;
pub mod markdown;
pub mod number;
pub mod pagination;
pub mod preferences;
pub mod project_layout;
pub mod safe_textarea;
pub mod states;
pub mod time;
pub mod title;
