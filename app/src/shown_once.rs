//! The cookie that carries a new secret over the redirect after a form without JavaScript. Only the page that shows it sees
//! it, scripts cannot read it, and it ends within a minute: the secret is never in an address, nor in a log.

use crate::cookie::secure;
use http::{HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// A secret that a page shows once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownOnce {
    /// The cookie's name.
    pub name: &'static str,
    /// The page's path.
    pub path: String,
}

impl ShownOnce {
    /// Keeps the secret for the next time that the page is opened.
    pub fn keep(&self, secret: &str) {
        self.set(secret, 60);
    }

    /// The secret that was kept, once.
    pub fn take(&self) -> Option<String> {
        let parts = use_context::<Parts>()?;
        let cookies = parts.headers.get(header::COOKIE)?.to_str().ok()?;
        let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        let secret = pairs.into_iter().find(|(name, _)| *name == self.name)?.1.to_owned();
        self.set("", 0);
        Some(secret)
    }

    fn set(&self, value: &str, age: u32) {
        let (name, path, secure) = (self.name, &self.path, secure());
        let cookie = format!("{name}={value}; Path={path}; Max-Age={age}; HttpOnly; SameSite=Strict{secure}");
        if let (Some(response), Ok(cookie)) =
            (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie))
        {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }
}
