//! Pausing a member, so that nothing more is served to them, and letting them go on.

use crate::{
    components::{
        badge::{Badge, Tone},
        confirm::Confirm,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
};
use domain::view::account::MemberView;
use leptos::{form::ActionForm, prelude::*};

/// Serves nothing more to a member.
#[server(endpoint = "pause_member")]
pub async fn pause_member(slug: String, email: String) -> Answer<MemberView> {
    use crate::{error::submit, parse, session};
    use domain::{name::Email, problem::Code};
    let paused = async {
        let actor = session::actor().await?;
        let email = Email::parse(email).map_err(|_| Code::NotFound)?;
        session::services()?.members().pause(&actor, &parse::slug(&slug)?, &email).await
    };
    submit(paused.await)
}

/// Lets a paused member go on.
#[server(endpoint = "resume_member")]
pub async fn resume_member(slug: String, email: String) -> Answer<MemberView> {
    use crate::{error::submit, parse, session};
    use domain::{name::Email, problem::Code};
    let resumed = async {
        let actor = session::actor().await?;
        let email = Email::parse(email).map_err(|_| Code::NotFound)?;
        session::services()?.members().resume(&actor, &parse::slug(&slug)?, &email).await
    };
    submit(resumed.await)
}

/// The two actions of the page.
#[derive(Clone, Copy)]
pub(super) struct Pausing {
    pub pause: ServerAction<PauseMember>,
    pub resume: ServerAction<ResumeMember>,
}

/// Says that a member is paused.
#[component]
pub(super) fn PausedBadge() -> impl IntoView {
    let i18n = use_i18n();
    view! { <Badge text=tu_string!(i18n, members.paused) tone=Tone::Warning /> }
}

/// The form that pauses the member, or the one that lets them go on.
#[component]
pub(super) fn PauseOrResume(slug: String, email: String, is_paused: bool, pausing: Pausing) -> impl IntoView {
    let i18n = use_i18n();
    if is_paused {
        return view! {
            <ActionForm action=pausing.resume>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="email" value=email />
                <button class="button" disabled=pausing.resume.pending()>{tu_string!(i18n, members.resume)}</button>
            </ActionForm>
        }
        .into_any();
    }
    let consequence = tu_string!(i18n, members.pause_text, who = email.clone()).to_string();
    view! {
        <Confirm summary=tu_string!(i18n, members.pause)>
            <p>{consequence}</p>
            <ActionForm action=pausing.pause>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="email" value=email />
                <button class="button" disabled=pausing.pause.pending()>
                    {tu_string!(i18n, members.pause_confirm)}
                </button>
            </ActionForm>
        </Confirm>
    }
    .into_any()
}
