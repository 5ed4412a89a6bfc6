//! The server functions of the upload page. A file is sent as a form, with or without JavaScript; what became of a
//! plain form is kept in the session for the page that follows.

use crate::error::{Answer, Reply};
use domain::{
    schema::Schema,
    view::intake::{AnnotationImport, FeedbackImport, PredictionImport, SampleImport, UploadPreview},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, MultipartData, MultipartFormData},
};
use serde::{Deserialize, Serialize};

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Received {
    /// It was read and checked, and nothing of it kept.
    Checked(UploadPreview),
    /// Its samples were taken in.
    Samples(SampleImport),
    /// The people's answers in it were taken in.
    Annotations(AnnotationImport),
    /// Its predictions were taken in.
    Predictions(PredictionImport),
    /// Its reports were taken in.
    Reports(FeedbackImport),
}

/// Everything that the page begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screen {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What a file may hold.
    pub schema: Schema,
    /// What became of the last plain form.
    pub last: Option<Reply<Received>>,
}

/// What the page begins with. `outcome`: whether the address tells of a form.
#[server(endpoint = "load_upload", input = GetUrl)]
pub async fn load_upload(slug: String, #[server(default)] outcome: Option<String>) -> Answer<Screen> {
    use crate::{error::load, parse, session};
    use domain::{
        access::{Permission, Standing},
        problem::Code,
    };
    let screen = async {
        let (actor, slug) = (session::actor().await?, parse::slug(&slug)?);
        let project = session::services()?.projects().get(&actor, &slug).await?;
        let standing = Standing { admin: actor.is_admin(), role: project.role };
        if !Permission::Ingest.allows(standing) {
            return Err(Code::Forbidden.into());
        }
        let last = match outcome {
            Some(_) => session::take::<(String, Reply<Received>)>(KEPT).await?,
            None => None,
        };
        let last = last.filter(|(of, _)| of == slug.as_str()).map(|(_, reply)| reply);
        Ok(Screen { slug: slug.to_string(), project: project.name, schema: project.schema, last })
    };
    load(screen.await)
}

/// Takes in a file, or only checks it. The form's fields stand in `receive::Form`.
#[server(endpoint = "import_upload", input = MultipartFormData)]
pub async fn import_upload(data: MultipartData) -> Answer<Received> {
    use super::receive::Form;
    use crate::{
        error::{is_plain_form, load, submit_then},
        parse, session,
    };
    let mut slug = None;
    let received = async {
        let (actor, services) = (session::actor().await?, session::services()?);
        let form = Form::receive(&services, &actor, data).await?;
        let name = parse::slug(&form.slug)?;
        slug = Some(name.clone());
        form.take_in(&services, &actor, &name).await
    };
    let received = received.await;
    if let (true, Some(slug)) = (is_plain_form(), slug) {
        let path = format!("/projects/{slug}/upload?done=import_upload");
        let answer = load(received);
        if let Ok(reply) = &answer
            && let Err(error) = session::keep(KEPT, &(slug.to_string(), reply)).await
        {
            return load(Err(error));
        }
        // Accepted or refused, the page tells it from what was kept.
        return match answer {
            Ok(reply) => submit_then(Ok(reply), |_| Some(path)).map(flat),
            Err(failure) => Err(failure),
        };
    }
    submit_then(received, |_| None)
}

#[cfg(feature = "ssr")]
fn flat(reply: Reply<Reply<Received>>) -> Reply<Received> {
    match reply {
        Reply::Done(reply) => reply,
        Reply::Refused(refused) => Reply::Refused(refused),
    }
}

/// The key in the session under which a file's outcome stands.
#[cfg(feature = "ssr")]
const KEPT: &str = "upload";
