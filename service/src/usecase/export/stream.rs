//! The bytes of an export as they are made: one page is read while the one before is written and sent.

use super::{Export, ExportFormat, encoder::Encoder, lines::Line, plan::ExportPlan};
use crate::{
    error::{Error, Result},
    repo::{
        export_rows::{self, Columns, ExportRow},
        newest_predictions,
    },
    services::Services,
    usecase::page_size::PageSize,
};
use domain::id::SampleId;
use futures::Stream;
use std::sync::Arc;
use tokio::sync::mpsc;

/// The first page is small, so that the first byte comes at once.
const FIRST_PAGE: usize = 100;

impl Export<'_> {
    /// The bytes of an export, in pieces. They are made as they are taken; whoever takes them slowly holds up nobody.
    pub fn stream(&self, plan: ExportPlan) -> impl Stream<Item = Result<Vec<u8>>> + Send + use<> {
        let (pieces, taken) = mpsc::channel(1);
        let services = self.0.clone();
        let made = tokio::spawn(async move {
            if let Err(error) = make(&services, Arc::new(plan), &pieces).await {
                // Whoever asked may have gone away.
                let _ = pieces.send(Err(error)).await;
            }
        });
        futures::stream::unfold((taken, Some(made)), |(mut taken, made)| async move {
            if let Some(piece) = taken.recv().await {
                return Some((piece, (taken, made)));
            }
            // What ended because its maker broke down is not the whole.
            let broken = made?.await.err()?;
            Some((Err(Error::internal(broken)), (taken, None)))
        })
    }
}

async fn make(
    services: &Services,
    plan: Arc<ExportPlan>,
    pieces: &mpsc::Sender<Result<Vec<u8>>>,
) -> Result<()> {
    let mut encoder = Encoder::new(&plan)?;
    let mut pages = Pages::of(services, &plan).await?;
    let mut page = pages.next(services, &plan).await?;
    while let Some(lines) = page {
        let (written, next) =
            tokio::join!(write(encoder, Arc::clone(&plan), lines, pieces), pages.next(services, &plan));
        let Some(kept) = written? else { return Ok(()) };
        (encoder, page) = (kept, next?);
    }
    let last = tokio::task::spawn_blocking(move || {
        let mut encoder = encoder;
        // The header of CSV stands there even where there are no lines.
        let mut bytes = match &encoder {
            Encoder::Csv(_) => encoder.write(&plan, &[])?,
            _ => Vec::new(),
        };
        bytes.extend(encoder.finish()?);
        Result::Ok(bytes)
    });
    send(pieces, last.await.map_err(Error::internal)??).await;
    Ok(())
}

/// Writes and sends a page; the encoder comes back unless nobody takes the bytes any more.
async fn write(
    mut encoder: Encoder,
    plan: Arc<ExportPlan>,
    lines: Vec<Line>,
    pieces: &mpsc::Sender<Result<Vec<u8>>>,
) -> Result<Option<Encoder>> {
    let work = tokio::task::spawn_blocking(move || {
        let bytes = encoder.write(&plan, &lines)?;
        Result::Ok((encoder, bytes))
    });
    let (encoder, bytes) = work.await.map_err(Error::internal)??;
    Ok(send(pieces, bytes).await.then_some(encoder))
}

/// Whether somebody still takes the bytes.
async fn send(pieces: &mpsc::Sender<Result<Vec<u8>>>, bytes: Vec<u8>) -> bool {
    bytes.is_empty() || pieces.send(Ok(bytes)).await.is_ok()
}

/// The rows of an export that are still to be read.
enum Pages {
    /// Everything after this sample.
    All {
        after: String,
        size: PageSize,
    },
    /// These rows, which changed.
    Changed {
        since: i64,
        rows: Vec<i64>,
        read: usize,
        size: PageSize,
    },
    None,
}

impl Pages {
    async fn of(services: &Services, plan: &ExportPlan) -> Result<Self> {
        let size = match plan.format {
            ExportFormat::Jsonl | ExportFormat::Csv => PageSize::of(FIRST_PAGE),
            // A batch of its own for few rows would stay in the file.
            ExportFormat::Parquet | ExportFormat::Arrow => PageSize::default(),
        };
        let Some(since) = plan.since else { return Ok(Self::All { after: String::new(), size }) };
        let rows = export_rows::changed(services.db.read(), plan.project.id, plan.version, since).await?;
        Ok(Self::Changed { since, rows, read: 0, size })
    }

    /// The lines of the next page, which may be none; nothing after the last page.
    async fn next(&mut self, services: &Services, plan: &ExportPlan) -> Result<Option<Vec<Line>>> {
        let Some(rows) = self.rows(services, plan).await? else { return Ok(None) };
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            lines.extend(Line::of(plan, row)?);
        }
        if plan.include.predictions {
            let samples: Vec<SampleId> = lines.iter().map(|line| line.sample).collect();
            let mut newest =
                newest_predictions::of_samples(services.db.read(), plan.project.id, &samples).await?;
            for line in &mut lines {
                if let Some(label) = &mut line.label {
                    label.predictions = newest.remove(&line.sample).unwrap_or_default();
                }
            }
        }
        Ok(Some(lines))
    }

    async fn rows(&mut self, services: &Services, plan: &ExportPlan) -> Result<Option<Vec<ExportRow>>> {
        let conn = services.db.read();
        let columns = Columns {
            provenance: plan.include.provenance,
            metadata: plan.filter.metadata.is_some() || plan.project.settings.split.by.is_some(),
        };
        match self {
            Self::All { after, size } => {
                let page =
                    export_rows::page(conn, plan.project.id, plan.version, columns, after, size.rows());
                let rows = page.await?;
                match rows.last().filter(|_| rows.len() == size.rows()) {
                    Some(last) => {
                        last.sample_key.clone_into(after);
                        size.learn(rows.len(), rows.iter().map(ExportRow::bytes).sum());
                    }
                    None => *self = Self::None,
                }
                Ok(Some(rows))
            }
            Self::Changed { since, rows, read, size } => {
                let page: Vec<i64> = rows.iter().skip(*read).take(size.rows()).copied().collect();
                if page.is_empty() {
                    return Ok(None);
                }
                *read += page.len();
                let found = export_rows::with_old(conn, *since, columns, &page).await?;
                size.learn(found.len(), found.iter().map(ExportRow::bytes).sum());
                Ok(Some(found))
            }
            Self::None => Ok(None),
        }
    }
}
