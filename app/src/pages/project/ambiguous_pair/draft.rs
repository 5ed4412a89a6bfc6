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
    /// What was chosen, `a`, `b` or nothing, for each task as it was: by the name of its field, `task12:3`, which tells its
    /// revision. Of a task that changed meanwhile somebody shall think again.
    pub choices: BTreeMap<String, String>,
}

impl Draft {
    /// Keeps it for the page of this pair, in the place of one before. What is too large for a rule that anybody writes is
    /// not kept: every request reads the session.
    #[cfg(feature = "ssr")]
    pub(super) async fn keep(&self, slug: &str, asked: &super::api::Asked) -> service::Result<()> {
        let choices = self.choices.iter().map(|(task, choice)| task.len() + choice.len());
        if self.title.len() + self.rule.len() + choices.sum::<usize>() > LARGEST {
            return Ok(());
        }
        crate::session::keep(KEPT, &(asked.path(slug), self)).await
    }

    /// Forgets it: the rule is written.
    #[cfg(feature = "ssr")]
    pub(super) async fn forget() -> service::Result<()> {
        crate::session::take::<(String, Self)>(KEPT).await.map(|_| ())
    }

    /// What was kept for the page of this pair, where `query` tells of a refused rule.
    #[cfg(feature = "ssr")]
    pub(super) async fn kept(
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
        let kept = crate::session::kept::<(String, Self)>(KEPT).await?;
        Ok(kept.filter(|(page, _)| *page == asked.path(slug)).map(|(_, draft)| draft))
    }
}

/// The key in the session.
#[cfg(feature = "ssr")]
const KEPT: &str = "rule";

/// Bytes, of which a rule's text may have 20,000.
#[cfg(feature = "ssr")]
const LARGEST: usize = 64 * 1024;
