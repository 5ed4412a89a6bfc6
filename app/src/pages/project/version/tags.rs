//! The tags of a version: setting one, which moves it where it names another version, and deleting one.

use super::api::{DeleteTag, ProtectTag, SetTag};
use crate::{
    components::{
        badge::{Badge, Tone},
        confirm::Confirm,
        field::TextField,
        form::{Outcome, use_outcome},
        time::Time,
    },
    i18n::{tu_string, use_i18n},
};
use domain::view::version::TagView;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn Tags(
    slug: String,
    number: i64,
    tags: Vec<TagView>,
    may_tag: bool,
    may_unprotect: bool,
    set: ServerAction<SetTag>,
    delete: ServerAction<DeleteTag>,
    protect: ServerAction<ProtectTag>,
) -> impl IntoView {
    let i18n = use_i18n();
    let was_set = use_outcome("set_tag", set.value());
    let was_deleted = use_outcome("delete_tag", delete.value());
    let was_protected = use_outcome("protect_tag", protect.value());
    let (here, elsewhere): (Vec<_>, Vec<_>) = tags.into_iter().partition(|tag| tag.version == number);
    let movable = (!elsewhere.is_empty()).then(|| {
        let names: Vec<_> = elsewhere.iter().map(|tag| format!("{} (v{})", tag.tag, tag.version)).collect();
        tu_string!(i18n, version.tags_elsewhere, tags = names.join(", ")).to_string()
    });
    let hint = [tu_string!(i18n, version.tag_hint).to_owned()].into_iter().chain(movable);
    let hint = hint.collect::<Vec<_>>().join(" ");
    let list = if here.is_empty() {
        view! { <p class="section-lead">{tu_string!(i18n, version.no_tags)}</p> }.into_any()
    } else {
        let slug = slug.clone();
        view! {
            <ul class="tags">
                {here
                    .into_iter()
                    .map(|tag| view! { <Tag slug=slug.clone() tag may_tag may_unprotect delete protect /> })
                    .collect_view()}
            </ul>
        }
        .into_any()
    };
    let form = may_tag.then(|| {
        view! {
            <ActionForm action=set>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="version" value=number />
                <TextField name="tag" label=tu_string!(i18n, version.tag) hint=hint />
                <button class="button" disabled=set.pending()>{tu_string!(i18n, version.set_tag)}</button>
            </ActionForm>
        }
    });
    view! {
        <section class="section">
            <h2 class="section-title">{tu_string!(i18n, version.tags)}</h2>
            {list}
            <Outcome outcome=was_deleted done=tu_string!(i18n, version.tag_deleted) />
            <Outcome outcome=was_protected done=tu_string!(i18n, common.saved) />
            <Outcome outcome=was_set done=tu_string!(i18n, version.tag_set) />
            {form}
        </section>
    }
}

#[component]
fn Tag(
    slug: String,
    tag: TagView,
    may_tag: bool,
    may_unprotect: bool,
    delete: ServerAction<DeleteTag>,
    protect: ServerAction<ProtectTag>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = tag.tag.to_string();
    let by = tag.moved_by.unwrap_or_else(|| tu_string!(i18n, versions.operator).to_owned());
    let may_move = may_tag && (may_unprotect || !tag.protected);
    let (of, called) = (slug.clone(), name.clone());
    let deletion = may_move.then(move || {
        let consequence = tu_string!(i18n, version.delete_tag_text, tag = called.clone()).to_string();
        view! {
            <Confirm summary=tu_string!(i18n, version.delete_tag)>
                <p>{consequence}</p>
                <ActionForm action=delete>
                    <input type="hidden" name="slug" value=of />
                    <input type="hidden" name="tag" value=called />
                    <button class="button button-danger" disabled=delete.pending()>
                        {tu_string!(i18n, version.delete_tag_confirm)}
                    </button>
                </ActionForm>
            </Confirm>
        }
    });
    let (of, called) = (slug.clone(), name.clone());
    let protection = may_move.then(move || {
        let (protection, text) = match tag.protected {
            true => ("off", tu_string!(i18n, version.unprotect_tag)),
            false => ("on", tu_string!(i18n, version.protect_tag)),
        };
        view! {
            <ActionForm action=protect>
                <input type="hidden" name="slug" value=of />
                <input type="hidden" name="tag" value=called />
                <input type="hidden" name="version" value=tag.version />
                <input type="hidden" name="protection" value=protection />
                <button class="button button-quiet" title=tu_string!(i18n, version.protect_hint) disabled=protect.pending()>
                    {text}
                </button>
            </ActionForm>
        }
    });
    view! {
        <li class="tags-item">
            <a class="tags-name" href=format!("/projects/{slug}/tags/{name}")>{name.clone()}</a>
            {tag.protected.then(|| view! { <Badge text=tu_string!(i18n, version.protected) tone=Tone::Good /> })}
            <span class="tags-facts">{by} " · " <Time at=tag.moved_at /></span>
            {protection}
            {deletion}
        </li>
    }
}
