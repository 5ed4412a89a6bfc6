//! Users, members and tokens as they are shown.

use crate::{
    access::{Role, Scope},
    id::{TokenId, UserId},
    name::{Email, Slug},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserView {
    /// Their id.
    pub id: UserId,
    /// Their e-mail address.
    pub email: Email,
    /// Their name.
    pub name: String,
    /// Whether they are a site admin.
    pub admin: bool,
    /// Their language, where they chose one: `en` or `ko`.
    pub locale: Option<String>,
    /// Whether they may no longer sign in.
    pub disabled: bool,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// A member of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberView {
    /// Their e-mail address.
    pub email: Email,
    /// Their name.
    pub name: String,
    /// Their role in the project.
    pub role: Role,
    /// Whether the answers are made by a simulation rather than a person.
    pub simulated: bool,
    /// Whether they may no longer sign in.
    pub disabled: bool,
    /// Since when nothing is served to them, where they are paused.
    pub paused_at: Option<Timestamp>,
    /// When they became a member.
    pub since: Timestamp,
}

/// An access token; the token itself is shown only once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenView {
    /// Its id, for revoking it.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// Whose it is.
    pub email: Email,
    /// The only project that it opens, where it is limited to one.
    pub project: Option<Slug>,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, where it does.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, where it was.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}
