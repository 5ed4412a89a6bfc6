//! The settings of a process: flags before `RELABEL_*` variables before a TOML file before defaults.
//!
//! One table says what there is; `relabel config` prints it. An unknown key or variable is an error, because a
//! misspelt setting is otherwise found when it is missed.

mod sources;
mod values;

pub use sources::{ConfigError, Given, Source};
pub use values::{Config, LogFormat};

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key in the TOML file; the flag and the variable are spelt after it.
    pub key: &'static str,
    /// What it is where nobody says; none where there is no such thing.
    pub default: Option<&'static str>,
    /// What it means, in one line.
    pub meaning: &'static str,
}

/// Every setting, in the order in which they are printed.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "data_dir",
        default: Some("./data"),
        meaning: "the folder of the database and of uploads",
    },
    Setting {
        key: "database_url",
        default: None,
        meaning: "a PostgreSQL address; without it, SQLite in the data folder",
    },
    Setting { key: "addr", default: Some("127.0.0.1:3000"), meaning: "where to serve" },
    Setting {
        key: "metrics_addr",
        default: None,
        meaning: "where to serve /metrics without a token, apart from the rest",
    },
    Setting {
        key: "secure_cookies",
        default: Some("false"),
        meaning: "whether browsers send the session over HTTPS only; for a site behind TLS",
    },
    Setting {
        key: "max_upload_bytes",
        default: Some("4294967296"),
        meaning: "the largest upload, as it comes and decoded",
    },
    Setting {
        key: "trusted_proxies",
        default: None,
        meaning: "proxies whose X-Forwarded-For counts: addresses or networks, by commas",
    },
    Setting {
        key: "allow_private_webhooks",
        default: Some("false"),
        meaning: "whether events may be sent to private addresses, and over HTTP",
    },
    Setting {
        key: "log",
        default: Some("info,sea_orm_migration=warn"),
        meaning: "what is logged: level, or target=level, by commas",
    },
    Setting { key: "log_format", default: Some("text"), meaning: "how it is logged: text or json" },
];

/// The variable that names the TOML file.
pub const CONFIG_VARIABLE: &str = "RELABEL_CONFIG";

impl Setting {
    /// The setting of this key.
    pub fn find(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }

    /// Its environment variable.
    pub fn variable(&self) -> String {
        format!("RELABEL_{}", self.key.to_ascii_uppercase())
    }

    /// Its flag.
    pub fn flag(&self) -> String {
        format!("--{}", self.key.replace('_', "-"))
    }
}
