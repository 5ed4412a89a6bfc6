//! Uploads of samples, people's answers, predictions and users' reports.
//!
//! The body lies in a file before anything of it is read; it is read and checked whole before the first write.

mod annotations;
mod answer_lines;
mod answers;
mod array;
mod batches;
mod columns;
mod csv;
mod feedback;
pub mod foreign;
mod fresh;
mod given;
mod ids;
mod import;
mod kind;
mod labels;
mod lines;
mod object;
mod people;
mod places;
mod predictions;
mod preview;
mod records;
mod resume;
mod run;
mod sample_lines;
mod samples;
mod survey;
mod tally;
mod upload;
mod write;

pub use annotations::AnnotationOptions;
pub use given::Given;
pub use labels::Labels;
pub use samples::SampleOptions;
pub use tally::OnError;

use crate::{actor::Actor, error::Result, services::Services, spool::Spool};
use domain::name::Slug;

/// The longest note in characters.
pub(crate) const LONGEST_NOTE: usize = 2000;

/// Uploads of samples, people's answers, predictions and users' reports.
#[derive(Clone, Copy, Debug)]
pub struct Intake<'a>(pub(crate) &'a Services);

impl Intake<'_> {
    /// An empty file in the data folder, for a body to be written to; only for whoever may send one.
    pub async fn spool(&self, actor: &Actor, slug: &Slug) -> Result<Spool> {
        upload::project(self.0.db.read(), actor, slug).await?;
        self.0.spool().await
    }
}
