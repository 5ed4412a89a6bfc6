//! Compressed copies, so that the server never compresses the same file twice: `x.gz` beside `x`.

use std::io::Write;

use anyhow::Result;
use flate2::{Compression, GzBuilder};

use super::folder::Files;

/// Below this a copy saves less than the header that announces it.
const WORTH_IT: usize = 1024;
const TEXT_OR_CODE: &[&str] = &[".wasm", ".js", ".css", ".svg", ".json", ".html", ".txt"];

pub(super) fn add(files: &mut Files) -> Result<()> {
    let mut copies = Files::new();
    for (path, bytes) in files.iter() {
        if bytes.len() < WORTH_IT || !TEXT_OR_CODE.iter().any(|ending| path.ends_with(ending)) {
            continue;
        }
        // No time and no name in the header: the same input gives the same bytes.
        let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
        encoder.write_all(bytes)?;
        copies.insert(format!("{path}.gz"), encoder.finish()?);
    }
    files.append(&mut copies);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_only_what_shrinks() -> Result<()> {
        let mut files = Files::new();
        files.insert("pkg/relabel.css".to_owned(), b"a{color:red}".repeat(1000));
        files.insert("small.css".to_owned(), b"a{}".to_vec());
        files.insert("font.woff2".to_owned(), vec![0; 5000]);
        add(&mut files)?;
        let paths: Vec<_> = files.keys().map(String::as_str).collect();
        assert_eq!(paths, ["font.woff2", "pkg/relabel.css", "pkg/relabel.css.gz", "small.css"]);
        Ok(())
    }
}
