//! The arrays of a launch.

use std::io::{self, Read, Write};

use buffer_runtime::entry::Role;
use buffer_runtime::{Argument, Arguments, DeviceError, ElementType, Entry, Kernel, Launched, Precision};

use super::random::SplitMix64;

/// The elements of an array.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "named by their element types")]
pub enum Values {
    F32(Vec<f32>),
    F64(Vec<f64>),
    I32(Vec<i32>),
    I64(Vec<i64>),
}

/// One array, component × run.
#[derive(Clone, Debug)]
pub struct Array {
    /// Name in the entry.
    pub name: String,
    /// How the kernel uses it.
    pub role: Role,
    /// Components.
    pub rows: usize,
    /// Runs, or 1 for an array that all share.
    pub columns: usize,
    /// The elements.
    pub values: Values,
}

/// All arrays of a launch.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Runs.
    pub runs: usize,
    /// In the order of the entry's parameters.
    pub arrays: Vec<Array>,
}

/// One input in this many is a special value.
const SPECIAL_EVERY: u64 = 61;

/// Zeros of both signs, subnormals, the largest finite value, infinities, NaN: where flushing, clamping and reordering would show.
fn special(random: &mut SplitMix64, precision: Precision) -> f64 {
    let (subnormal, largest) = match precision {
        Precision::F32 => (f64::from(f32::from_bits(3)), f64::from(f32::MAX)),
        Precision::F64 => (f64::from_bits(3), f64::MAX),
    };
    let values = [0.0, -0.0, subnormal, -subnormal, largest, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    values[random.below(values.len())]
}

/// What outputs hold before a launch; no kernel writes it.
const UNWRITTEN: i32 = -1_234_567;

impl Values {
    fn build(element: ElementType, count: usize, mut value: impl FnMut() -> f64) -> Self {
        match element {
            ElementType::F32 => Self::F32((0..count).map(|_| value() as f32).collect()),
            ElementType::F64 => Self::F64((0..count).map(|_| value()).collect()),
            ElementType::I32 => Self::I32((0..count).map(|_| value() as i32).collect()),
            ElementType::I64 => Self::I64((0..count).map(|_| value() as i64).collect()),
        }
    }

    /// The elements' type.
    pub fn element(&self) -> ElementType {
        match self {
            Self::F32(_) => ElementType::F32,
            Self::F64(_) => ElementType::F64,
            Self::I32(_) => ElementType::I32,
            Self::I64(_) => ElementType::I64,
        }
    }

    /// Elements.
    pub fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::I64(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The representation of an element; every NaN has that of one quiet NaN, since its sign and payload are not specified.
    pub fn bits(&self, index: usize) -> Option<u64> {
        Some(match self {
            Self::F32(values) => match values.get(index)? {
                value if value.is_nan() => f32::NAN.to_bits().into(),
                value => value.to_bits().into(),
            },
            Self::F64(values) => match values.get(index)? {
                value if value.is_nan() => f64::NAN.to_bits(),
                value => value.to_bits(),
            },
            Self::I32(values) => values.get(index)?.cast_unsigned().into(),
            Self::I64(values) => values.get(index)?.cast_unsigned(),
        })
    }

    fn show(&self, index: usize) -> String {
        let bits = self.bits(index).unwrap_or_default();
        match self {
            Self::F32(values) => format!("{:e} ({bits:#010x})", values[index]),
            Self::F64(values) => format!("{:e} ({bits:#018x})", values[index]),
            Self::I32(values) => values[index].to_string(),
            Self::I64(values) => values[index].to_string(),
        }
    }

    fn gather(&self, indices: &[usize]) -> Self {
        fn picked<T: Copy>(values: &[T], indices: &[usize]) -> Vec<T> {
            indices.iter().filter_map(|index| values.get(*index)).copied().collect()
        }
        match self {
            Self::F32(values) => Self::F32(picked(values, indices)),
            Self::F64(values) => Self::F64(picked(values, indices)),
            Self::I32(values) => Self::I32(picked(values, indices)),
            Self::I64(values) => Self::I64(picked(values, indices)),
        }
    }

    /// The elements' bytes, least significant first.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::F32(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Self::F64(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Self::I32(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Self::I64(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        }
    }

    /// Replaces the elements by as many from their bytes.
    fn read(&mut self, input: &mut impl Read) -> io::Result<()> {
        fn fill<T, const N: usize>(values: &mut [T], input: &mut impl Read, from: fn([u8; N]) -> T) -> io::Result<()> {
            for value in values {
                let mut bytes = [0; N];
                input.read_exact(&mut bytes)?;
                *value = from(bytes);
            }
            Ok(())
        }
        match self {
            Self::F32(values) => fill(values, input, f32::from_le_bytes),
            Self::F64(values) => fill(values, input, f64::from_le_bytes),
            Self::I32(values) => fill(values, input, i32::from_le_bytes),
            Self::I64(values) => fill(values, input, i64::from_le_bytes),
        }
    }

    fn read_only(&self) -> Argument<'_> {
        match self {
            Self::F32(values) => values.into(),
            Self::F64(values) => values.into(),
            Self::I32(values) => values.into(),
            Self::I64(values) => values.into(),
        }
    }

    fn writable(&mut self) -> Argument<'_> {
        match self {
            Self::F32(values) => values.into(),
            Self::F64(values) => values.into(),
            Self::I32(values) => values.into(),
            Self::I64(values) => values.into(),
        }
    }
}

impl Batch {
    /// Inputs from a seed, uniform in their range (-2 to 2 unless named), with special values among the floats of larger batches; outputs hold a value that no kernel writes.
    pub fn seeded(
        entry: &Entry,
        precision: Precision,
        runs: usize,
        ranges: &[(&'static str, f64, f64)],
        seed: u64,
    ) -> Self {
        let mut random = SplitMix64::new(seed);
        let arrays = entry.parameters().iter().map(|parameter| {
            let element = parameter.element.resolve(precision);
            let columns = if parameter.role == Role::Broadcast { 1 } else { runs };
            let (low, high) = (ranges.iter().find(|(name, ..)| *name == parameter.name))
                .map_or((-2.0, 2.0), |(_, low, high)| (*low, *high));
            let floats = matches!(element, ElementType::F32 | ElementType::F64) && parameter.role != Role::Broadcast;
            let values = Values::build(element, parameter.rows * columns, || match parameter.role {
                Role::Output => UNWRITTEN.into(),
                _ if floats && random.next().is_multiple_of(SPECIAL_EVERY) => special(&mut random, precision),
                _ => random.uniform(low, high),
            });
            Array { name: parameter.name.clone(), role: parameter.role, rows: parameter.rows, columns, values }
        });
        Self { runs, arrays: arrays.collect() }
    }

    /// The arrays for a launch.
    pub fn arguments(&mut self) -> Arguments<'_> {
        let mut arguments = Arguments::new();
        for array in &mut self.arrays {
            match array.role {
                Role::Input | Role::Broadcast => arguments.push(&array.name, array.values.read_only()),
                Role::Output | Role::InOut => arguments.push(&array.name, array.values.writable()),
            }
        }
        arguments
    }

    /// A launch on a copy of these arrays: the arrays after it.
    ///
    /// # Errors
    /// As [`Kernel::launch`].
    pub fn launched(&self, kernel: &Kernel) -> Result<Self, DeviceError> {
        Ok(self.clone().launch(kernel)?.0)
    }

    /// A launch on these arrays.
    ///
    /// # Errors
    /// As [`Kernel::launch`].
    pub fn launch(mut self, kernel: &Kernel) -> Result<(Self, Launched), DeviceError> {
        let launched = kernel.launch(self.runs, self.arguments())?;
        Ok((self, launched))
    }

    /// The batch of the chosen runs, in their order.
    #[must_use]
    pub fn select(&self, runs: &[usize]) -> Self {
        let arrays = self.arrays.iter().map(|array| {
            if array.role == Role::Broadcast {
                return array.clone();
            }
            let indices: Vec<usize> =
                (0..array.rows).flat_map(|row| runs.iter().map(move |run| row * array.columns + run)).collect();
            Array { columns: runs.len(), values: array.values.gather(&indices), ..array.clone() }
        });
        Self { runs: runs.len(), arrays: arrays.collect() }
    }

    /// The first element whose bits differ from those of `other`; NaN equals NaN.
    pub fn difference(&self, other: &Self) -> Option<String> {
        for (mine, theirs) in self.arrays.iter().zip(&other.arrays) {
            if mine.values.len() != theirs.values.len() {
                return Some(format!("{} has {} elements, not {}", mine.name, theirs.values.len(), mine.values.len()));
            }
            let differs = |index: &usize| mine.values.bits(*index) != theirs.values.bits(*index);
            if let Some(index) = (0..mine.values.len()).find(differs) {
                let (row, run) = (index / mine.columns, index % mine.columns);
                let (expected, found) = (mine.values.show(index), theirs.values.show(index));
                return Some(format!("{}[{row}] of run {run} is {found}, not {expected}", mine.name));
            }
        }
        None
    }

    /// An output element that the launch did not write.
    pub fn unwritten(&self) -> Option<String> {
        let outputs = self.arrays.iter().filter(|array| array.role == Role::Output);
        outputs.into_iter().find_map(|array| {
            let untouched = Values::build(array.values.element(), 1, || UNWRITTEN.into()).bits(0);
            let index = (0..array.values.len()).find(|index| array.values.bits(*index) == untouched)?;
            Some(format!("{}[{}] of run {}", array.name, index / array.columns, index % array.columns))
        })
    }

    /// Writes the elements of all arrays.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.arrays.iter().try_for_each(|array| out.write_all(&array.values.to_bytes()))
    }

    /// This batch with its elements replaced by those that [`write`](Self::write) wrote for one of the same shape.
    ///
    /// # Errors
    /// Those of the reader, and too few bytes.
    pub fn read(mut self, input: &mut impl Read) -> io::Result<Self> {
        self.arrays.iter_mut().try_for_each(|array| array.values.read(input))?;
        Ok(self)
    }
}
