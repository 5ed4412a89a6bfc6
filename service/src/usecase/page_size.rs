//! How many rows a page holds, so that a page of large rows needs no more memory than one of small rows.

/// How many bytes a page shall have.
const WANTED: usize = 2 * 1024 * 1024;
/// One page is no more than so many rows, however small they are.
const MOST: usize = 2_000;

/// The size of the next page, from those before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageSize(usize);

impl Default for PageSize {
    /// Nothing is known of the rows yet.
    fn default() -> Self {
        Self(500)
    }
}

impl PageSize {
    /// This many rows at first.
    pub(crate) fn of(rows: usize) -> Self {
        Self(rows)
    }

    /// How many rows the next page shall have.
    pub(crate) fn rows(self) -> usize {
        self.0
    }

    /// Learns from a page of `rows` rows with `bytes` bytes together. It grows slowly, and shrinks at once.
    pub(crate) fn learn(&mut self, rows: usize, bytes: usize) {
        let each = (bytes / rows.max(1)).max(1);
        self.0 = (WANTED / each).clamp(1, MOST).min(self.0.saturating_mul(2));
    }
}

#[cfg(test)]
mod tests {
    use super::PageSize;

    #[test]
    fn large_rows_make_small_pages() {
        let mut size = PageSize::default();
        for _ in 0..5 {
            size.learn(size.rows(), size.rows() * 300);
        }
        assert_eq!(size.rows(), 2_000);
        size.learn(2_000, 2_000 * 1024 * 1024);
        assert_eq!(size.rows(), 2);
        size.learn(2, 2);
        assert_eq!(size.rows(), 4);
    }
}
