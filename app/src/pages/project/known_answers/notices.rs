//! Whose answers fell below the level: the notices that are open, and those from before.

use super::api::CloseNotice;
use crate::{
    components::{
        badge::{Badge, Tone},
        number::{count, percent},
        pagination::Pagination,
        time::Time,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::view::{Page, notice::Notice};
use leptos::{form::ActionForm, prelude::*};

/// The open notices; nothing where there is none.
#[component]
pub(super) fn Notices(
    slug: String,
    archived: bool,
    notices: Vec<Notice>,
    close: ServerAction<CloseNotice>,
) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |notice: Notice| {
        let text = tu_string!(
            i18n,
            known.open_text,
            right = count(notice.right),
            of = count(notice.of),
            level = percent(notice.level)
        )
        .to_string();
        let seen = match notice.seen_at {
            Some(_) => tu_string!(i18n, known.seen),
            None => tu_string!(i18n, known.unseen),
        };
        let members = format!("/projects/{slug}/members");
        let still_paused = (notice.paused && !archived).then(|| {
            view! {
                <p>{tu_string!(i18n, known.still_paused)} " " <a href=members>{tu_string!(i18n, common.nav.members)}</a></p>
            }
        });
        let slug = slug.clone();
        let form = (!archived).then(|| {
            view! {
                <ActionForm action=close attr:class="row-form">
                    <input type="hidden" name="slug" value=slug />
                    <input type="hidden" name="notice" value=notice.notice.to_string() />
                    <button class="button" disabled=close.pending()>{tu_string!(i18n, known.close)}</button>
                </ActionForm>
            }
        });
        view! {
            <li class="known-notice">
                <p>
                    <strong>{notice.annotator}</strong> " " <Time at=notice.created_at /> " "
                    {notice.paused.then(|| view! { <Badge text=tu_string!(i18n, known.paused) tone=Tone::Warning /> })}
                </p>
                <p>{text} " " {seen}</p>
                {still_paused}
                {form}
            </li>
        }
    };
    (!notices.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2 class="section-title">{tu_string!(i18n, known.open_title)}</h2>
                <ul class="known-notices">{notices.into_iter().map(one).collect_view()}</ul>
            </section>
        }
    })
}

/// The notices that are closed or withdrawn, the newest first; nothing where there is none.
#[component]
pub(super) fn Earlier(earlier: Page<Notice>) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |notice: Notice| {
        let result = tu_string!(
            i18n,
            known.earlier_result,
            right = count(notice.right),
            of = count(notice.of),
            level = percent(notice.level)
        )
        .to_string();
        let ended = ended_text(i18n, &notice);
        view! {
            <tr>
                <td>
                    {notice.annotator} " "
                    {notice.paused.then(|| view! { <Badge text=tu_string!(i18n, known.earlier_paused) /> })}
                </td>
                <td>{result}</td>
                <td><Time at=notice.created_at /></td>
                <td>{notice.closed_at.map(|at| view! { <Time at /> " " })} {ended}</td>
            </tr>
        }
    };
    (!earlier.items.is_empty()).then(|| {
        view! {
            <section class="section section-full" id="earlier">
                <h2 class="section-title">{tu_string!(i18n, known.earlier)}</h2>
                <p class="section-lead">{tu_string!(i18n, known.earlier_text)}</p>
                <div class="table-box" tabindex="0">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{tu_string!(i18n, known.who)}</th>
                                <th scope="col">{tu_string!(i18n, known.right)}</th>
                                <th scope="col">{tu_string!(i18n, known.earlier_written)}</th>
                                <th scope="col">{tu_string!(i18n, known.earlier_ended)}</th>
                            </tr>
                        </thead>
                        <tbody>{earlier.items.into_iter().map(one).collect_view()}</tbody>
                    </table>
                </div>
                <Pagination next=earlier.next_cursor key="earlier" />
            </section>
        }
    })
}

/// Why a notice is not open any more.
fn ended_text(i18n: I18n, notice: &Notice) -> String {
    match &notice.closed_by {
        _ if notice.withdrawn => tu_string!(i18n, known.withdrawn).to_owned(),
        Some(who) => tu_string!(i18n, known.closed_by, who = who.clone()).to_string(),
        None => tu_string!(i18n, known.closed_elsewhere).to_owned(),
    }
}
