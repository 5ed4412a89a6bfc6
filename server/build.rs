//! Has cargo embed the site anew when its folder gains or loses a file. Changed files it sees by itself.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_EMBED").is_none() {
        return;
    }
    println!("cargo::rerun-if-env-changed=RELABEL_SITE_DIR");
    // A debug build reads the folder while it runs.
    let is_release = env::var_os("PROFILE").is_some_and(|profile| profile == "release");
    if let (true, Ok(folder)) = (is_release, env::var("RELABEL_SITE_DIR")) {
        println!("cargo::rerun-if-changed={folder}");
    }
}
