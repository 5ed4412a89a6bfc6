//! Who asks: the first argument of every use case.

use domain::{
    access::Scope,
    id::{ProjectId, TokenId, UserId},
};
use serde::{Deserialize, Serialize};

/// Who asks for something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// A person in the browser.
    User {
        /// Who.
        id: UserId,
        /// Whether they are a site admin.
        admin: bool,
    },
    /// A program with a person's token.
    Token {
        /// Which token.
        token: TokenId,
        /// Whose it is.
        user: UserId,
        /// Whether they are a site admin.
        admin: bool,
        /// The only project that it opens, where it is limited to one.
        project: Option<ProjectId>,
        /// What it may be used for.
        scopes: Vec<Scope>,
    },
    /// Somebody at the server's command line; may do everything.
    Operator,
    /// Relabel itself: policy, expiry, simulation.
    System,
}

impl Actor {
    /// The person behind it, where there is one.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::User { id, .. } => Some(*id),
            Self::Token { user, .. } => Some(*user),
            Self::Operator | Self::System => None,
        }
    }

    /// The token that it came with.
    pub fn token(&self) -> Option<TokenId> {
        match self {
            Self::Token { token, .. } => Some(*token),
            _ => None,
        }
    }

    /// Whether they may do everything on the site.
    pub fn is_admin(&self) -> bool {
        match self {
            Self::User { admin, .. } | Self::Token { admin, .. } => *admin,
            Self::Operator | Self::System => true,
        }
    }

    /// The word in the audit log.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::User { .. } => "user",
            Self::Token { .. } => "token",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }
}
