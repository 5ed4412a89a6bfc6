//! The first run: whoever can read the server's log makes the first admin.

use super::{Accounts, check_name, subject};
use crate::{
    actor::Actor,
    error::{Error, Result},
    password,
    repo::{
        audit::{self, Entry},
        setup_codes, users,
    },
    secret,
};
use domain::{id::UserId, name::Email, problem::Code};
use serde_json::json;

/// The first admin, and the code that proves who they are.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// The one-time code of the server's log.
    pub code: String,
    /// Their e-mail address.
    pub email: Email,
    /// Their name.
    pub name: String,
    /// Their password.
    pub password: String,
}

impl Accounts<'_> {
    /// Whether there is no admin yet.
    pub async fn setup_needed(&self) -> Result<bool> {
        Ok(!users::has_admin(self.0.db.read()).await?)
    }

    /// Whether anybody has an account.
    pub async fn any(&self) -> Result<bool> {
        users::any(self.0.db.read()).await
    }

    /// A fresh code for [`Accounts::set_up`], which replaces the one before; none when there is an admin.
    pub async fn issue_setup_code(&self) -> Result<Option<String>> {
        let code = secret::code();
        let hash = secret::hash(&code);
        let issued = self.0.db.write(move |tx| {
            Box::pin(async move {
                if users::has_admin(tx).await? {
                    return Ok(false);
                }
                setup_codes::set(tx, &hash).await.map(|()| true)
            })
        });
        Ok(issued.await?.then_some(code))
    }

    /// Makes the first admin.
    pub async fn set_up(&self, input: SetUp) -> Result<UserId> {
        if !self.setup_needed().await? {
            return Err(Code::AlreadySetUp.into());
        }
        let code = input.code.trim().to_ascii_uppercase();
        // Before the password is hashed, so that strangers cannot keep the server busy.
        check_code(&code, setup_codes::get(self.0.db.read()).await?)?;
        check_name(&input.name)?;
        password::check(&input.password)?;
        let row = users::NewRow {
            email: input.email,
            name: input.name,
            password_hash: password::hash(input.password).await?,
            admin: true,
            simulated: false,
        };
        let services = self.0.clone();
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                // Of two that come at once the second finds no code.
                let kept = setup_codes::take(tx).await?;
                if users::has_admin(tx).await? {
                    return Err(Code::AlreadySetUp.into());
                }
                check_code(&code, kept)?;
                let user = users::insert(tx, &row, now).await?;
                let user = user.ok_or_else(|| {
                    Error::refused_at("/email", Code::EmailTaken, "the e-mail address is taken")
                })?;
                let actor = Actor::User { id: user, admin: true };
                let detail = json!({"admin": true});
                let entry =
                    Entry { actor: &actor, project: None, action: "set_up", subject: subject(user), detail };
                audit::write(tx, now, entry).await?;
                Ok(user)
            })
        });
        write.await
    }
}

fn check_code(code: &str, kept: Option<String>) -> Result<()> {
    if kept.is_some_and(|kept| secret::matches(code, &kept)) {
        return Ok(());
    }
    let detail = "the code is not the newest one in the server's log";
    Err(Error::invalid("/code", Code::Invalid, detail))
}
