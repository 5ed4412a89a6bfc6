//! Safe retries: a request that is sent twice with the same key takes effect once.
//!
//! The server names the request by [`scope`]; the first write of the use case looks the key up and keeps its
//! answer in the same transaction as its effect, so that no crash can part the two.

use std::{cell::RefCell, future::Future};

/// A request that its sender may send again.
#[derive(Clone, Debug, PartialEq, Eq)]
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

tokio::task_local! {
    static REQUEST: RefCell<Request>;
}

/// Runs `work`, a use case, as the effect of `request`.
pub async fn scope<F: Future>(request: Request, work: F) -> F::Output {
    REQUEST.scope(RefCell::new(request), work).await
}

/// Says the body's hash, for a body that was read after [`scope`] began.
pub fn set_body_hash(hash: &str) {
    // Outside a scope there is nothing to remember.
    let _ = REQUEST.try_with(|request| hash.clone_into(&mut request.borrow_mut().body_hash));
}

/// The request that the current use case is the effect of, where it has a key.
pub(crate) fn current() -> Option<Request> {
    REQUEST.try_with(|request| request.borrow().clone()).ok()
}
