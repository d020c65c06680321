//! Runs that do not fill a pack, as arrays of their own with exactly one pack of columns.
//!
//! A kernel then only ever sees whole packs. With a test for the tail at every load its loads would be branches: the tridiagonal solver
//! of the examples took a quarter more time and three times the code (measured).

/// The last `runs % lanes` columns of an array, and the last of them again until the pack is full.
#[derive(Debug)]
pub(super) struct PaddedColumns {
    /// Row by row, `lanes` elements each; words for the alignment of any element.
    words: Vec<u64>,
    element_bytes: usize,
    lanes: usize,
    /// Columns that are not padding.
    own: usize,
}

impl PaddedColumns {
    /// Copies from an array of component × run.
    pub(super) fn copy(array: &[u8], element_bytes: usize, runs: usize, lanes: usize) -> Self {
        let own = runs % lanes;
        let rows = array.len() / (runs * element_bytes);
        let words = vec![0; (rows * lanes * element_bytes).div_ceil(size_of::<u64>())];
        let mut columns = Self { words, element_bytes, lanes, own };
        for (source, target) in array.chunks_exact(runs * element_bytes).zip(columns.rows_mut()) {
            let source = &source[source.len() - own * element_bytes..];
            let (own, padding) = target.split_at_mut(source.len());
            own.copy_from_slice(source);
            let last = &source[source.len() - element_bytes..];
            padding.chunks_exact_mut(element_bytes).for_each(|lane| lane.copy_from_slice(last));
        }
        columns
    }

    /// Copies what a kernel left in the columns that are not padding.
    pub(super) fn copy_back(&mut self, array: &mut [u8], runs: usize) {
        let bytes = self.own * self.element_bytes;
        for (target, source) in array.chunks_exact_mut(runs * self.element_bytes).zip(self.rows_mut()) {
            let from = target.len() - bytes;
            target[from..].copy_from_slice(&source[..bytes]);
        }
    }

    /// The first element.
    pub(super) fn pointer(&mut self) -> *mut u8 {
        self.words.as_mut_ptr().cast()
    }

    fn rows_mut(&mut self) -> std::slice::ChunksExactMut<'_, u8> {
        let row = self.lanes * self.element_bytes;
        // SAFETY: the words are initialised memory of this many bytes, borrowed exclusively for as long as the slice, and any bytes are
        // valid words.
        let bytes = unsafe { std::slice::from_raw_parts_mut(self.pointer(), size_of_val(self.words.as_slice())) };
        bytes.chunks_exact_mut(row)
    }
}

#[cfg(test)]
mod tests {
    use super::PaddedColumns;

    #[test]
    fn columns_are_padded_with_the_last_and_copied_back_without() {
        // Two rows of 7 runs, two-byte elements, packs of 4.
        let mut array: Vec<u8> = (0..28).collect();
        let mut tail = PaddedColumns::copy(&array, 2, 7, 4);
        let rows: Vec<Vec<u8>> = tail.rows_mut().map(|row| row.to_vec()).collect();
        assert_eq!(rows, [[8, 9, 10, 11, 12, 13, 12, 13], [22, 23, 24, 25, 26, 27, 26, 27]]);
        tail.rows_mut().for_each(|row| row.fill(99));
        let before = array.clone();
        tail.copy_back(&mut array, 7);
        for (index, value) in array.iter().enumerate() {
            let in_tail = index % 14 >= 8;
            assert_eq!(*value, if in_tail { 99 } else { before[index] }, "byte {index}");
        }
    }

    #[test]
    fn an_array_without_rows_is_fine() {
        let mut tail = PaddedColumns::copy(&[], 8, 3, 4);
        tail.copy_back(&mut [], 3);
        assert_eq!(tail.rows_mut().count(), 0);
    }
}
