//! Signing in. An unknown address, a wrong password and a disabled account look and cost the same.

use super::{Accounts, subject};
use crate::{
    actor::Actor,
    error::{Error, Result},
    password,
    repo::{
        audit::{self, Entry},
        sign_ins::{self, Subject},
        users,
    },
};
use domain::{id::UserId, name::Email, problem::Code};
use serde_json::json;

impl Accounts<'_> {
    /// Who the e-mail address and password are of. `client`: where the attempt comes from.
    pub async fn sign_in(&self, email: &str, password: &str, client: &str) -> Result<UserId> {
        let account = Subject::email(email.trim());
        let client = Subject::client(client);
        self.count_attempt(&[account.clone(), client.clone()]).await?;
        let user = match Email::parse(email.trim()) {
            Ok(email) => users::by_email(self.0.db.read(), &email).await?,
            Err(_) => None,
        };
        let user = user.filter(|user| user.disabled_at.is_none());
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let right = password::verify(password.to_owned(), hash).await?;
        let Some(user) = user.filter(|_| right) else { return Err(Code::WrongCredentials.into()) };
        let actor = Actor::User { id: UserId(user.id), admin: user.admin };
        let services = self.0.clone();
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                sign_ins::clear(tx, &account).await?;
                sign_ins::uncount(tx, &client).await?;
                let entry = Entry {
                    actor: &actor,
                    project: None,
                    action: "sign_in",
                    subject: subject(UserId(user.id)),
                    detail: json!({}),
                };
                audit::write(tx, now, entry).await
            })
        });
        write.await?;
        Ok(UserId(user.id))
    }

    /// Counts an attempt against each of `subjects`; refused where one of them has had too many.
    pub(super) async fn count_attempt(&self, subjects: &[Subject]) -> Result<()> {
        let services = self.0.clone();
        let subjects = subjects.to_vec();
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let mut wait = None;
                for subject in &subjects {
                    wait = wait.max(sign_ins::count(tx, subject, now).await?);
                }
                Ok(wait)
            })
        });
        match write.await? {
            Some(seconds) => Err(Error::wait(Code::TooManyAttempts, seconds)),
            None => Ok(()),
        }
    }
}
