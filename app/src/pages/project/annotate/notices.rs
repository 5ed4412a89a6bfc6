//! What went otherwise than the annotator could see: answers that were not counted, tasks that were lost, a server
//! that does not answer.

use super::{
    desk::{Desk, Message},
    state::{LostAct, Trouble},
};
use crate::{
    address::with_query,
    components::form::use_outcome,
    error::Answer,
    i18n::{tu_string, use_i18n},
    refusal_text,
};
use leptos::prelude::*;

/// The notices above the sample; none most of the time.
#[component]
pub fn Notices(desk: Desk) -> impl IntoView {
    view! {
        <div class="annotate-notices" aria-live="polite">
            <LostAnswers desk />
            <TroubleNotice desk />
            <OutdatedNotice desk />
            <ManagersNotice desk />
            <FormNotice />
        </div>
    }
}

#[component]
fn LostAnswers(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let state = desk.state;
    let lost = Memo::new(move |_| state.with(|state| state.lost.clone()));
    move || {
        let lost = lost.get();
        (!lost.is_empty()).then(|| {
            view! {
                <div class="notice notice-bad annotate-lost">
                    <ul>
                        {lost
                            .into_iter()
                            .map(|lost| {
                                let text = match lost.what {
                                    LostAct::Answer(text) => tu_string!(i18n, annotate.lost_answer, text = text),
                                    LostAct::Skip => tu_string!(i18n, annotate.lost_skip).into(),
                                    LostAct::Draft(text) if text.is_empty() => tu_string!(i18n, annotate.lost_draft).into(),
                                    LostAct::Draft(text) => tu_string!(i18n, annotate.lost_choice, text = text),
                                };
                                let note = lost.note.map(|note| tu_string!(i18n, annotate.lost_note, note = note));
                                view! {
                                    <li>
                                        {text}" "{refusal_text::of(i18n, lost.code)}
                                        {note.map(|note| view! { <p class="annotate-lost-note">{note}</p> })}
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                    <button
                        class="button"
                        type="button"
                        on:click=move |_| desk.state.update(|state| state.lost.clear())
                    >
                        {tu_string!(i18n, annotate.understood)}
                    </button>
                </div>
            }
        })
    }
}

#[component]
fn TroubleNotice(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let state = desk.state;
    let trouble = Memo::new(move |_| state.with(|state| state.trouble));
    move || {
        trouble.get().map(|trouble| {
            let (text, way_out) = match trouble {
                Trouble::Unreachable => (tu_string!(i18n, annotate.unreachable), None),
                Trouble::SignedOut => {
                    let path = desk.screen.with_value(|screen| format!("/projects/{}/annotate", screen.slug));
                    let href = with_query("/sign-in", [("next", path.as_str())]);
                    let sign_in = view! {
                        <a class="button" rel="external" href=href>
                            {tu_string!(i18n, account.sign_in)}
                        </a>
                    };
                    (tu_string!(i18n, annotate.signed_out), Some(sign_in))
                }
            };
            view! {
                <div class="notice notice-warning annotate-trouble">
                    <p>{text}</p>
                    {way_out}
                    <button class="button" type="button" on:click=move |_| desk.send_now()>
                        {tu_string!(i18n, common.error.try_again)}
                    </button>
                </div>
            }
        })
    }
}

/// The guideline or the options have changed: whoever goes on answering has to see them.
#[component]
fn OutdatedNotice(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        desk.outdated.get().then(|| {
            view! {
                <div class="notice notice-warning annotate-trouble">
                    <p>{tu_string!(i18n, annotate.outdated)}</p>
                    <a class="button" rel="external" href="">{tu_string!(i18n, annotate.outdated_load)}</a>
                </div>
            }
        })
    }
}

/// Some answers differ from what is known to be right: said once, kindly, until it was read.
#[component]
fn ManagersNotice(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let notice = Memo::new(move |_| desk.state.with(|state| state.notice));
    move || {
        notice.get().map(|notice| {
            let slug = desk.with_slug(str::to_owned);
            let answers = format!("/projects/{slug}/answers");
            let guideline = format!("/projects/{slug}/guideline");
            view! {
                <div class="notice notice-warning annotate-trouble">
                    <p>{tu_string!(i18n, annotate.notice)}</p>
                    <div class="form-buttons">
                        <a class="button" rel="external" href=guideline>{tu_string!(i18n, common.nav.guideline)}</a>
                        <a class="button" rel="external" href=answers>{tu_string!(i18n, annotate.notice_answers)}</a>
                        <form method="post" action="/api/see_notice">
                            <input type="hidden" name="slug" value=slug />
                            <input type="hidden" name="notice" value=notice.to_string() />
                            <button
                                class="button"
                                on:click=move |event| {
                                    event.prevent_default();
                                    desk.see(notice);
                                }
                            >
                                {tu_string!(i18n, annotate.understood)}
                            </button>
                        </form>
                    </div>
                </div>
            }
        })
    }
}

/// What happened to the last thing that was done; over the line at the bottom, so that nothing moves.
#[component]
pub fn MessageLine(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="annotate-message" role="status">
            {move || {
                desk.message
                    .get()
                    .map(|message| {
                        let (class, text) = match message {
                            Message::TaskGone => {
                                ("notice notice-warning", tu_string!(i18n, annotate.task_gone).to_owned())
                            }
                            Message::TakenBack(text) => {
                                ("notice notice-good", tu_string!(i18n, annotate.taken_back, text = text).to_string())
                            }
                            Message::Refused(code) => ("notice notice-bad", refusal_text::of(i18n, code).to_owned()),
                            Message::Failed => {
                                ("notice notice-bad", tu_string!(i18n, common.error.unreachable_text).to_owned())
                            }
                            Message::Incomplete => {
                                ("notice notice-warning", tu_string!(i18n, annotate.incomplete).to_owned())
                            }
                        };
                        view! { <p class=class>{text}</p> }
                    })
            }}
        </div>
    }
}

/// What became of a form that was posted without JavaScript.
#[component]
fn FormNotice() -> impl IntoView {
    let i18n = use_i18n();
    let nothing = RwSignal::new(None::<Answer<()>>);
    ["submit_and_claim_next", "skip_and_claim_next", "claim_tasks", "undo_annotation", "see_notice"]
        .map(|form| {
            let code = match use_outcome(form, nothing).get_untracked() {
                Some(crate::components::form::FormOutcome::Refused(code)) => Some(code),
                _ => None,
            };
            code.map(|code| view! { <p class="notice notice-bad">{refusal_text::of(i18n, code)}</p> })
        })
        .collect_view()
}
