//! Passwords: what one must be like, and argon2id. Hashing is slow on purpose, so it never runs on the async
//! threads and never inside a transaction.

use crate::error::{Error, Result};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, phc::PasswordHash},
};
use domain::problem::Code;
use tokio::sync::Semaphore;

/// How many characters a password has.
const LENGTHS: std::ops::RangeInclusive<usize> = 10..=256;

/// Memory in KiB, passes and lanes: OWASP's recommendation for argon2id.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// How many are hashed at once, so that a flood of sign-ins cannot take all memory.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Stands in for the hash of a user who does not exist, so that both cost the same time. Of no known password.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$Kd0u3fR7hWm1b5tq8sYxZA$\
                       5XyGm0Tt1c7v9QnW3JkRz4uEoB8sLhVdPfAaIiUuYyM";

/// Refuses a password that is too short or too long.
pub(crate) fn check(password: &str) -> Result<()> {
    if LENGTHS.contains(&password.chars().take(LENGTHS.end() + 1).count()) {
        return Ok(());
    }
    let detail = format!("a password has {} to {} characters", LENGTHS.start(), LENGTHS.end());
    Err(Error::refused_at("/password", Code::WeakPassword, detail))
}

/// The hash of a password, as a PHC string.
pub(crate) async fn hash(password: String) -> Result<String> {
    off_the_async_threads(move || {
        let hash: PasswordHash = hasher()?.hash_password(password.as_bytes())?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether `password` is the one that was hashed; without a hash no password is, after the same time.
pub(crate) async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    off_the_async_threads(move || {
        let parsed = PasswordHash::new(hash.as_deref().unwrap_or(NOBODYS))
            .map_err(|_| password_hash::Error::EncodingInvalid)?;
        match hasher()?.verify_password(password.as_bytes(), &parsed) {
            Ok(()) => Ok(hash.is_some()),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(error),
        }
    })
    .await
}

fn hasher() -> std::result::Result<Argon2<'static>, password_hash::Error> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|_| password_hash::Error::ParamsInvalid)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn off_the_async_threads<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> std::result::Result<T, password_hash::Error> + Send + 'static,
{
    let permit = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let done = tokio::task::spawn_blocking(move || {
        // Held until the work is done, even where nobody waits for it any more.
        let _permit = permit;
        work()
    });
    done.await.map_err(Error::internal)?.map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{COST, NOBODYS, check, hash, verify};
    use argon2::password_hash::phc::PasswordHash;

    #[tokio::test]
    async fn a_password_is_verified_and_an_unknown_user_is_refused() -> Result<(), crate::Error> {
        let hashed = hash("correct horse".to_owned()).await?;
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify("correct horse".to_owned(), Some(hashed.clone())).await?);
        assert!(!verify("wrong horse".to_owned(), Some(hashed)).await?);
        assert!(!verify("correct horse".to_owned(), None).await?);
        Ok(())
    }

    #[test]
    fn an_unknown_user_costs_what_a_known_one_does() {
        let params = PasswordHash::new(NOBODYS).map(|hash| hash.params.to_string());
        let (memory, passes, lanes) = COST;
        assert_eq!(params.ok(), Some(format!("m={memory},t={passes},p={lanes}")));
    }

    #[test]
    fn lengths_count_characters() {
        assert!(check("열글자비밀번호입니다").is_ok());
        assert!(check("123456789").is_err());
        assert!(check(&"a".repeat(256)).is_ok());
        assert!(check(&"a".repeat(257)).is_err());
    }
}
