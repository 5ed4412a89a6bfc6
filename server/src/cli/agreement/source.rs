//! The bytes of a table: of a file or of standard input, unpacked where the file's name says that it is packed.

use service::coding::Coding;
use std::path::Path;
use tokio::io::{AsyncRead, AsyncReadExt, BufReader};

use super::super::{CliError, file_error};

/// Whether this name means standard input.
pub(super) fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// All of it; a table of answers is in memory anyway while it is computed with.
pub(super) async fn bytes(file: &Path) -> Result<Vec<u8>, CliError> {
    if is_stdin(file) {
        return unpacked(tokio::io::stdin(), Coding::Identity, file).await;
    }
    let opened = tokio::fs::File::open(file).await.map_err(file_error(file))?;
    let (coding, _) = Coding::of_file_name(file.to_str().unwrap_or_default());
    unpacked(opened, coding, file).await
}

async fn unpacked(
    from: impl AsyncRead + Send + Unpin,
    coding: Coding,
    file: &Path,
) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    coding.decoded(BufReader::new(from)).read_to_end(&mut bytes).await.map_err(file_error(file))?;
    Ok(bytes)
}
