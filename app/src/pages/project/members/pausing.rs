//! Pausing a member, so that nothing more is served to them, and letting them go on.

use crate::{
    components::{
        badge::{Badge, Tone},
        confirm::Confirm,
        time::Time,
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

/// Who is paused without being a member, such as an admin who annotated; nothing where there is none.
#[component]
pub(super) fn PausedOthers(
    slug: String,
    archived: bool,
    others: Vec<MemberView>,
    pausing: Pausing,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |other: MemberView| {
        let (slug, email) = (slug.clone(), other.email.to_string());
        let resume =
            (!archived).then(|| view! { <PauseOrResume slug email=email.clone() is_paused=true pausing /> });
        view! {
            <tr>
                <td>
                    <span class="members-name">{other.name}</span> " " <PausedBadge />
                    <span class="members-email">{email}</span>
                </td>
                <td>{other.paused_at.map(|at| view! { <Time at /> })}</td>
                <td>{resume}</td>
            </tr>
        }
    };
    (!others.is_empty()).then(|| {
        view! {
            <section class="section section-wide members-add">
                <h2 class="section-title">{tu_string!(i18n, members.others)}</h2>
                <p class="section-lead">{tu_string!(i18n, members.others_text)}</p>
                <div class="table-box" tabindex="0">
                    <table class="table members">
                        <thead>
                            <tr>
                                <th scope="col">{tu_string!(i18n, members.other)}</th>
                                <th scope="col">{tu_string!(i18n, members.paused_since)}</th>
                                <th scope="col">
                                    <span class="visually-hidden">{tu_string!(i18n, members.actions)}</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>{others.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}
