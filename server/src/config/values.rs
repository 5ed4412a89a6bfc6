//! The settings as values.

use service::receivers::Receivers;
use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use super::{ConfigError, Given, Setting};
use crate::client::TrustedProxies;

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The settings of a process.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the database and of uploads.
    pub data_dir: PathBuf,
    /// PostgreSQL instead of SQLite.
    pub database_url: Option<String>,
    /// Where to serve.
    pub addr: SocketAddr,
    /// Where to serve the metrics apart.
    pub metrics_addr: Option<SocketAddr>,
    /// Whether cookies are for HTTPS only.
    pub secure_cookies: bool,
    /// The largest upload.
    pub max_upload_bytes: u64,
    /// The proxies whose word on the client's address counts.
    pub trusted_proxies: TrustedProxies,
    /// Where events may be sent.
    pub receivers: Receivers,
    /// What is logged.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
}

impl Config {
    /// Reads what was given.
    ///
    /// # Errors
    /// When a value has the wrong form.
    pub fn read(given: &Given) -> Result<Self, ConfigError> {
        let address = "an address with a port, such as 127.0.0.1:3000";
        Ok(Self {
            data_dir: parsed(given, "data_dir", "a path")?.unwrap_or_default(),
            database_url: checked(given, "database_url", "a postgres:// address", |url| {
                ["postgres://", "postgresql://", "sqlite:"].iter().any(|scheme| url.starts_with(scheme))
            })?,
            addr: parsed(given, "addr", address)?.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000))),
            metrics_addr: parsed(given, "metrics_addr", address)?,
            secure_cookies: parsed(given, "secure_cookies", "true or false")?.unwrap_or_default(),
            max_upload_bytes: parsed(given, "max_upload_bytes", "a number of bytes")?.unwrap_or(1 << 32),
            trusted_proxies: parsed(
                given,
                "trusted_proxies",
                "a list of addresses and networks, such as 10.0.0.0/8,127.0.0.1",
            )?
            .unwrap_or_default(),
            receivers: match parsed(given, "allow_private_webhooks", "true or false")? {
                Some(true) => Receivers::Any,
                Some(false) | None => Receivers::Public,
            },
            log: checked(given, "log", "a list of target=level", |filter| {
                tracing_subscriber::EnvFilter::builder().parse(filter).is_ok()
            })?
            .unwrap_or_default(),
            log_format: parsed::<LogFormat>(given, "log_format", "text or json")?.unwrap_or(LogFormat::Text),
        })
    }

    /// What opens the service with these settings.
    pub fn service_options(&self) -> service::Options {
        service::Options {
            database_url: self.database_url.clone(),
            receivers: self.receivers,
            ..service::Options::in_folder(&self.data_dir)
        }
    }
}

impl FromStr for LogFormat {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

fn parsed<T: FromStr>(
    given: &Given,
    key: &'static str,
    wanted: &'static str,
) -> Result<Option<T>, ConfigError> {
    let Some(setting) = Setting::find(key) else { return Ok(None) };
    let (Some(value), by) = given.value(setting) else { return Ok(None) };
    let bad = |_| ConfigError::BadValue { key, by, value: value.to_owned(), wanted };
    value.parse().map(Some).map_err(bad)
}

fn checked(
    given: &Given,
    key: &'static str,
    wanted: &'static str,
    is_good: fn(&str) -> bool,
) -> Result<Option<String>, ConfigError> {
    let Some(setting) = Setting::find(key) else { return Ok(None) };
    let (Some(value), by) = given.value(setting) else { return Ok(None) };
    // A database's address may hold its password, so it is not repeated.
    let shown = if key == "database_url" { "what was given" } else { value };
    let bad = || ConfigError::BadValue { key, by, value: shown.to_owned(), wanted };
    is_good(value).then(|| value.to_owned()).ok_or_else(bad).map(Some)
}

#[cfg(test)]
mod tests {
    use super::{Config, ConfigError, Given, LogFormat, Receivers};

    #[test]
    fn defaults_are_valid() -> Result<(), ConfigError> {
        let config = Config::read(&Given::default())?;
        assert_eq!(config.addr.port(), 3000);
        assert_eq!(config.data_dir, std::path::Path::new("./data"));
        assert_eq!(config.log_format, LogFormat::Text);
        assert_eq!(config.receivers, Receivers::Public);
        assert_eq!(config.max_upload_bytes, 4 * 1024 * 1024 * 1024);
        Ok(())
    }

    #[test]
    fn a_value_of_the_wrong_form_names_its_setting() -> Result<(), ConfigError> {
        for (key, value) in [
            ("addr", "3000"),
            ("log", "=x="),
            ("secure_cookies", "yes"),
            ("allow_private_webhooks", "1"),
            ("database_url", "x"),
        ] {
            let given = Given::gather(&[(key, Some(value.to_owned()))], None, [])?;
            let error = Config::read(&given).err().map(|error| error.to_string());
            assert!(error.is_some_and(|text| text.starts_with(key)), "{key}");
        }
        Ok(())
    }
}
