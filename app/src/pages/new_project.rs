//! Making a project: its name, what is shown and asked, and the guideline. Everything else has a default and is set
//! afterwards.

use crate::{
    components::{
        faults::{Faults, use_faults},
        field::{Requirement, TextField},
        form::{Outcome, use_outcome},
        layout::SignedIn,
        loaded::ToSignIn,
        safe_textarea::SafeTextarea,
        states::{RefusedState, Skeleton},
        title::Title,
    },
    error::{Answer, Refused, Reply},
    i18n::{tu_string, use_i18n},
    schema_text::SchemaForm,
};
use domain::problem::Code;
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_navigate;

/// Creates a project; the answer is its slug.
#[server(endpoint = "create_project")]
pub async fn create_project(
    name: String,
    slug: String,
    form: SchemaForm,
    #[server(default)] guideline: String,
) -> Answer<String> {
    use crate::{error::submit_then, session};
    use domain::{name::Slug, settings::Settings, view::project::NewProject};
    let created = async {
        let actor = session::actor().await?;
        let slug = Slug::parse(slug.trim().to_owned())
            .map_err(|_| service::Error::refused_at("/slug", Code::InvalidName, "not a short name"))?;
        let input = NewProject {
            slug,
            name: name.trim().to_owned(),
            schema: form.schema()?,
            guideline: guideline.replace("\r\n", "\n"),
            settings: Settings::default(),
        };
        let project = session::services()?.projects().create(&actor, input).await?;
        Ok(project.slug.to_string())
    };
    submit_then(created.await, |slug| Some(settings_of(slug)))
}

fn settings_of(slug: &str) -> String {
    format!("/projects/{slug}/settings")
}

/// The page that makes a project, for admins.
#[component]
pub fn NewProjectPage() -> impl IntoView {
    let i18n = use_i18n();
    let signed_in = expect_context::<SignedIn>().0;
    view! {
        <Title page=tu_string!(i18n, new_project.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match signed_in.await {
                    Ok(Reply::Done(None)) => view! { <ToSignIn /> }.into_any(),
                    Ok(Reply::Done(Some(me))) if !me.admin => {
                        view! { <RefusedState refused=Refused::of(Code::Forbidden) /> }.into_any()
                    }
                    _ => view! { <NewProjectForm /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn NewProjectForm() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<CreateProject>::new();
    let outcome = use_outcome("create_project", action.value());
    let faults = use_faults("create_project", action.value());
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(Reply::Done(slug))) = action.value().get() {
            navigate(&settings_of(&slug), Default::default());
        }
    });
    view! {
        <h1 class="page-title">{tu_string!(i18n, new_project.title)}</h1>
        <div class="section">
            <p class="section-lead">{tu_string!(i18n, new_project.lead)}</p>
            <ActionForm action>
                <TextField
                    name="name"
                    label=tu_string!(i18n, new_project.name)
                    hint=tu_string!(i18n, new_project.name_hint)
                />
                <TextField
                    name="slug"
                    label=tu_string!(i18n, new_project.slug)
                    hint=tu_string!(i18n, new_project.slug_hint)
                />
                <fieldset class="fieldset">
                    <legend class="fieldset-legend">{tu_string!(i18n, new_project.schema)}</legend>
                    <SafeTextarea
                        name="form[fields]"
                        label=tu_string!(i18n, new_project.fields)
                        hint=tu_string!(i18n, new_project.fields_hint)
                        value="text"
                        rows=2
                        longest=20_000
                    />
                    <TextField
                        name="form[title]"
                        label=tu_string!(i18n, new_project.question_title)
                        hint=tu_string!(i18n, new_project.question_title_hint)
                        requirement=Requirement::Optional
                    />
                    <TextField
                        name="form[question]"
                        label=tu_string!(i18n, new_project.question)
                        hint=tu_string!(i18n, new_project.question_hint)
                        value="label"
                        requirement=Requirement::Optional
                    />
                    <SafeTextarea
                        name="form[options]"
                        label=tu_string!(i18n, new_project.options)
                        hint=tu_string!(i18n, new_project.options_hint)
                        rows=6
                        longest=500_000
                    />
                    <details class="fold">
                        <summary class="fold-summary">{tu_string!(i18n, new_project.json)}</summary>
                        <SafeTextarea
                            name="form[json]"
                            label=tu_string!(i18n, new_project.json_label)
                            hint=tu_string!(i18n, new_project.json_hint)
                            rows=12
                            longest=1_000_000
                            class="textarea-code"
                        />
                    </details>
                </fieldset>
                <SafeTextarea
                    name="guideline"
                    label=tu_string!(i18n, new_project.guideline)
                    hint=tu_string!(i18n, new_project.guideline_hint)
                    rows=10
                    longest=200_000
                />
                <Outcome outcome done="" />
                <Faults faults />
                <button class="button button-primary" disabled=action.pending()>
                    {tu_string!(i18n, new_project.create)}
                </button>
            </ActionForm>
        </div>
    }
}
