//! Which lines of an upload repeat an earlier one's id, found with little memory however many there are.
//!
//! Of each id only a hash is kept, 128 bits long: two ids would share one by chance once in 10^24 uploads of ten
//! million lines. Hashes are sorted a run at a time; all runs but the last wait in files without a name, which are gone
//! with the process.

use sha2::{Digest, Sha256};
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::File,
    io::{BufReader, BufWriter, ErrorKind, Read, Result, Seek, Write},
    path::PathBuf,
};

/// How many lines a run has.
const RUN: usize = 500_000;

/// An id's hash and its line.
type Entry = ([u8; 16], i64);

/// The ids of the lines that can be kept.
#[derive(Debug)]
pub(super) struct Ids {
    folder: PathBuf,
    run: usize,
    entries: Vec<Entry>,
    runs: Vec<File>,
}

impl Ids {
    /// None yet; runs are written to `folder`.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, run: RUN, entries: Vec::new(), runs: Vec::new() }
    }

    /// Adds the id of a line.
    pub(super) fn add(&mut self, id: &str, line: i64) -> Result<()> {
        let mut hash = [0; 16];
        hash.copy_from_slice(&Sha256::digest(id.as_bytes())[..16]);
        self.entries.push((hash, line));
        if self.entries.len() >= self.run { self.spill() } else { Ok(()) }
    }

    /// The lines that repeat an id, each with the first line that has it, in order.
    pub(super) fn repeated(mut self) -> Result<Vec<(i64, i64)>> {
        self.entries.sort_unstable();
        let mut runs: Vec<Run> = self.runs.into_iter().map(Run::of_file).collect();
        runs.push(Run::Memory(self.entries.into_iter()));
        let mut next = BinaryHeap::new();
        for (index, run) in runs.iter_mut().enumerate() {
            next.extend(run.next()?.map(|entry| Reverse((entry, index))));
        }
        let mut repeated = Vec::new();
        let mut first: Option<Entry> = None;
        while let Some(Reverse((entry, index))) = next.pop() {
            match first {
                Some((hash, line)) if hash == entry.0 => repeated.push((entry.1, line)),
                _ => first = Some(entry),
            }
            next.extend(runs[index].next()?.map(|entry| Reverse((entry, index))));
        }
        repeated.sort_unstable();
        Ok(repeated)
    }

    fn spill(&mut self) -> Result<()> {
        self.entries.sort_unstable();
        let mut file = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
        for (hash, line) in self.entries.drain(..) {
            file.write_all(&hash)?;
            file.write_all(&line.to_le_bytes())?;
        }
        let mut file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(file);
        Ok(())
    }
}

/// Entries in order.
enum Run {
    File(BufReader<File>),
    Memory(std::vec::IntoIter<Entry>),
}

impl Run {
    fn of_file(file: File) -> Self {
        Self::File(BufReader::with_capacity(64 * 1024, file))
    }

    fn next(&mut self) -> Result<Option<Entry>> {
        match self {
            Self::Memory(entries) => Ok(entries.next()),
            Self::File(file) => {
                let (mut hash, mut line) = ([0; 16], [0; 8]);
                match file.read_exact(&mut hash) {
                    Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
                    read => read?,
                }
                file.read_exact(&mut line)?;
                Ok(Some((hash, i64::from_le_bytes(line))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;
    use rstest::rstest;

    /// In memory, and with runs on disk that an id is spread over.
    #[rstest]
    #[case(100)]
    #[case(2)]
    fn repeated_ids_are_found_with_their_first_line(#[case] run: usize) -> std::io::Result<()> {
        let mut ids = Ids { run, ..Ids::new(std::env::temp_dir()) };
        for (id, line) in ["a", "b", "a", "c", "b", "a", "d"].into_iter().zip(1..) {
            ids.add(id, line)?;
        }
        assert_eq!(ids.repeated()?, [(3, 1), (5, 2), (6, 1)]);
        Ok(())
    }
}
