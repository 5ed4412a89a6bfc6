//! The cookie that carries a new token over the redirect after a form without JavaScript. Only this page's address sees
//! it, scripts cannot read it, and it ends within a minute: the token is never in an address, nor on the server's disk.

use crate::cookie::secure;
use http::{HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

const NAME: &str = "relabel_new_token";

pub(super) fn keep(token: &str) {
    set(token, 60);
}

pub(super) fn take() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get(header::COOKIE)?.to_str().ok()?;
    let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    let token = pairs.into_iter().find(|(name, _)| *name == NAME)?.1.to_owned();
    set("", 0);
    Some(token)
}

fn set(value: &str, age: u32) {
    let secure = secure();
    let cookie =
        format!("{NAME}={value}; Path=/account/tokens; Max-Age={age}; HttpOnly; SameSite=Strict{secure}");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}
