//! People for tests: `ann` is `ann@example.org`, with the password `password of ann`.

use super::World;
use domain::{
    access::{Role, Scope},
    name::{Email, NameError, Slug},
    view::project::MemberInput,
};
use service::{
    Actor, Result,
    usecase::{accounts::NewUser, tokens::NewToken},
};

/// The e-mail address of somebody of this name.
pub fn email(name: &str) -> std::result::Result<Email, NameError> {
    Email::parse(format!("{name}@example.org"))
}

/// The password of somebody of this name.
pub fn password(name: &str) -> String {
    format!("password of {name}")
}

/// What sort of account somebody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    Plain,
    Admin,
    Simulated,
}

impl World {
    /// A new person.
    pub async fn user(&self, name: &str) -> Result<Actor> {
        self.account(name, Account::Plain).await
    }

    /// A new site admin.
    pub async fn admin(&self, name: &str) -> Result<Actor> {
        self.account(name, Account::Admin).await
    }

    /// A new account of this sort.
    pub async fn account(&self, name: &str, account: Account) -> Result<Actor> {
        let admin = account == Account::Admin;
        let user = NewUser {
            email: email(name).map_err(service::Error::internal)?,
            name: name.to_owned(),
            password: password(name),
            admin,
            simulated: account == Account::Simulated,
        };
        let view = self.services.accounts().add(&Actor::Operator, user).await?;
        Ok(Actor::User { id: view.id, admin })
    }

    /// A new person with this role in the project.
    pub async fn member(&self, project: &Slug, name: &str, role: Role) -> Result<Actor> {
        let actor = self.user(name).await?;
        self.set_role(project, name, role).await?;
        Ok(actor)
    }

    /// Gives somebody a role in the project.
    pub async fn set_role(&self, project: &Slug, name: &str, role: Role) -> Result<()> {
        let input = MemberInput { email: email(name).map_err(service::Error::internal)?, role };
        self.services.members().set(&Actor::Operator, project, input).await.map(drop)
    }

    /// A new token of somebody, as the actor that it authenticates.
    pub async fn token(&self, name: &str, scopes: &[Scope], project: Option<&Slug>) -> Result<Actor> {
        let token = NewToken {
            email: email(name).map_err(service::Error::internal)?,
            name: "test".to_owned(),
            project: project.cloned(),
            scopes: scopes.to_vec(),
            expires_at: None,
        };
        let created = self.services.tokens().create(&Actor::Operator, token).await?;
        self.services.tokens().authenticate(&created.token).await
    }
}
