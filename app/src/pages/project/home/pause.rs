//! That one is paused, why, and what to do: instead of the way to the queue.

use crate::{
    components::{number::count, time::Time},
    i18n::{tu_string, use_i18n},
};
use domain::{time::Timestamp, view::notice::OwnNotice};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A pause as whom it is about sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub since: Timestamp,
    /// The notice that paused them, open or closed; none where a manager did.
    pub notice: Option<OwnNotice>,
    /// How many tasks they may still finish.
    pub held: i64,
}

/// The caller's pause, where they are paused.
#[cfg(feature = "ssr")]
pub(super) async fn of(
    services: &service::Services,
    actor: &service::Actor,
    slug: &domain::name::Slug,
) -> service::Result<Option<Pause>> {
    let standing = services.notices().own(actor, slug).await?;
    let Some(since) = standing.paused_at else { return Ok(None) };
    let notice = standing.notices.into_iter().find(|notice| standing.paused_by == Some(notice.notice));
    let held = services.queue().held(actor, slug).await?.tasks.len();
    Ok(Some(Pause { since, notice, held: i64::try_from(held).unwrap_or(i64::MAX) }))
}

#[component]
pub(super) fn Paused(slug: String, pause: Pause) -> impl IntoView {
    let i18n = use_i18n();
    let why = match pause.notice {
        Some(OwnNotice { right, of, .. }) => view! {
            <p>{tu_string!(i18n, annotate.notice)}</p>
            <p>{tu_string!(i18n, answers.notice, right = count(right), of = count(of)).to_string()}</p>
        }
        .into_any(),
        None => view! { <p>{tu_string!(i18n, home.paused_by_hand)}</p> }.into_any(),
    };
    let page = |path: &str| format!("/projects/{slug}/{path}");
    let held = (pause.held > 0).then(|| {
        let text = tu_string!(i18n, home.paused_held, n = count(pause.held)).to_string();
        view! { <a class="button button-primary" href=page("annotate")>{text}</a> }
    });
    view! {
        <section class="home-paused notice notice-warning">
            <h2 class="home-paused-title">{tu_string!(i18n, annotate.paused)}</h2>
            {why}
            <p>{tu_string!(i18n, annotate.paused_text)}</p>
            <p class="home-paused-since">{tu_string!(i18n, home.paused_since)} " " <Time at=pause.since /></p>
            <p class="form-buttons">
                {held}
                <a class="button" href=page("guideline")>{tu_string!(i18n, common.nav.guideline)}</a>
                <a class="button" href=page("answers")>{tu_string!(i18n, common.nav.answers)}</a>
            </p>
        </section>
    }
}
