//! When a page must be read anew: after something was done. What was refused changes nothing, so the page stays as it
//! is and keeps what was typed.

use crate::error::{Answer, Reply};
use leptos::prelude::*;

/// Grows by one each time that the action was done.
pub fn use_done<T: 'static>(
    value: impl With<Value = Option<Answer<T>>> + Send + Sync + 'static,
) -> Memo<u32> {
    Memo::new(move |times: Option<&u32>| {
        let done = value.with(|answer| matches!(answer, Some(Ok(Reply::Done(_)))));
        times.copied().unwrap_or_default() + u32::from(done)
    })
}
