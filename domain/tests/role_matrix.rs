//! The role matrix of the documentation is the one that the policy table prints.

use domain::access::{Permission, role_matrix};

const DOCUMENT: &str = include_str!("../../docs/roles.md");

#[test]
fn the_documented_role_matrix_is_the_policy_table() {
    let block = DOCUMENT.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(block, Some(role_matrix().as_str()), "docs/roles.md shall hold the right side");
}

#[test]
fn every_permission_is_explained_in_the_documentation() {
    for permission in Permission::ALL {
        let line = format!("- `{}`: {}", permission.as_str(), permission.description());
        assert!(DOCUMENT.lines().any(|found| found == line), "docs/roles.md lacks {line}");
    }
}
