//! Whom uploads name: members of the project by their e-mail addresses, and people who have no account.

use super::given::Given;
use crate::{error::Result, repo::annotators};
use domain::{
    id::{AnnotatorId, ProjectId},
    name::AnnotatorName,
    time::Timestamp,
};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeSet, HashMap, HashSet};

/// One of them in the project.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    /// Whose their answers become.
    pub id: AnnotatorId,
    /// Who they were before they had an account, where that is kept apart.
    before: Option<AnnotatorId>,
}

impl Person {
    /// Whether they are among these.
    pub(super) fn is_among(&self, annotators: &HashSet<AnnotatorId>) -> bool {
        annotators.contains(&self.id) || self.before.is_some_and(|before| annotators.contains(&before))
    }
}

/// Everybody whom some lines name.
#[derive(Debug)]
pub(super) struct People(HashMap<String, Person>);

/// As accounts have it, where the name is an e-mail address: written otherwise it is the same person.
fn spelt(name: &AnnotatorName) -> String {
    name.email().map_or_else(|| name.as_str().to_owned(), String::from)
}

impl People {
    /// Finds all who gave these answers, and makes annotators of those who are none yet.
    pub(super) async fn find<'a>(
        tx: &DatabaseTransaction,
        project: ProjectId,
        given: impl Iterator<Item = &'a Given>,
        now: Timestamp,
    ) -> Result<Self> {
        let names: BTreeSet<String> = given.map(|given| spelt(&given.annotator)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut people = HashMap::with_capacity(names.len());
        for names in names.chunks(crate::repo::versions::BATCH) {
            let accounts = annotators::accounts(tx, project, names).await?;
            let named = annotators::named(tx, project, names).await?;
            for name in names {
                let before = named.get(*name).copied();
                let id = match (accounts.get(*name), before) {
                    (Some(user), _) => annotators::ensure(tx, project, *user, now).await?,
                    (None, Some(named)) => named,
                    (None, None) => annotators::ensure_named(tx, project, name, now).await?,
                };
                people.insert((*name).to_owned(), Person { id, before });
            }
        }
        Ok(Self(people))
    }

    /// Who gave this answer.
    pub(super) fn of(&self, given: &Given) -> Option<Person> {
        self.0.get(&spelt(&given.annotator)).copied()
    }
}
