//! One minified style sheet out of `app/styles/main.css` and all that it imports.

use std::path::Path;

use anyhow::{Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};

/// Modern CSS stays as it is written: layers and custom properties are not lowered for old browsers.
pub(super) fn bundle(entry: &Path) -> Result<String> {
    let provider = FileProvider::new();
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    // The errors borrow the source, so they become text here.
    let mut sheet = bundler.bundle(entry).map_err(|error| anyhow!("{}: {error}", entry.display()))?;
    sheet
        .minify(MinifyOptions::default())
        .map_err(|error| anyhow!("{} cannot be minified: {error}", entry.display()))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, ..PrinterOptions::default() })
        .map_err(|error| anyhow!("{} cannot be printed: {error}", entry.display()))?;
    Ok(printed.code)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn imports_become_layers_of_one_sheet() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let main = folder.path().join("main.css");
        fs::write(&main, "@layer base, part;\n@import \"button.css\" layer(part);\n")?;
        fs::write(folder.path().join("button.css"), ".button {\n  & :hover { color: var(--ink); }\n}\n")?;
        let css = bundle(&main)?;
        assert!(css.starts_with("@layer base;@layer part{"), "{css}");
        assert!(!css.contains('\n') && !css.contains("@import"), "{css}");
        Ok(())
    }

    #[test]
    fn a_missing_import_names_the_file() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let main = folder.path().join("main.css");
        fs::write(&main, "@import \"absent.css\";\n")?;
        let error = bundle(&main).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("main.css"), "{error}");
        Ok(())
    }
}
