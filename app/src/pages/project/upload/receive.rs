//! Receives the upload form on the server: the file goes to the data folder as it comes, the rest is short text.

use super::api::Received;
use domain::{name::Slug, problem::Code};
use leptos::{prelude::use_context, server_fn::codec::MultipartData};
use service::{
    Result, Services,
    actor::Actor,
    coding::Coding,
    format::Format,
    spool::{Receiving, Spooled},
    usecase::intake::{AnnotationOptions, Labels, OnError, SampleOptions, foreign::Dialect},
};

/// The longest text that a field other than the file may hold.
const LONGEST_TEXT: usize = 4096;

/// In the context: the largest file in bytes, decoded too.
#[derive(Clone, Copy, Debug)]
pub struct LargestUpload(pub u64);

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Samples,
    Annotations,
    Predictions,
    Reports,
}

/// What is to be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Check,
    Import,
}

/// The form with its file.
#[derive(Debug)]
pub struct Form {
    /// The project.
    pub slug: String,
    kind: Kind,
    step: Step,
    format: Format,
    on_error: OnError,
    labels: Labels,
    dialect: Dialect,
    file: Spooled,
}

impl Form {
    /// Reads the form to its end.
    pub async fn receive(services: &Services, actor: &Actor, data: MultipartData) -> Result<Self> {
        let mut parts = data.into_inner().ok_or(Code::Malformed)?;
        let mut file = None;
        let mut by_name = None;
        let mut texts = Vec::new();
        while let Some(mut part) = parts.next_field().await.map_err(|_| Code::Malformed)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "file" {
                let (coding, stem) = Coding::of_file_name(part.file_name().unwrap_or_default());
                by_name = format_of_file(stem);
                let LargestUpload(most) = use_context().ok_or(Code::Internal)?;
                // The project's name stands before the file, as in every form of ours.
                let slug =
                    texts.iter().find(|(key, _)| key == "slug").map(|(_, text): &(_, String)| text.as_str());
                let slug = crate::parse::slug(slug.unwrap_or_default())?;
                let mut spool = services.intake().spool(actor, &slug).await?;
                let how = Receiving { coding, most };
                spool.receive(std::pin::pin!(part), how, |_| Code::TooLarge).await?;
                file = Some(spool.finish().await?);
            } else {
                let mut text = Vec::new();
                while let Some(bytes) = part.chunk().await.map_err(|_| Code::Malformed)? {
                    if text.len() + bytes.len() > LONGEST_TEXT {
                        return Err(Code::TooLong.into());
                    }
                    text.extend_from_slice(&bytes);
                }
                texts.push((name, String::from_utf8(text).map_err(|_| Code::InvalidUtf8)?));
            }
        }
        let text = |name: &str| texts.iter().find(|(key, _)| key == name).map(|(_, text)| text.as_str());
        let file = file.filter(|file| file.bytes() > 0).ok_or(Code::Empty)?;
        let format = match text("format") {
            Some("ndjson") => Some(Format::Ndjson),
            Some("json") => Some(Format::Json),
            Some("csv") => Some(Format::Csv),
            _ => by_name,
        };
        Ok(Self {
            slug: text("slug").unwrap_or_default().to_owned(),
            kind: match text("kind") {
                Some("annotations") => Kind::Annotations,
                Some("predictions") => Kind::Predictions,
                Some("reports") => Kind::Reports,
                _ => Kind::Samples,
            },
            step: if text("step") == Some("check") { Step::Check } else { Step::Import },
            format: format.ok_or(Code::UnsupportedMediaType)?,
            on_error: if text("on_error") == Some("skip") { OnError::Skip } else { OnError::Abort },
            labels: if text("labels") == Some("overwrite") { Labels::Overwrite } else { Labels::Keep },
            dialect: text("from").and_then(Dialect::parse).unwrap_or_default(),
            file,
        })
    }

    /// Does what the form asks for.
    pub async fn take_in(self, services: &Services, actor: &Actor, slug: &Slug) -> Result<Received> {
        let Self { kind, step, format, on_error, labels, dialect, file, .. } = self;
        let intake = services.intake();
        Ok(match (kind, step) {
            (Kind::Samples, Step::Check) => {
                Received::Checked(intake.preview(actor, slug, file, format, dialect).await?)
            }
            (Kind::Samples, Step::Import) => {
                let options = SampleOptions { on_error, labels, dialect };
                Received::Samples(intake.samples(actor, slug, file, format, options).await?)
            }
            (Kind::Annotations, _) => {
                let options = AnnotationOptions { on_error, dialect };
                Received::Annotations(intake.annotations(actor, slug, file, format, options).await?)
            }
            (Kind::Predictions, _) => {
                Received::Predictions(intake.predictions(actor, slug, file, format, on_error).await?)
            }
            (Kind::Reports, _) => {
                Received::Reports(intake.feedback(actor, slug, file, format, on_error).await?)
            }
        })
    }
}

/// The format that a file's name tells.
fn format_of_file(name: &str) -> Option<Format> {
    match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "jsonl" | "ndjson" => Some(Format::Ndjson),
        "json" => Some(Format::Json),
        "csv" => Some(Format::Csv),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::format_of_file;
    use service::format::Format;

    #[test]
    fn a_file_s_name_tells_its_format() {
        assert_eq!(format_of_file("a.b.JSONL"), Some(Format::Ndjson));
        assert_eq!(format_of_file("reviews.csv"), Some(Format::Csv));
        assert_eq!(format_of_file("csv"), None);
        assert_eq!(format_of_file("a.xlsx"), None);
    }
}
