//! People with accounts: the first admin, signing in, one's own account, and the site's users.
//!
//! Passwords are hashed before the transaction that needs the hash, never within it.

mod own;
mod setup;
mod sign_in;
mod site;

pub use own::OwnUpdate;
pub use setup::SetUp;
pub use site::NewUser;

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::users,
    services::Services,
};
use domain::{id::UserId, name::is_text, problem::Code};

/// People with accounts.
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'a>(pub(crate) &'a Services);

impl Accounts<'_> {
    /// Who acts in a session of this user; none when the account is disabled or gone.
    pub async fn actor(&self, user: UserId) -> Result<Option<Actor>> {
        let row = users::by_id(self.0.db.read(), user).await?;
        Ok(row
            .filter(|row| row.disabled_at.is_none())
            .map(|row| Actor::User { id: UserId(row.id), admin: row.admin }))
    }
}

/// Refuses what is no name of a person.
fn check_name(name: &str) -> Result<()> {
    if is_text(name, 200) {
        return Ok(());
    }
    Err(Error::invalid("/name", Code::InvalidName, "must be 1 to 200 characters without control characters"))
}

/// How the audit log names a user.
fn subject(user: UserId) -> String {
    format!("user {user}")
}
