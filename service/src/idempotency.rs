//! Safe retries: a request that is sent twice with the same key takes effect once.
//!
//! The server names the request by [`scope`]; the first write of the use case looks the key up and keeps its
//! answer in the same transaction as its effect, so that no crash can part the two.

use serde::{Deserialize, Serialize};
use std::{cell::RefCell, future::Future};

/// A request that its sender may send again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Whose key it is: the user or token.
    pub principal: String,
    /// The HTTP method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The key that the sender chose.
    pub key: String,
    /// A hash of the body.
    pub body_hash: String,
}

/// The request that is being answered.
struct Current {
    request: Request,
    /// The body was read, so that its hash is the body's.
    read: bool,
    /// A use case has looked the key up.
    looked_up: bool,
}

tokio::task_local! {
    static CURRENT: RefCell<Current>;
}

/// Runs `work`, a use case, as the effect of `request`.
pub async fn scope<F: Future>(request: Request, work: F) -> F::Output {
    CURRENT.scope(RefCell::new(Current { request, read: false, looked_up: false }), work).await
}

/// Says the body's hash, for a body that was read after [`scope`] began.
pub fn set_body_hash(hash: &str) {
    // Outside a scope there is nothing to remember.
    let _ = CURRENT.try_with(|current| {
        let mut current = current.borrow_mut();
        hash.clone_into(&mut current.request.body_hash);
        current.read = true;
    });
}

/// The request that the current use case is the effect of, where it has a key.
pub(crate) fn current() -> Option<Request> {
    CURRENT
        .try_with(|current| {
            let mut current = current.borrow_mut();
            current.looked_up = true;
            current.request.clone()
        })
        .ok()
}

/// The request with a key, where it was read and no use case has looked its key up.
pub(crate) fn current_without_effect() -> Option<Request> {
    let untouched = |current: &RefCell<Current>| {
        let current = current.borrow();
        (current.read && !current.looked_up).then(|| current.request.clone())
    };
    CURRENT.try_with(untouched).ok().flatten()
}
