//! What a receiver's name stands for, as far as events may be sent there. The client connects to these very addresses, so
//! there is no moment at which a name could come to stand for others.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use service::receivers::Receivers;
use std::net::SocketAddr;

/// Why nothing is sent.
pub(super) const PRIVATE: &str =
    "this address is not on the public internet, and the server sends nothing there";

/// Looks up names for the client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver(pub(super) Receivers);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let receivers = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|found| receivers.allows(found.ip())).collect();
            if allowed.is_empty() {
                return Err(PRIVATE.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
