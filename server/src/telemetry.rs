//! Logs, to standard error: people read text, collectors read JSON.
//!
//! Never logged: passwords, tokens, sample text, labels, e-mail addresses.

use tracing_subscriber::{EnvFilter, filter::ParseError};

use crate::config::LogFormat;

/// Sets up logging for the life of the process; a second call changes nothing.
///
/// # Errors
/// When `filter` is not a list of `target=level`.
pub fn start(filter: &str, format: LogFormat) -> Result<(), ParseError> {
    let filter = EnvFilter::builder().parse(filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Only the first subscriber of a process counts; in tests that is the harness' own.
    let _ = match format {
        LogFormat::Text => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    Ok(())
}
