//! The parts that pages are made of. A component shows what it is given; it calls no server function, except the
//! layout, which shows who is signed in.

pub mod annotation_lines;
pub mod answer;
pub mod badge;
pub mod change;
pub mod confirm;
pub mod copy;
pub mod fault_table;
pub mod faults;
pub mod field;
pub mod form;
pub mod inputs;
pub mod keys_help;
pub mod label_changes;
pub mod layout;
pub mod loaded;
pub mod markdown;
pub mod menu;
pub mod number;
pub mod pagination;
pub mod preferences;
pub mod probabilities;
pub mod project_layout;
pub mod provenance;
pub mod question_choice;
pub mod range;
pub mod reason;
pub mod reload;
pub mod safe_textarea;
pub mod sample_fields;
pub mod sample_link;
pub mod states;
pub mod time;
pub mod title;
pub mod wrong_address;
