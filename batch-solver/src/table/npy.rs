//! NumPy's files: arrays of numbers (`.npy`), and archives of them (`.npz`).

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use indexmap::IndexMap;
use ndarray::{ArrayD, IxDyn, ShapeBuilder};
use winnow::ascii::{digit1, multispace0};
use winnow::combinator::{alt, delimited, opt, preceded, separated, separated_pair, terminated};
use winnow::error::ContextError;
use winnow::prelude::*;
use winnow::token::take_till;

use super::dtype::decoder;

/// An array's shape, and its values with the last axis fastest.
pub(crate) type Array = (Vec<usize>, Vec<f64>);

/// A NumPy file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NpyError {
    /// The file is not there, cannot be read, or is no archive.
    #[error("{file}: cannot be read as {what}")]
    Read {
        /// The file.
        file: String,
        /// What it should be, and how to write one.
        what: &'static str,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It does not begin as NumPy's arrays do.
    #[error("{place}: this is not an array of NumPy: write it with `numpy.save` or `numpy.savez`")]
    NotAnArray {
        /// The file, and of an archive the array.
        place: String,
    },
    /// A header that cannot be understood.
    #[error("{place}: the array has the header `{header}`, of which nothing is known: write it with `numpy.save`")]
    Header {
        /// The file, and of an archive the array.
        place: String,
        /// What it says.
        header: String,
    },
    /// An array of something else than real numbers.
    #[error(
        "{place}: the array has dtype `{dtype}`; integers and floating-point numbers of up to 64 bits can be read: write it with `.astype(\"float64\")`"
    )]
    Dtype {
        /// The file, and of an archive the array.
        place: String,
        /// As NumPy writes it.
        dtype: String,
    },
    /// The array ends early.
    #[error(
        "{place}: an array of shape {shape:?} has {expected} values, here are {found}: the file is cut off, write it again"
    )]
    CutOff {
        /// The file, and of an archive the array.
        place: String,
        /// Its shape.
        shape: Vec<usize>,
        /// How many values that is.
        expected: usize,
        /// How many there are.
        found: usize,
    },
}

const ONE: &str = "an array of NumPy, as `numpy.save` writes it";
const ARCHIVE: &str = "an archive of NumPy's arrays, as `numpy.savez` writes it";

/// Reads a `.npy` file. Numbers of all types become `f64`: whole ones beyond 2^53 are rounded.
pub(crate) fn read_npy(path: &Path) -> Result<Array, NpyError> {
    let place = path.display().to_string();
    match File::open(path) {
        Ok(file) => read_array(BufReader::new(file), &place),
        Err(source) => Err(NpyError::Read { file: place, what: ONE, source }),
    }
}

/// Reads all arrays of a `.npz` file by their names, in the order of the file.
pub(crate) fn read_npz(path: &Path) -> Result<IndexMap<String, Array>, NpyError> {
    let mut arrays = IndexMap::new();
    for_each_array(path, |name, place, reader| {
        arrays.insert(name.to_owned(), read_array(reader, place)?);
        Ok(())
    })?;
    Ok(arrays)
}

/// Shows each array of a `.npz` file: its name, how messages call it, and its bytes, header included.
pub(super) fn for_each_array<E: From<NpyError>>(
    path: &Path,
    mut show: impl FnMut(&str, &str, &mut dyn Read) -> Result<(), E>,
) -> Result<(), E> {
    let file = path.display().to_string();
    let failed = |source: io::Error| NpyError::Read { file: file.clone(), what: ARCHIVE, source };
    let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path).map_err(failed)?))
        .map_err(|error| failed(error.into()))?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| failed(error.into()))?;
        let name = entry.name().map_err(|error| failed(error.into()))?.into_owned();
        if let Some(name) = name.strip_suffix(".npy") {
            show(name, &format!("{file}: array `{name}`"), &mut entry)?;
        }
    }
    Ok(())
}

/// What the header of an array says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Described {
    pub(super) dtype: String,
    pub(super) fortran_order: bool,
    pub(super) shape: Vec<usize>,
    /// Number of values.
    pub(super) count: usize,
}

/// Values converted at a time.
const CHUNK: usize = 1 << 13;

fn read_array(mut reader: impl Read, place: &str) -> Result<Array, NpyError> {
    let described = describe(&mut reader, place)?;
    let values = values(&described, reader, place)?;
    Ok((described.shape, values))
}

/// Reads the header of an array.
pub(super) fn describe(mut reader: impl Read, place: &str) -> Result<Described, NpyError> {
    let place = place.to_owned();
    let text = match read_header(&mut reader) {
        Ok(Some(text)) => text,
        Ok(None) => return Err(NpyError::NotAnArray { place }),
        Err(source) if source.kind() == io::ErrorKind::UnexpectedEof => return Err(NpyError::NotAnArray { place }),
        Err(source) => return Err(unread(&place)(source)),
    };
    let parsed = header.parse(text.trim()).ok().and_then(|Header { dtype, fortran_order, shape }| {
        let count = shape.iter().try_fold(1_usize, |count, axis| count.checked_mul(*axis))?;
        Some(Described { dtype: dtype.to_owned(), fortran_order, shape, count })
    });
    parsed.ok_or_else(|| NpyError::Header { place, header: text.trim().to_owned() })
}

/// Reads the values that follow a header.
pub(super) fn values(described: &Described, mut reader: impl Read, place: &str) -> Result<Vec<f64>, NpyError> {
    let Described { dtype, fortran_order, shape, count } = described;
    let Some((bytes, decode)) = decoder(dtype) else {
        return Err(NpyError::Dtype { place: place.to_owned(), dtype: dtype.clone() });
    };
    let mut values = Vec::new();
    let mut chunk = Vec::with_capacity(bytes * CHUNK);
    while values.len() < *count {
        chunk.clear();
        let wanted = bytes * CHUNK.min(count - values.len());
        reader.by_ref().take(wanted as u64).read_to_end(&mut chunk).map_err(unread(place))?;
        values.extend(chunk.chunks_exact(bytes).map(decode));
        if chunk.len() < wanted {
            let place = place.to_owned();
            return Err(NpyError::CutOff { place, shape: shape.clone(), expected: *count, found: values.len() });
        }
    }
    to_the_end(reader, place)?;
    if *fortran_order && let Ok(array) = ArrayD::from_shape_vec(IxDyn(shape).f(), std::mem::take(&mut values)) {
        values = array.iter().copied().collect();
    }
    Ok(values)
}

/// Reads what follows the values of an array: at the end of an entry of an archive its checksum is compared.
pub(super) fn to_the_end(mut reader: impl Read, place: &str) -> Result<(), NpyError> {
    io::copy(&mut reader, &mut io::sink()).map(drop).map_err(unread(place))
}

fn unread(place: &str) -> impl FnOnce(io::Error) -> NpyError {
    |source| NpyError::Read { file: place.to_owned(), what: ONE, source }
}

/// The beginning of an array, its last axis fastest, with its values to follow.
pub(super) fn head(dtype: &str, shape: &[usize]) -> Vec<u8> {
    let axes: String = shape.iter().map(|axis| format!("{axis},")).collect();
    let header = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({axes}), }}");
    // Values are aligned to 64 bytes; ten come before the header and a line feed ends it.
    let padded = (10 + header.len() + 1).next_multiple_of(64) - 10;
    let mut head = b"\x93NUMPY\x01\x00".to_vec();
    head.extend((padded as u16).to_le_bytes());
    head.extend(format!("{header:<0$}\n", padded - 1).into_bytes());
    head
}

/// The text that describes an array, `None` where no array begins.
fn read_header(reader: &mut impl Read) -> io::Result<Option<String>> {
    let mut start = [0; 8];
    reader.read_exact(&mut start)?;
    let [magic @ .., major, _] = start;
    if magic != *b"\x93NUMPY" {
        return Ok(None);
    }
    let mut length = [0; 4];
    reader.read_exact(if major == 1 { &mut length[..2] } else { &mut length })?;
    let mut text = Vec::new();
    reader.by_ref().take(u32::from_le_bytes(length).into()).read_to_end(&mut text)?;
    Ok(Some(String::from_utf8_lossy(&text).into_owned()))
}

#[derive(Debug, PartialEq)]
struct Header<'a> {
    dtype: &'a str,
    fortran_order: bool,
    shape: Vec<usize>,
}

/// What a header can have for values.
#[derive(Clone, Debug)]
enum Literal<'a> {
    Text(&'a str),
    Truth(bool),
    Shape(Vec<usize>),
}

/// A dictionary of Python with the keys `descr`, `fortran_order` and `shape`.
fn header<'a>(input: &mut &'a str) -> winnow::Result<Header<'a>> {
    let pair = separated_pair(token(quoted), token(':'), token(literal));
    let pairs: Vec<(&str, Literal<'_>)> =
        delimited(token('{'), terminated(separated(1.., pair, token(',')), opt(token(','))), token('}'))
            .parse_next(input)?;
    let mut parts = (None, None, None);
    for pair in pairs {
        match pair {
            ("descr", Literal::Text(dtype)) => parts.0 = Some(dtype),
            ("fortran_order", Literal::Truth(truth)) => parts.1 = Some(truth),
            ("shape", Literal::Shape(shape)) => parts.2 = Some(shape),
            _ => return Err(ContextError::new()),
        }
    }
    match parts {
        (Some(dtype), Some(fortran_order), Some(shape)) => Ok(Header { dtype, fortran_order, shape }),
        _ => Err(ContextError::new()),
    }
}

fn token<'a, O>(inner: impl Parser<&'a str, O, ContextError>) -> impl Parser<&'a str, O, ContextError> {
    delimited(multispace0, inner, multispace0)
}

fn quoted<'a>(input: &mut &'a str) -> Result<&'a str, ContextError> {
    alt((delimited('\'', take_till(0.., '\''), '\''), delimited('"', take_till(0.., '"'), '"'))).parse_next(input)
}

fn literal<'a>(input: &mut &'a str) -> Result<Literal<'a>, ContextError> {
    let axis = terminated(digit1.parse_to::<usize>(), opt('L'));
    let axes = terminated(separated(0.., token(axis), ','), opt((',', multispace0)));
    alt((
        quoted.map(Literal::Text),
        "True".value(Literal::Truth(true)),
        "False".value(Literal::Truth(false)),
        delimited('(', preceded(multispace0, axes), ')').map(Literal::Shape),
        // The fields of a record: no numbers, but worth naming.
        ('[', take_till(0.., ']'), ']').take().map(Literal::Text),
    ))
    .parse_next(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A `.npy` file, byte for byte as NumPy 2 writes it.
    fn npy(descr: &str, fortran_order: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': {descr}, 'fortran_order': {fortran_order}, 'shape': {shape}, }}");
        let padded = format!("{header:<117}\n");
        [b"\x93NUMPY\x01\x00".as_slice(), &(padded.len() as u16).to_le_bytes(), padded.as_bytes(), data].concat()
    }

    fn read(bytes: &[u8]) -> Result<Array, NpyError> {
        read_array(bytes, "a.npy")
    }

    #[test]
    fn numbers_of_all_types_and_both_byte_orders_are_read() {
        let doubles = [0.1, f64::NEG_INFINITY].map(f64::to_le_bytes).concat();
        assert_eq!(read(&npy("'<f8'", "False", "(2,)", &doubles)).unwrap(), (vec![2], vec![0.1, f64::NEG_INFINITY]));
        assert_eq!(read(&npy("'>f4'", "False", "(1, 1)", &0.5_f32.to_be_bytes())).unwrap(), (vec![1, 1], vec![0.5]));
        assert_eq!(read(&npy("'>i8'", "False", "()", &(-3_i64).to_be_bytes())).unwrap(), (vec![], vec![-3.0]));
        assert_eq!(read(&npy("'|u1'", "False", "(2L,)", &[1, 255])).unwrap(), (vec![2], vec![1.0, 255.0]));
        assert!(matches!(read(&npy("'|b1'", "False", "(2,)", &[0, 1])), Err(NpyError::Dtype { .. })));
        let halves = [0x3c00_u16, 0xc000, 0x0001, 0x7bff, 0xfc00].map(u16::to_le_bytes).concat();
        let expected = vec![1.0, -2.0, 5.960464477539063e-8, 65504.0, f64::NEG_INFINITY];
        assert_eq!(read(&npy("'<f2'", "False", "(5,)", &halves)).unwrap(), (vec![5], expected));
        assert_eq!(read(&npy("'<i2'", "False", "(0, 3)", &[])).unwrap(), (vec![0, 3], vec![]));
        assert!(read(&npy("'<f2'", "False", "(1,)", &[0, 0x7e])).unwrap().1[0].is_nan());
    }

    #[test]
    fn columns_first_become_rows_first() {
        let data: Vec<u8> = (0..6_u8).collect();
        let (shape, values) = read(&npy("'|u1'", "True", "(2, 3)", &data)).unwrap();
        assert_eq!((shape, values), (vec![2, 3], vec![0.0, 2.0, 4.0, 1.0, 3.0, 5.0]));
    }

    #[test]
    fn errors_name_the_place_and_the_remedy() {
        for (bytes, message) in [
            (b"x,y\n1,2\n".to_vec(), "a.npy: this is not an array of NumPy: write it with `numpy.save`"),
            (b"\x93N".to_vec(), "a.npy: this is not an array of NumPy"),
            (npy("'<c16'", "False", "(1,)", &[0; 16]), "a.npy: the array has dtype `<c16`; integers"),
            (npy("'|O'", "False", "(1,)", &[0; 8]), "a.npy: the array has dtype `|O`"),
            (npy("[('a', '<f8')]", "False", "(1,)", &[0; 8]), "a.npy: the array has dtype `[('a', '<f8')]`"),
            (npy("'<f8'", "False", "(3, 2)", &[0; 40]), "a.npy: an array of shape [3, 2] has 6 values, here are 5"),
            (npy("'<f8'", "Maybe", "(3,)", &[]), "a.npy: the array has the header `{'descr': '<f8', 'fortran_order'"),
            (npy("'<f8'", "False", "(9999999999, 9999999999)", &[]), "a.npy: the array has the header"),
        ] {
            let error = read(&bytes).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
        let error = read_npy(Path::new("/nowhere/a.npy")).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/a.npy: cannot be read as an array of NumPy"), "{error}");
    }

    #[test]
    fn archives_have_arrays_by_name() {
        use std::io::Write;

        let file = tempfile::NamedTempFile::new().unwrap();
        let error = read_npz(file.path()).unwrap_err().to_string();
        assert!(error.contains("cannot be read as an archive of NumPy's arrays"), "{error}");
        let mut archive = zip::ZipWriter::new(file.as_file());
        for (name, method) in [("k", zip::CompressionMethod::Stored), ("a", zip::CompressionMethod::Deflated)] {
            let options = zip::write::SimpleFileOptions::default().compression_method(method);
            archive.start_file(format!("{name}.npy"), options).unwrap();
            archive.write_all(&npy("'<f4'", "False", "(1,)", &2.5_f32.to_le_bytes())).unwrap();
        }
        archive.start_file("b.npy", zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(b"text that is no array").unwrap();
        archive.finish().unwrap();
        let error = read_npz(file.path()).unwrap_err().to_string();
        assert!(error.contains(": array `b`: this is not an array"), "{error}");
        // One bit of a value, which a checksum is there for.
        let mut bytes = std::fs::read(file.path()).unwrap();
        let place = bytes.windows(4).position(|four| four == 2.5_f32.to_le_bytes()).unwrap();
        bytes[place] ^= 1;
        std::fs::write(file.path(), bytes).unwrap();
        let error = read_npz(file.path()).unwrap_err().to_string();
        assert!(error.contains(": array `k`: cannot be read"), "{error}");
    }
}
