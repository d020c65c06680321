//! Tables as Parquet files.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{DataType, DoubleType, FloatType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};

use super::columns::Column;
use super::writer::WriteError;
use super::{Frame, ReadError, Table};

/// Writes a few row groups for each part.
#[derive(Debug)]
pub(super) enum ParquetWriter<W: Write + Send> {
    /// The columns are not known.
    Waiting(W),
    Writing(SerializedFileWriter<W>),
    Failed,
}

impl From<ParquetError> for WriteError {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(source) => match source.downcast::<io::Error>() {
                Ok(source) => (*source).into(),
                Err(source) => io::Error::other(source).into(),
            },
            _ => io::Error::other(error).into(),
        }
    }
}

/// Groups of runs in a row group, which has about a million rows then.
const GROUPS: usize = 8;

impl<W: Write + Send> ParquetWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self::Waiting(out)
    }

    pub(super) fn push(&mut self, table: &Table<'_>) -> Result<(), WriteError> {
        let file = self.of_columns(schema(table)?)?;
        let groups: Vec<_> = table.groups().collect();
        let (mut rows, mut single) = (Vec::new(), Vec::new());
        for groups in groups.chunks(GROUPS) {
            let mut row_group = file.next_row_group()?;
            for column in table.parts() {
                let Some(mut writer) = row_group.next_column()? else { break };
                for runs in groups {
                    match column {
                        Column::Saved(position) if table.is_single() => {
                            table.gather(position, runs, &mut single);
                            write::<FloatType>(&mut writer, &single)?;
                        }
                        Column::Status => {
                            table.gather_rows(column, runs, &mut rows);
                            let status: Vec<i32> = rows.iter().map(|status| *status as i32).collect();
                            write::<Int32Type>(&mut writer, &status)?;
                        }
                        _ => {
                            table.gather_rows(column, runs, &mut rows);
                            write::<DoubleType>(&mut writer, &rows)?;
                        }
                    }
                }
                writer.close()?;
            }
            row_group.close()?;
        }
        Ok(())
    }

    /// Takes over the row groups of a file as they are, and says of how many rows.
    pub(super) fn copy_from(&mut self, path: &Path) -> Result<u64, WriteError> {
        let from = File::open(path).map_err(|source| ReadError::Read { file: path.display().to_string(), source })?;
        let reader = open(path, &from)?;
        let metadata = reader.metadata();
        let file = self.of_columns(metadata.file_metadata().schema_descr().root_schema_ptr())?;
        let mut rows = 0;
        for earlier in metadata.row_groups() {
            let mut row_group = file.next_row_group()?;
            for column in earlier.columns() {
                let close = ColumnCloseResult {
                    bytes_written: column.compressed_size().unsigned_abs(),
                    rows_written: earlier.num_rows().unsigned_abs(),
                    metadata: column.clone(),
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                row_group.append_column(&from, close)?;
            }
            row_group.close()?;
            rows += earlier.num_rows().unsigned_abs();
        }
        Ok(rows)
    }

    pub(super) fn finish(self) -> Result<W, WriteError> {
        match self {
            Self::Writing(file) => Ok(file.into_inner()?),
            Self::Waiting(out) => Ok(out),
            Self::Failed => Err(io::Error::other("an earlier part of it failed").into()),
        }
    }

    /// The file, begun with these columns or of the same.
    fn of_columns(&mut self, schema: Arc<Type>) -> Result<&mut SerializedFileWriter<W>, WriteError> {
        if let Self::Writing(file) = self {
            let earlier = file.schema_descr().root_schema();
            if description(earlier) != description(&schema) {
                let (earlier, found) = (description(earlier), description(&schema));
                return Err(WriteError::OtherColumns { earlier, found });
            }
        }
        *self = match std::mem::replace(self, Self::Failed) {
            Self::Waiting(out) => {
                let properties = Arc::new(properties(&schema));
                Self::Writing(SerializedFileWriter::new(out, schema, properties)?)
            }
            begun => begun,
        };
        match self {
            Self::Writing(file) => Ok(file),
            _ => Err(io::Error::other("an earlier part of it failed").into()),
        }
    }
}

fn write<T: DataType>(writer: &mut SerializedColumnWriter<'_>, values: &[T::T]) -> Result<(), ParquetError> {
    writer.typed::<T>().write_batch(values, None, None).map(drop)
}

/// All columns have a value in every row.
fn schema(table: &Table<'_>) -> Result<Arc<Type>, ParquetError> {
    let fields = table.columns().into_iter().zip(table.parts()).map(|(name, column)| {
        let physical = match column {
            Column::Saved(_) if table.is_single() => Physical::FLOAT,
            Column::Status => Physical::INT32,
            _ => Physical::DOUBLE,
        };
        let field = Type::primitive_type_builder(&name, physical).with_repetition(Repetition::REQUIRED);
        field.build().map(Arc::new)
    });
    let fields = fields.collect::<Result<_, _>>()?;
    Type::group_type_builder("table").with_fields(fields).build().map(Arc::new)
}

/// Results hardly ever repeat; what varies, times and statuses do, and take next to no room by way of a dictionary.
fn properties(schema: &Type) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_dictionary_enabled(false)
        .set_max_row_group_row_count(None);
    let names: Vec<&str> = schema.get_fields().iter().map(|field| field.name()).collect();
    // Those before the times vary; without times, what repeats does not repeat much.
    let before = names.iter().position(|name| *name == "t").map_or(0, |time| time + 1);
    for name in names.iter().take(before).chain(names.last()) {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), true);
    }
    properties.build()
}

fn description(schema: &Type) -> String {
    let field = |field: &Arc<Type>| {
        let optional = if field.is_optional() { " or none" } else { "" };
        if field.is_primitive() {
            format!("{} ({}{optional})", field.name(), field.get_physical_type())
        } else {
            format!("{} (nested)", field.name())
        }
    };
    schema.get_fields().iter().map(field).collect::<Vec<_>>().join(", ")
}

fn open(path: &Path, file: &File) -> Result<SerializedFileReader<File>, ReadError> {
    let failed = |source| ReadError::Read { file: path.display().to_string(), source };
    let file = file.try_clone().map_err(failed)?;
    SerializedFileReader::new(file).map_err(|error| failed(io::Error::other(error)))
}

/// Rows read at a time.
const ROWS: usize = 1 << 16;

/// Reads the columns of a file, which must be numbers; where a row has none it is NaN.
pub(super) fn read(path: &Path) -> Result<Frame, ReadError> {
    let failed = |source| ReadError::Read { file: path.display().to_string(), source };
    let reader = open(path, &File::open(path).map_err(failed)?)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let mut columns = Vec::new();
    for field in schema.root_schema().get_fields() {
        let is_number = field.is_primitive()
            && is_plain(field)
            && matches!(
                field.get_physical_type(),
                Physical::FLOAT | Physical::DOUBLE | Physical::INT32 | Physical::INT64
            );
        if !is_number || field.get_basic_info().repetition() == Repetition::REPEATED {
            let found = match (field.is_primitive(), field.get_basic_info().converted_type()) {
                (false, _) => "nested".to_owned(),
                (true, ConvertedType::NONE) => field.get_physical_type().to_string(),
                (true, converted) => converted.to_string(),
            };
            let (file, column) = (path.display().to_string(), field.name().to_owned());
            return Err(ReadError::NoNumbers { file, column, found });
        }
        columns.push((field.name().to_owned(), Vec::new()));
    }
    let unsigned: Vec<bool> = schema.root_schema().get_fields().iter().map(|field| is_unsigned(field)).collect();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(|error| failed(io::Error::other(error)))?;
        for (index, (_, values)) in columns.iter_mut().enumerate() {
            let optional = schema.column(index).max_def_level() > 0;
            let read = group.get_column_reader(index).and_then(|column| match column {
                ColumnReader::FloatColumnReader(column) => append(column, optional, values, f64::from),
                ColumnReader::DoubleColumnReader(column) => append(column, optional, values, |value| value),
                ColumnReader::Int32ColumnReader(column) if unsigned[index] => {
                    append(column, optional, values, |value| f64::from(value.cast_unsigned()))
                }
                ColumnReader::Int64ColumnReader(column) if unsigned[index] => {
                    append(column, optional, values, |value| value.cast_unsigned() as f64)
                }
                ColumnReader::Int32ColumnReader(column) => append(column, optional, values, f64::from),
                ColumnReader::Int64ColumnReader(column) => append(column, optional, values, |value| value as f64),
                _ => Ok(()),
            });
            read.map_err(|error| failed(io::Error::other(error)))?;
        }
    }
    Ok(Frame::new(columns)?)
}

/// Whether the numbers of a column mean themselves: not a decimal, a date or a time.
fn is_plain(field: &Type) -> bool {
    use ConvertedType::{INT_8, INT_16, INT_32, INT_64, NONE, UINT_8, UINT_16, UINT_32, UINT_64};
    let info = field.get_basic_info();
    let is_integer = info.logical_type_ref().is_none_or(|logical| matches!(logical, LogicalType::Integer { .. }));
    is_integer
        && matches!(
            info.converted_type(),
            NONE | INT_8 | INT_16 | INT_32 | INT_64 | UINT_8 | UINT_16 | UINT_32 | UINT_64
        )
}

/// Whether the bits of an integer are those of one without a sign.
fn is_unsigned(field: &Type) -> bool {
    use ConvertedType::{UINT_8, UINT_16, UINT_32, UINT_64};
    matches!(field.get_basic_info().converted_type(), UINT_8 | UINT_16 | UINT_32 | UINT_64)
}

fn append<T: DataType>(
    mut column: ColumnReaderImpl<T>,
    optional: bool,
    to: &mut Vec<f64>,
    number: impl Fn(T::T) -> f64,
) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    loop {
        values.clear();
        levels.clear();
        let (rows, ..) = column.read_records(ROWS, optional.then_some(&mut levels), None, &mut values)?;
        if rows == 0 {
            return Ok(());
        }
        let mut values = values.drain(..).map(&number);
        if optional {
            let of_level = |level: &i16| if *level > 0 { values.next() } else { None };
            to.extend(levels.iter().map(of_level).map(|value| value.unwrap_or(f64::NAN)));
        } else {
            to.extend(values);
        }
    }
}
