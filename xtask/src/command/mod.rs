//! One file per command of `cargo xtask`.

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod demo;
pub(crate) mod serve;
pub(crate) mod stress;
pub(crate) mod test;
pub(crate) mod tidy;
