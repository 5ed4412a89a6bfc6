//! Signatures of webhooks as Standard Webhooks describes them: HMAC-SHA256 over id, time and body.

use crate::{
    clock::random,
    error::{Error, Result},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// A new secret: `whsec_` and 256 random bits in Base64.
pub(crate) fn new_secret() -> String {
    format!("{PREFIX}{}", BASE64_STANDARD.encode(random::<32>()))
}

/// The signature of a message that is sent at this time.
pub(crate) fn sign(secret: &str, id: &str, at: Timestamp, body: &str) -> Result<String> {
    let key = secret.strip_prefix(PREFIX).and_then(|key| BASE64_STANDARD.decode(key).ok());
    let key = key.ok_or_else(|| Error::internal("a webhook's secret cannot be read"))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(Error::internal)?;
    mac.update(format!("{id}.{}.{body}", seconds(at)).as_bytes());
    Ok(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

/// A time as it stands in `webhook-timestamp`: seconds since 1970.
pub(crate) fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::{new_secret, sign};
    use domain::time::Timestamp;

    /// The example that the libraries of Standard Webhooks are tested with.
    #[test]
    fn the_published_example_is_signed_as_published() -> crate::Result<()> {
        let signature = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Timestamp(1_614_265_330_000_000),
            r#"{"test": 2432232314}"#,
        )?;
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        Ok(())
    }

    #[test]
    fn a_secret_is_new_every_time_and_can_sign() -> crate::Result<()> {
        let secret = new_secret();
        assert_ne!(secret, new_secret());
        sign(&secret, "evt_1", Timestamp(0), "{}")?;
        assert!(sign("whsec_!", "evt_1", Timestamp(0), "{}").is_err());
        Ok(())
    }
}
