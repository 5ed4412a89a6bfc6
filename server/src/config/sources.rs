//! Where a setting's value comes from, as text.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use super::{CONFIG_VARIABLE, SETTINGS, Setting};

/// Variables that begin like ours and are for somebody else: the tests, the build, and the commands that the export
/// page offers.
const EXEMPT: &[&str] = &["RELABEL_BIN", "RELABEL_SITE_DIR", "RELABEL_TOKEN"];
const EXEMPT_PREFIX: &str = "RELABEL_TEST_";

/// Who gave a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A flag of the command line.
    Flag,
    /// An environment variable.
    Variable,
    /// The TOML file.
    File,
    /// Nobody.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Variable => "environment",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable that no setting reads.
    #[error("the environment variable {0} is not a setting; see `relabel config`")]
    UnknownVariable(String),
    /// A variable that is not text.
    #[error("the environment variable {0} is not UTF-8")]
    NotText(String),
    /// A key that no setting has.
    #[error("{file}: the key '{key}' is not a setting; see `relabel config`")]
    UnknownKey {
        /// The file.
        file: String,
        /// The key.
        key: String,
    },
    /// The file cannot be read.
    #[error("cannot read {file}: {source}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{file}: {source}")]
    NotToml {
        /// The file.
        file: String,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// A value of the wrong form.
    #[error("{key} (from the {by}): '{value}' is not {wanted}")]
    BadValue {
        /// The setting.
        key: &'static str,
        /// Who gave it.
        by: Source,
        /// What was given.
        value: String,
        /// What is wanted.
        wanted: &'static str,
    },
}

/// The values as they were given, before they are read.
#[derive(Debug, Default)]
pub struct Given {
    values: BTreeMap<&'static str, (String, Source)>,
}

impl Given {
    /// Gathers all sources. `flags` are those that were given, by key.
    ///
    /// # Errors
    /// When a variable or a key is not known, or the file cannot be read.
    pub fn gather(
        flags: &[(&'static str, Option<String>)],
        config: Option<PathBuf>,
        environment: impl IntoIterator<Item = (std::ffi::OsString, std::ffi::OsString)>,
    ) -> Result<Self, ConfigError> {
        let mut variables = read_variables(environment)?;
        let file = config.or_else(|| variables.remove(CONFIG_VARIABLE).map(PathBuf::from));
        variables.remove(CONFIG_VARIABLE);
        let mut given = Self::default();
        if let Some(file) = file {
            for (key, value) in read_file(&file)? {
                given.values.insert(key, (value, Source::File));
            }
        }
        for (name, value) in variables {
            let setting = SETTINGS.iter().find(|setting| setting.variable() == name);
            let setting = setting.ok_or(ConfigError::UnknownVariable(name))?;
            given.values.insert(setting.key, (value, Source::Variable));
        }
        for (key, value) in flags {
            if let Some(value) = value {
                given.values.insert(key, (value.clone(), Source::Flag));
            }
        }
        Ok(given)
    }

    /// A setting's value and who gave it; none where there is neither a value nor a default.
    pub fn value(&self, setting: &Setting) -> (Option<&str>, Source) {
        match self.values.get(setting.key) {
            Some((value, source)) => (Some(value), source.clone()),
            None => (setting.default, Source::Default),
        }
    }
}

fn read_variables(
    environment: impl IntoIterator<Item = (std::ffi::OsString, std::ffi::OsString)>,
) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut variables = BTreeMap::new();
    for (name, value) in environment {
        let Some(name) = name.to_str().filter(|name| name.starts_with("RELABEL_")) else { continue };
        if EXEMPT.contains(&name) || name.starts_with(EXEMPT_PREFIX) {
            continue;
        }
        let value = value.into_string().map_err(|_| ConfigError::NotText(name.to_owned()))?;
        variables.insert(name.to_owned(), value);
    }
    Ok(variables)
}

fn read_file(path: &std::path::Path) -> Result<Vec<(&'static str, String)>, ConfigError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Unreadable { file: file.clone(), source })?;
    let table: toml::Table = text
        .parse()
        .map_err(|source| ConfigError::NotToml { file: file.clone(), source: Box::new(source) })?;
    let mut values = Vec::new();
    for (key, value) in table {
        let Some(setting) = Setting::find(&key) else { return Err(ConfigError::UnknownKey { file, key }) };
        let value = match value {
            toml::Value::String(text) => text,
            other => other.to_string(),
        };
        values.push((setting.key, value));
    }
    Ok(values)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::{ConfigError, Given, Setting, Source};
    use std::io::Write;

    fn environment(of: &[(&str, &str)]) -> Vec<(std::ffi::OsString, std::ffi::OsString)> {
        of.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn flags_win_over_variables_over_the_file_over_defaults() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"addr = \"1.1.1.1:1\"\nlog = \"warn\"\nsecure_cookies = true\n").unwrap();
        let given = Given::gather(
            &[("addr", Some("3.3.3.3:3".into())), ("log", None)],
            Some(file.path().into()),
            environment(&[("RELABEL_ADDR", "2.2.2.2:2"), ("RELABEL_LOG", "debug"), ("PATH", "/bin")]),
        )
        .unwrap();
        let value = |key| given.value(Setting::find(key).unwrap());
        assert_eq!(value("addr"), (Some("3.3.3.3:3"), Source::Flag));
        assert_eq!(value("log"), (Some("debug"), Source::Variable));
        assert_eq!(value("secure_cookies"), (Some("true"), Source::File));
        assert_eq!(value("log_format"), (Some("text"), Source::Default));
        assert_eq!(value("database_url"), (None, Source::Default));
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        let unknown = Given::gather(&[], None, environment(&[("RELABEL_ADRR", "x")]));
        assert!(matches!(unknown, Err(ConfigError::UnknownVariable(name)) if name == "RELABEL_ADRR"));
        let exempt = environment(&[("RELABEL_BIN", "x"), ("RELABEL_TEST_POSTGRES_URL", "y")]);
        assert!(Given::gather(&[], None, exempt).is_ok());
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"adress = \"1.1.1.1:1\"\n").unwrap();
        let unknown = Given::gather(&[], Some(file.path().into()), []);
        assert!(matches!(unknown, Err(ConfigError::UnknownKey { key, .. }) if key == "adress"));
    }
}
