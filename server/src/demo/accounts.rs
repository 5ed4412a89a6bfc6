//! The demo's people: one to sign in as for every role, and three simulated annotators whom nobody signs in as.

use domain::{access::Role, id::UserId, name::Email, problem::Code};
use service::{Actor, Services, usecase::accounts::NewUser};
use std::net::SocketAddr;

use super::DemoError;

/// Whom a visitor can sign in as: name before the @, role, name. The password is the same for all.
const PEOPLE: &[(&str, Option<Role>, &str)] = &[
    ("admin", None, "Demo Admin"),
    ("manager", Some(Role::Manager), "Demo Manager"),
    ("reviewer", Some(Role::Reviewer), "Demo Reviewer"),
    ("annotator", Some(Role::Annotator), "Demo Annotator"),
    ("annotator2", Some(Role::Annotator), "Second Demo Annotator"),
];

/// Documented, hence the loopback only.
const PASSWORD: &str = "relabel-demo";

/// Name before the @, and how often the answer is the true one.
const SIMULATED: &[(&str, f64)] = &[("sim-careful", 0.95), ("sim-usual", 0.85), ("sim-hasty", 0.70)];

/// A simulated annotator.
pub(super) struct Simulated {
    pub(super) id: UserId,
    pub(super) email: Email,
    pub(super) accuracy: f64,
}

/// The e-mail addresses with their roles; the admin needs none.
pub(super) fn roles() -> impl Iterator<Item = (Email, Role)> {
    PEOPLE.iter().filter_map(|(name, role, _)| Some((email(name)?, (*role)?)))
}

/// Makes the accounts that are missing.
pub(super) async fn ensure(services: &Services) -> Result<Vec<Simulated>, DemoError> {
    for (local, role, name) in PEOPLE {
        let Some(email) = email(local) else { continue };
        let (name, password) = ((*name).to_owned(), PASSWORD.to_owned());
        add(services, NewUser { email, name, password, admin: role.is_none(), simulated: false }).await?;
    }
    let mut simulated = Vec::new();
    for (local, accuracy) in SIMULATED {
        let Some(email) = email(local) else { continue };
        let name = format!("Simulated annotator ({:.0}% right)", accuracy * 100.0);
        let password = unknowable();
        add(services, NewUser { email: email.clone(), name, password, admin: false, simulated: true })
            .await?;
        let users = services.accounts().list(&Actor::Operator).await?;
        if let Some(user) = users.into_iter().find(|user| user.email == email) {
            simulated.push(Simulated { id: user.id, email, accuracy: *accuracy });
        }
    }
    Ok(simulated)
}

/// Says where it is and whom to sign in as.
pub(super) fn tell(addr: SocketAddr) {
    eprintln!("\n  Relabel's demo: http://{addr}\n  Sign in with the password `{PASSWORD}` as");
    for (local, role, _) in PEOPLE {
        let role = role.map_or("site admin", Role::as_str);
        eprintln!("    {local}@demo.example  ({role})");
    }
    eprintln!();
}

async fn add(services: &Services, user: NewUser) -> Result<(), DemoError> {
    match services.accounts().add(&Actor::Operator, user).await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Code::EmailTaken => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn email(local: &str) -> Option<Email> {
    Email::parse(format!("{local}@demo.example")).ok()
}

/// A password that nobody is told.
fn unknowable() -> String {
    let mut bytes = [0; 24];
    // Without randomness there is no secret to make; the account is then one that nobody can enter by this password
    // either, because signing in needs the same randomness.
    if getrandom::fill(&mut bytes).is_err() {
        tracing::error!("the operating system gives no random bytes");
    }
    hex::encode(bytes)
}
