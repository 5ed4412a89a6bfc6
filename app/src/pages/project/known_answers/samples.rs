//! The samples whose answers are known.

use super::api::RetireKnownAnswer;
use crate::{
    components::{
        answer::AnswerText, confirm::Confirm, number::count, pagination::Pagination, sample_link::SampleLink,
        states::Empty, time::Time,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{
    schema::Schema,
    view::{
        Page,
        known::{KeptBack, KnownAnswer},
    },
};
use leptos::{form::ActionForm, prelude::*};

/// The samples, by id.
#[component]
pub(super) fn Samples(
    slug: String,
    archived: bool,
    schema: Schema,
    page: Page<KnownAnswer>,
    retire: ServerAction<RetireKnownAnswer>,
) -> impl IntoView {
    let i18n = use_i18n();
    let body = if page.items.is_empty() {
        view! {
            <Empty title=tu_string!(i18n, known.samples_none)>
                <p>{tu_string!(i18n, known.samples_none_text)}</p>
                <p><a class="button" href=format!("/projects/{slug}/samples")>{tu_string!(i18n, common.nav.samples)}</a></p>
            </Empty>
        }
        .into_any()
    } else {
        let rows = page.items.into_iter().map(|known| {
            let retire = (!archived).then_some(retire);
            view! { <Row slug=slug.clone() schema=&schema known retire /> }
        });
        view! {
            <div class="table-box" tabindex="0">
                <table class="table known-samples">
                    <thead>
                        <tr>
                            <th scope="col">{tu_string!(i18n, known.sample)}</th>
                            <th scope="col">{tu_string!(i18n, known.answers)}</th>
                            <th scope="col" class="number">{tu_string!(i18n, known.answered)}</th>
                            <th scope="col" class="number">{tu_string!(i18n, known.right)}</th>
                            <th scope="col">{tu_string!(i18n, known.state)}</th>
                            <th scope="col">{tu_string!(i18n, known.marked)}</th>
                            <th scope="col"><span class="visually-hidden">{tu_string!(i18n, known.actions)}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <Pagination next=page.next_cursor />
        }
        .into_any()
    };
    view! {
        <section class="section section-full">
            <h2 class="section-title">{tu_string!(i18n, known.samples)}</h2>
            {body}
        </section>
    }
}

/// Whether it is asked for, and if not, why.
pub(in crate::pages::project) fn state_text(i18n: I18n, kept_back: Option<KeptBack>) -> &'static str {
    match kept_back {
        None => tu_string!(i18n, known.asked),
        Some(KeptBack::InQueue) => tu_string!(i18n, known.in_queue),
        Some(KeptBack::ContentChanged) => tu_string!(i18n, known.content_changed),
        Some(KeptBack::NotOffered) => tu_string!(i18n, known.not_offered),
    }
}

#[component]
fn Row<'a>(
    slug: String,
    schema: &'a Schema,
    known: KnownAnswer,
    retire: Option<ServerAction<RetireKnownAnswer>>,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let id = known.sample.to_string();
    let text = tu_string!(i18n, known.retire_text, id = id.clone()).to_string();
    let (form_slug, form_id) = (slug.clone(), id.clone());
    let form = retire.map(|retire| {
        view! {
            <Confirm summary=tu_string!(i18n, known.retire)>
                <p>{text}</p>
                <ActionForm action=retire>
                    <input type="hidden" name="slug" value=form_slug />
                    <input type="hidden" name="id" value=form_id />
                    <button class="button button-danger" disabled=retire.pending()>
                        {tu_string!(i18n, known.retire_confirm)}
                    </button>
                </ActionForm>
            </Confirm>
        }
    });
    view! {
        <tr>
            <td><SampleLink slug id /></td>
            <td><AnswerText schema answers=Some(&known.answers) /></td>
            <td class="number">{count(known.answered)}</td>
            <td class="number">{count(known.right)}</td>
            <td>{state_text(i18n, known.kept_back)}</td>
            <td>{known.marked_by} " " <Time at=known.marked_at /></td>
            <td>{form}</td>
        </tr>
    }
}
