//! Files as NumPy writes them.

use std::fs::File;
use std::io::Write;
use std::path::Path;

/// The bytes of a `.npy` file of doubles, the last axis fastest.
pub(crate) fn npy(shape: &[usize], values: &[f64]) -> Vec<u8> {
    let shape: String = shape.iter().map(|axis| format!("{axis}, ")).collect();
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}), }}", shape.trim_end_matches(' '));
    let header = format!("{header:<117}\n");
    let data = values.iter().flat_map(|value| value.to_le_bytes());
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend(header.bytes().chain(data));
    bytes
}

/// Writes a `.npz` file of one-dimensional arrays, and of single numbers where there is one value.
pub(crate) fn write_npz(path: &Path, arrays: &[(&str, &[f64])]) {
    let mut archive = zip::ZipWriter::new(File::create(path).expect("the file can be made"));
    for (name, values) in arrays {
        let shape: &[usize] = if values.len() == 1 { &[] } else { &[values.len()] };
        archive
            .start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default())
            .expect("an array can be added");
        archive.write_all(&npy(shape, values)).expect("an array can be written");
    }
    archive.finish().expect("the archive can be finished");
}
