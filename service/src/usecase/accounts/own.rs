//! One's own account: name, language, password.

use super::{Accounts, check_name, subject};
use crate::{
    actor::Actor,
    entity::user,
    error::{Error, Result},
    password,
    repo::{
        audit::{self, Entry},
        sessions,
        sign_ins::{self, Subject},
        users,
    },
    usecase::access,
};
use domain::{access::Permission, id::UserId, problem::Code, view::account::UserView};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// The languages that the pages are in.
const LOCALES: [&str; 2] = ["en", "ko"];

/// A change of one's own account; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct OwnUpdate {
    /// A new name.
    pub name: Option<String>,
    /// A language, or none: the browser's.
    pub locale: Option<Option<String>>,
}

impl Accounts<'_> {
    /// The caller's account.
    pub async fn own(&self, actor: &Actor) -> Result<UserView> {
        users::view(own(self.0.db.read(), actor).await?)
    }

    /// Changes the caller's name or language.
    pub async fn update_own(&self, actor: &Actor, update: OwnUpdate) -> Result<UserView> {
        if let Some(name) = &update.name {
            check_name(name)?;
        }
        if let Some(Some(locale)) = &update.locale
            && !LOCALES.contains(&locale.as_str())
        {
            let detail = format!("must be one of {}", LOCALES.join(", "));
            return Err(Error::invalid("/locale", Code::Invalid, detail));
        }
        let (services, actor) = (self.0.clone(), actor.clone());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let mut row = own(tx, &actor).await?;
                row.name = update.name.unwrap_or(row.name);
                row.locale = update.locale.unwrap_or(row.locale);
                let id = UserId(row.id);
                users::set_profile(tx, id, &row.name, row.locale.as_deref()).await?;
                let detail = json!({"locale": row.locale});
                let entry = Entry {
                    actor: &actor,
                    project: None,
                    action: "update_account",
                    subject: subject(id),
                    detail,
                };
                audit::write(tx, now, entry).await?;
                users::view(row)
            })
        });
        write.await
    }

    /// Replaces the caller's password and ends their sessions but for `keep_session`.
    pub async fn change_password(
        &self,
        actor: &Actor,
        old: &str,
        new: &str,
        keep_session: Option<&str>,
    ) -> Result<()> {
        let row = own(self.0.db.read(), actor).await?;
        password::check(new)?;
        // Who has taken over a session guesses no faster here than on the sign-in page.
        let account = Subject::email(&row.email);
        self.count_attempt(std::slice::from_ref(&account)).await?;
        if !password::verify(old.to_owned(), Some(row.password_hash)).await? {
            return Err(Code::WrongCredentials.into());
        }
        let hash = password::hash(new.to_owned()).await?;
        let (services, actor) = (self.0.clone(), actor.clone());
        let keep = keep_session.map(str::to_owned);
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let id = UserId(own(tx, &actor).await?.id);
                users::set_password_hash(tx, id, &hash).await?;
                sessions::delete_of_user(tx, id, keep.as_deref()).await?;
                sign_ins::clear(tx, &account).await?;
                let entry = Entry {
                    actor: &actor,
                    project: None,
                    action: "change_password",
                    subject: subject(id),
                    detail: json!({}),
                };
                audit::write(tx, now, entry).await
            })
        });
        write.await
    }
}

/// The caller's row, where the caller is a person in the browser.
async fn own<C: ConnectionTrait>(conn: &C, actor: &Actor) -> Result<user::Model> {
    access::site(actor, Permission::OwnAccount)?;
    let nobody = || Error::refused(Code::Forbidden, "only a person has an account");
    let row = users::by_id(conn, actor.user().ok_or_else(nobody)?).await?;
    row.filter(|row| row.disabled_at.is_none()).ok_or_else(|| Code::Unauthenticated.into())
}
