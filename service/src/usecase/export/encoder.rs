//! From lines to the bytes of a format, a page at a time.

use super::{
    ExportFormat, columns,
    csv::{self, Header},
    jsonl,
    lines::Line,
    plan::ExportPlan,
};
use crate::error::{Error, Result};
use arrow_ipc::writer::FileWriter;
use arrow_schema::SchemaRef;
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

/// How many rows a row group has at most, and how large it may grow before it is written: it lies in memory until then.
const ROW_GROUP: usize = 100_000;
const ROW_GROUP_BYTES: usize = 32 << 20;

/// Writes one export.
pub(super) enum Encoder {
    Jsonl,
    Csv(Header),
    /// Boxed: it is much larger than the others.
    Parquet(Box<ArrowWriter<Vec<u8>>>, SchemaRef),
    Arrow(Box<FileWriter<Vec<u8>>>, SchemaRef),
}

impl Encoder {
    /// For this plan's format.
    pub(super) fn new(plan: &ExportPlan) -> Result<Self> {
        Ok(match plan.format {
            ExportFormat::Jsonl => Self::Jsonl,
            ExportFormat::Csv => Self::Csv(Header::Wanted),
            ExportFormat::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::default()))
                    .set_max_row_group_row_count(Some(ROW_GROUP))
                    .build();
                let schema = columns::schema(plan);
                let writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties));
                Self::Parquet(Box::new(writer.map_err(Error::internal)?), schema)
            }
            ExportFormat::Arrow => {
                let schema = columns::schema(plan);
                let writer = FileWriter::try_new(Vec::new(), &schema).map_err(Error::internal)?;
                Self::Arrow(Box::new(writer), schema)
            }
        })
    }

    /// The bytes that can be sent once these lines are written too.
    pub(super) fn write(&mut self, plan: &ExportPlan, lines: &[Line]) -> Result<Vec<u8>> {
        match self {
            Self::Jsonl => jsonl::write(plan, lines),
            Self::Csv(header) => {
                let bytes = csv::write(plan, lines, *header)?;
                *header = Header::Written;
                Ok(bytes)
            }
            Self::Parquet(writer, schema) => {
                writer.write(&columns::batch(plan, schema, lines)?).map_err(Error::internal)?;
                if writer.in_progress_size() > ROW_GROUP_BYTES {
                    writer.flush().map_err(Error::internal)?;
                }
                // The file's first bytes are there before a row group is.
                writer.sync().map_err(Error::internal)?;
                Ok(std::mem::take(writer.inner_mut()))
            }
            Self::Arrow(writer, schema) => {
                writer.write(&columns::batch(plan, schema, lines)?).map_err(Error::internal)?;
                Ok(std::mem::take(writer.get_mut()))
            }
        }
    }

    /// The last bytes.
    pub(super) fn finish(self) -> Result<Vec<u8>> {
        match self {
            Self::Jsonl | Self::Csv(_) => Ok(Vec::new()),
            Self::Parquet(writer, _) => writer.into_inner().map_err(Error::internal),
            Self::Arrow(mut writer, _) => {
                writer.finish().map_err(Error::internal)?;
                writer.into_inner().map_err(Error::internal)
            }
        }
    }
}
