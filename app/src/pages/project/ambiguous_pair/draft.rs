//! What somebody wrote and chose where a rule was refused without JavaScript: kept in the session, so that the page that
//! follows has it still.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rule that was not written yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its heading.
    pub title: String,
    /// Its text.
    pub rule: String,
    /// What was chosen for each task: `a`, `b` or nothing.
    pub choices: BTreeMap<i64, String>,
}

impl Draft {
    /// What the form said. A task's key is `task12:3`, with the revision that it had.
    #[cfg(feature = "ssr")]
    pub(super) fn of(title: Option<String>, rule: String, choices: &BTreeMap<String, String>) -> Self {
        let task = |key: &str| key.strip_prefix("task")?.split_once(':')?.0.parse().ok();
        let choices = choices.iter().filter_map(|(key, choice)| Some((task(key)?, choice.clone())));
        Self { title: title.unwrap_or_default(), rule, choices: choices.collect() }
    }

    /// Keeps it for the page of this pair.
    #[cfg(feature = "ssr")]
    pub(super) async fn keep(&self, slug: &str, asked: &super::api::Asked) -> service::Result<()> {
        crate::session::keep(KEPT, &(asked.path(slug), self)).await
    }

    /// What was kept for the page of this pair, where `query` tells of a refused rule.
    #[cfg(feature = "ssr")]
    pub(super) async fn take(
        slug: &str,
        asked: &super::api::Asked,
        query: &str,
    ) -> service::Result<Option<Self>> {
        let told = crate::address::pairs(query.trim_start_matches('?'));
        let says = |key: &str, value: Option<&str>| {
            told.iter().any(|(name, found)| name == key && value.is_none_or(|value| value == found))
        };
        if !says("form", Some("write_rule")) || !says("refused", None) {
            return Ok(None);
        }
        let kept = crate::session::take::<(String, Self)>(KEPT).await?;
        Ok(kept.filter(|(page, _)| *page == asked.path(slug)).map(|(_, draft)| draft))
    }
}

/// The key in the session.
#[cfg(feature = "ssr")]
const KEPT: &str = "rule";

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::Draft;

    #[test]
    fn a_choice_stays_with_its_task_whatever_its_revision() {
        let keys = ["task12:3", "task7:1", "12", "taskx:1"];
        let choices = keys.map(|key| (key.to_owned(), "a".to_owned())).into();
        let draft = Draft::of(None, "rule".to_owned(), &choices);
        assert_eq!(draft.choices.into_keys().collect::<Vec<_>>(), [7, 12]);
    }
}
