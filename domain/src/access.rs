//! Who may do what: roles, token scopes, and the one policy table.
//!
//! Every route and server function names a [`Permission`]; every use case checks it here.

use serde::{Deserialize, Serialize};

/// A person's role in a project. Each includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers the queue.
    Annotator,
    /// Also reviews, challenges and reads the results.
    Reviewer,
    /// Also imports, sets up, and cuts versions.
    Manager,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Annotator, Self::Reviewer, Self::Manager];

    /// The role as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Annotator => "annotator",
            Self::Reviewer => "reviewer",
            Self::Manager => "manager",
        }
    }

    /// The role of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// What a token may be used for. A scope never widens its user's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Reading samples, reviews, agreement, versions and exports.
    Read,
    /// Sending samples, answers, predictions and reports.
    Ingest,
    /// Answering the queue.
    Annotate,
    /// Deciding and challenging.
    Review,
    /// Settings, members, versions, tags, audit.
    Manage,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 5] = [Self::Read, Self::Ingest, Self::Annotate, Self::Review, Self::Manage];

    /// The scope as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Ingest => "ingest",
            Self::Annotate => "annotate",
            Self::Review => "review",
            Self::Manage => "manage",
        }
    }

    /// The scope of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// The least that a person must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Anybody who is signed in.
    SignedIn,
    /// At least this role in the project.
    Role(Role),
    /// A site admin.
    Admin,
}

macro_rules! policy {
    ($($(#[doc = $doc:literal])+ $name:ident: $needs:expr, [$($scope:ident),*];)+) => {
        /// One thing that may be allowed or not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Permission { $($(#[doc = $doc])+ $name,)+ }

        impl Permission {
            /// Every permission, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The permission's name, as the role matrix prints it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// What it allows, in words.
            pub fn description(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii()),+ }
            }

            /// The least that a person must be.
            pub fn needs(self) -> Needs {
                match self { $(Self::$name => $needs),+ }
            }

            /// A token needs any one of these scopes.
            pub fn scopes(self) -> &'static [Scope] {
                match self { $(Self::$name => &[$(Scope::$scope),*]),+ }
            }
        }
    };
}

policy! {
    /// See one's own projects.
    ListProjects: Needs::SignedIn, [Read, Ingest, Annotate, Review, Manage];
    /// Change one's own name, language and password.
    OwnAccount: Needs::SignedIn, [];
    /// See a project's schema, guideline and settings.
    ViewProject: Needs::Role(Role::Annotator), [Read, Ingest, Annotate, Review, Manage];
    /// Claim, submit, skip, release, renew and undo.
    Annotate: Needs::Role(Role::Annotator), [Annotate];
    /// Read one's own answers.
    OwnAnnotations: Needs::Role(Role::Annotator), [Annotate, Read];
    /// Read the review list.
    ReadReview: Needs::Role(Role::Reviewer), [Read, Review, Manage];
    /// Decide tasks, and take decisions back before the cut.
    Decide: Needs::Role(Role::Reviewer), [Review];
    /// Write rules into the guideline that tell two labels apart, and undo them.
    WriteRule: Needs::Role(Role::Reviewer), [Review];
    /// Challenge stored labels, and prepare change sets.
    Challenge: Needs::Role(Role::Reviewer), [Review, Manage];
    /// Read agreement.
    ReadAgreement: Needs::Role(Role::Reviewer), [Read, Review, Manage];
    /// Read what each reason for queueing yields.
    ReadYield: Needs::Role(Role::Reviewer), [Read, Review, Manage];
    /// Read samples and their history.
    ReadSamples: Needs::Role(Role::Reviewer), [Read, Review, Manage];
    /// Read versions, their differences, tags and events.
    ReadVersions: Needs::Role(Role::Reviewer), [Read, Review, Manage];
    /// Export labels.
    Export: Needs::Role(Role::Reviewer), [Read, Review, Manage];
    /// Send samples, answers, predictions and reports.
    Ingest: Needs::Role(Role::Manager), [Ingest];
    /// Read the records of imports.
    ReadImports: Needs::Role(Role::Manager), [Ingest, Read, Manage];
    /// See tasks that are still open.
    ReadOpenTasks: Needs::Role(Role::Manager), [Read, Review, Manage];
    /// Change schema, guideline and settings, or archive the project.
    ManageProject: Needs::Role(Role::Manager), [Manage];
    /// Read what each person's answers are like.
    ReadQuality: Needs::Role(Role::Manager), [Read, Manage];
    /// Read the project's members.
    ReadMembers: Needs::Role(Role::Manager), [Read, Manage];
    /// Add, change and remove members.
    ManageMembers: Needs::Role(Role::Manager), [Manage];
    /// Mark known answers, read what they tell of people, and pause people.
    ManageQuality: Needs::Role(Role::Manager), [Manage];
    /// Cut and revert versions.
    CutVersion: Needs::Role(Role::Manager), [Manage];
    /// Set, protect and delete tags.
    ManageTags: Needs::Role(Role::Manager), [Manage];
    /// Move, delete and unprotect protected tags.
    ProtectedTags: Needs::Admin, [Manage];
    /// Manage webhooks and read their deliveries.
    ManageWebhooks: Needs::Role(Role::Manager), [Manage];
    /// Erase a sample's content.
    EraseSample: Needs::Role(Role::Manager), [Manage];
    /// Read the audit log.
    ReadAudit: Needs::Role(Role::Manager), [Read, Manage];
    /// Create projects.
    CreateProject: Needs::Admin, [Manage];
    /// Create, disable and list the site's users.
    ManageUsers: Needs::Admin, [Manage];
    /// Read the server's metrics.
    ReadMetrics: Needs::Admin, [Manage];
}

/// What a person is, as far as permissions go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether they are a site admin.
    pub admin: bool,
    /// Their role in the project at hand, where there is one.
    pub role: Option<Role>,
}

impl Permission {
    /// Whether a person of this standing may.
    pub fn allows(self, standing: Standing) -> bool {
        standing.admin
            || match self.needs() {
                Needs::SignedIn => true,
                Needs::Role(least) => standing.role.is_some_and(|role| role >= least),
                Needs::Admin => false,
            }
    }

    /// Whether a token with these scopes may be used for it.
    pub fn allows_scopes(self, scopes: &[Scope]) -> bool {
        self.scopes().iter().any(|scope| scopes.contains(scope))
    }
}

/// The policy as a table for people: one line per permission.
pub fn role_matrix() -> String {
    use std::fmt::Write;
    let mut out = String::from("permission       annotator reviewer manager admin  token scopes\n");
    for permission in Permission::ALL {
        let mut line = format!("{:<17}", permission.as_str());
        let standings = Role::ALL.map(|role| Standing { admin: false, role: Some(role) });
        let admin = Standing { admin: true, role: None };
        for (standing, width) in standings.into_iter().chain([admin]).zip([10, 9, 8, 7]) {
            let mark = if permission.allows(standing) { "yes" } else { "-" };
            // Writing to a String cannot fail.
            let _ = write!(line, "{mark:<width$}");
        }
        let scopes: Vec<_> = permission.scopes().iter().map(|scope| scope.as_str()).collect();
        line.push_str(&if scopes.is_empty() { "-".to_owned() } else { scopes.join(" ") });
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
