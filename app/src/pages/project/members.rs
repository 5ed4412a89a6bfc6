//! The project's members: who they are, what they may do, and adding and removing them.

mod pausing;

use crate::{
    components::{
        badge::{Badge, SimulatedBadge, role_text},
        confirm::Confirm,
        field::{SelectField, TextField},
        form::{Outcome, use_outcome},
        loaded::Loaded,
        project_layout::use_slug,
        reload::use_done,
        states::Empty,
        time::Time,
        title::Title,
    },
    error::Answer,
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{access::Role, view::account::MemberView};
use leptos::{form::ActionForm, prelude::*, server_fn::codec::GetUrl};
use pausing::{PauseMember, PauseOrResume, PausedBadge, PausedOthers, Pausing, ResumeMember};
use serde::{Deserialize, Serialize};

/// The members and the project that they are in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Members {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// Whether it is archived, so that nothing can be changed.
    pub archived: bool,
    /// By e-mail address.
    pub members: Vec<MemberView>,
    /// Who is paused without being a member.
    pub others: Vec<MemberView>,
}

/// The members of a project.
#[server(endpoint = "load_members", input = GetUrl)]
pub async fn load_members(slug: String) -> Answer<Members> {
    use crate::{error::load, parse, session};
    let members = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let members = services.members().list(&actor, &slug).await?;
        let others = services.members().paused_others(&actor, &slug).await?;
        let project = services.projects().get(&actor, &slug).await?;
        let archived = project.archived_at.is_some();
        Ok(Members { slug: slug.to_string(), project: project.name, archived, members, others })
    };
    load(members.await)
}

/// Makes somebody a member, or gives a member another role.
#[server(endpoint = "set_member")]
pub async fn set_member(slug: String, email: String, role: String) -> Answer<MemberView> {
    use crate::{error::submit, parse, session};
    use domain::{name::Email, problem::Code, view::project::MemberInput};
    let set = async {
        let actor = session::actor().await?;
        let email = Email::parse(email.trim().to_lowercase()).map_err(|_| Code::InvalidName)?;
        let role = Role::parse(&role).ok_or(Code::Invalid)?;
        session::services()?.members().set(&actor, &parse::slug(&slug)?, MemberInput { email, role }).await
    };
    submit(set.await)
}

/// Ends a membership.
#[server(endpoint = "remove_member")]
pub async fn remove_member(slug: String, email: String) -> Answer<()> {
    use crate::{error::submit, parse, session};
    use domain::{name::Email, problem::Code};
    let removed = async {
        let actor = session::actor().await?;
        let email = Email::parse(email).map_err(|_| Code::NotFound)?;
        session::services()?.members().remove(&actor, &parse::slug(&slug)?, &email).await
    };
    submit(removed.await)
}

/// The page with the project's members.
#[component]
pub fn MembersPage() -> impl IntoView {
    let slug = use_slug();
    let (set, remove) = (ServerAction::<SetMember>::new(), ServerAction::<RemoveMember>::new());
    let pausing =
        Pausing { pause: ServerAction::<PauseMember>::new(), resume: ServerAction::<ResumeMember>::new() };
    let changes = [
        use_done(set.value()),
        use_done(remove.value()),
        use_done(pausing.pause.value()),
        use_done(pausing.resume.value()),
    ];
    let members = Resource::new(
        move || (slug.get(), changes.map(|changes| changes.get())),
        |(slug, _)| load_members(slug),
    );
    view! {
        <Loaded data=members view=move |members| view! { <Shown members set remove pausing /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(
    members: Members,
    set: ServerAction<SetMember>,
    remove: ServerAction<RemoveMember>,
    pausing: Pausing,
) -> impl IntoView {
    let i18n = use_i18n();
    let Members { slug, project, archived, members, others } = members;
    let (was_set, was_removed) =
        (use_outcome("set_member", set.value()), use_outcome("remove_member", remove.value()));
    let was_paused = use_outcome("pause_member", pausing.pause.value());
    let was_resumed = use_outcome("resume_member", pausing.resume.value());
    let title = tu_string!(i18n, common.nav.members);
    let list = if members.is_empty() {
        view! {
            <Empty title=tu_string!(i18n, members.empty)>
                <p>{tu_string!(i18n, members.empty_text)}</p>
            </Empty>
        }
        .into_any()
    } else {
        view! { <List slug=slug.clone() archived members set remove pausing /> }.into_any()
    };
    view! {
        <Title page=title project />
        <h1 class="page-title">{title}</h1>
        <Outcome outcome=was_set done=tu_string!(i18n, members.set) />
        <Outcome outcome=was_removed done=tu_string!(i18n, members.removed) />
        <Outcome outcome=was_paused done=tu_string!(i18n, members.was_paused) />
        <Outcome outcome=was_resumed done=tu_string!(i18n, members.was_resumed) />
        {list}
        <PausedOthers slug=slug.clone() archived others pausing />
        {(!archived).then(|| view! { <AddMember slug set /> })}
    }
}

#[component]
fn List(
    slug: String,
    archived: bool,
    members: Vec<MemberView>,
    set: ServerAction<SetMember>,
    remove: ServerAction<RemoveMember>,
    pausing: Pausing,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |member: MemberView| {
        let slug = slug.clone();
        let marks = view! {
            {member.simulated.then(|| view! { <SimulatedBadge /> })}
            {member.paused_at.map(|_| view! { <PausedBadge /> })}
            {member.disabled.then(|| view! { <Badge text=tu_string!(i18n, members.disabled) /> })}
        };
        let (email, name) = (member.email.to_string(), member.name.clone());
        view! {
            <tr>
                <td>
                    <span class="members-name">{name}</span> " " {marks}
                    <span class="members-email">{email.clone()}</span>
                </td>
                <td>
                    {if archived {
                        role_text(i18n, Some(member.role)).into_any()
                    } else {
                        view! { <ChangeRole slug=slug.clone() email=email.clone() role=member.role set /> }.into_any()
                    }}
                </td>
                <td><Time at=member.since /></td>
                <td>
                    {(!archived)
                        .then(|| {
                            let (slug, email, is_paused) = (slug.clone(), email.clone(), member.paused_at.is_some());
                            view! { <PauseOrResume slug email is_paused pausing /> }
                        })}
                    {(!archived).then(|| view! { <RemoveMember slug email remove /> })}
                </td>
            </tr>
        }
    };
    view! {
        <div class="table-box" tabindex="0">
            <table class="table members">
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, members.who)}</th>
                        <th scope="col">{tu_string!(i18n, members.role)}</th>
                        <th scope="col">{tu_string!(i18n, members.since)}</th>
                        <th scope="col">
                            <span class="visually-hidden">{tu_string!(i18n, members.actions)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{members.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The roles as values and words.
fn roles(i18n: I18n) -> Vec<(String, String)> {
    Role::ALL.map(|role| (role.as_str().to_owned(), role_text(i18n, Some(role)).to_owned())).into()
}

#[component]
fn ChangeRole(slug: String, email: String, role: Role, set: ServerAction<SetMember>) -> impl IntoView {
    let i18n = use_i18n();
    let label = tu_string!(i18n, members.role_of, who = email.clone()).to_string();
    let options = roles(i18n)
        .into_iter()
        .map(|(value, text)| {
            let is_selected = value == role.as_str();
            view! { <option value=value selected=is_selected>{text}</option> }
        })
        .collect_view();
    view! {
        <ActionForm action=set attr:class="row-form">
            <input type="hidden" name="slug" value=slug />
            <input type="hidden" name="email" value=email />
            <select class="input" name="role" aria-label=label>{options}</select>
            <button class="button" disabled=set.pending()>{tu_string!(i18n, members.change_role)}</button>
        </ActionForm>
    }
}

#[component]
fn RemoveMember(slug: String, email: String, remove: ServerAction<RemoveMember>) -> impl IntoView {
    let i18n = use_i18n();
    let consequence = tu_string!(i18n, members.remove_text, who = email.clone()).to_string();
    view! {
        <Confirm summary=tu_string!(i18n, members.remove)>
            <p>{consequence}</p>
            <ActionForm action=remove>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="email" value=email />
                <button class="button button-danger" disabled=remove.pending()>
                    {tu_string!(i18n, members.remove_confirm)}
                </button>
            </ActionForm>
        </Confirm>
    }
}

#[component]
fn AddMember(slug: String, set: ServerAction<SetMember>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="section members-add">
            <h2 class="section-title">{tu_string!(i18n, members.add)}</h2>
            <p class="section-lead">{tu_string!(i18n, members.add_text)}</p>
            <ActionForm action=set>
                <input type="hidden" name="slug" value=slug />
                <TextField name="email" label=tu_string!(i18n, members.email) kind="email" />
                <SelectField
                    name="role"
                    label=tu_string!(i18n, members.role)
                    options=roles(i18n)
                    selected=Role::Annotator.as_str()
                    hint=tu_string!(i18n, members.role_hint)
                />
                <button class="button button-primary" disabled=set.pending()>{tu_string!(i18n, members.add)}</button>
            </ActionForm>
        </section>
    }
}
