use super::error::LaunchError;
use super::{Parameter, Role};
use crate::element::ElementType;
use crate::precision::Precision;

/// A host array handed to a launch.
#[derive(Debug)]
#[non_exhaustive]
pub enum Argument<'a> {
    /// Read by the kernel.
    Read {
        /// Element type.
        element: ElementType,
        /// The elements' bytes.
        bytes: &'a [u8],
    },
    /// Written, or read and written.
    Write {
        /// Element type.
        element: ElementType,
        /// The elements' bytes.
        bytes: &'a mut [u8],
    },
}

/// A host type whose arrays a kernel can take. Implemented for `f32`, `f64`, `i32` and `i64`.
pub trait ArrayElement: Copy + Default + Send + Sync + private::Sealed + 'static {
    /// The element type in device source.
    const TYPE: ElementType;
}

mod private {
    pub trait Sealed {}
}

macro_rules! array_elements {
    ($($ty:ty: $element:ident),*) => {$(
        impl private::Sealed for $ty {}
        impl ArrayElement for $ty {
            const TYPE: ElementType = ElementType::$element;
        }
    )*};
}
array_elements!(f32: F32, f64: F64, i32: I32, i64: I64);

impl<'a, T: ArrayElement> From<&'a [T]> for Argument<'a> {
    fn from(values: &'a [T]) -> Self {
        // SAFETY: the pointer and length describe exactly the slice's memory; T is one of four plain number types without padding,
        // so every byte is initialised; u8 has alignment 1; the borrow keeps the slice alive and unwritten for 'a.
        let bytes = unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), size_of_val(values)) };
        Self::Read { element: T::TYPE, bytes }
    }
}

impl<'a, T: ArrayElement> From<&'a mut [T]> for Argument<'a> {
    fn from(values: &'a mut [T]) -> Self {
        // SAFETY: as for shared slices; the exclusive borrow makes this the only access for 'a, and every bit pattern written through
        // it is a value of T, since all bit patterns of the four number types are.
        let bytes = unsafe { std::slice::from_raw_parts_mut(values.as_mut_ptr().cast(), size_of_val(values)) };
        Self::Write { element: T::TYPE, bytes }
    }
}

impl<'a, T: ArrayElement> From<&'a Vec<T>> for Argument<'a> {
    fn from(values: &'a Vec<T>) -> Self {
        Self::from(values.as_slice())
    }
}

impl<'a, T: ArrayElement> From<&'a mut Vec<T>> for Argument<'a> {
    fn from(values: &'a mut Vec<T>) -> Self {
        Self::from(values.as_mut_slice())
    }
}

impl<'a, T: ArrayElement, const N: usize> From<&'a [T; N]> for Argument<'a> {
    fn from(values: &'a [T; N]) -> Self {
        Self::from(values.as_slice())
    }
}

impl<'a, T: ArrayElement, const N: usize> From<&'a mut [T; N]> for Argument<'a> {
    fn from(values: &'a mut [T; N]) -> Self {
        Self::from(values.as_mut_slice())
    }
}

/// A reference to a reference, as `args! { name }` makes of a variable that is already a slice.
impl<'a, T: ArrayElement> From<&'a &'a [T]> for Argument<'a> {
    fn from(values: &'a &'a [T]) -> Self {
        Self::from(*values)
    }
}

/// Likewise for a variable that is a reference to a vector.
impl<'a, T: ArrayElement> From<&'a &'a Vec<T>> for Argument<'a> {
    fn from(values: &'a &'a Vec<T>) -> Self {
        Self::from(values.as_slice())
    }
}

/// The named arrays of one launch; [`args!`](crate::args!) builds it.
#[derive(Debug, Default)]
pub struct Arguments<'a> {
    list: Vec<(&'a str, Argument<'a>)>,
}

impl<'a> Arguments<'a> {
    /// No arrays.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an array.
    pub fn push(&mut self, name: &'a str, argument: impl Into<Argument<'a>>) {
        self.list.push((name, argument.into()));
    }

    /// Puts the arrays in the order of the parameters after checking names, element types, directions and lengths.
    ///
    /// # Errors
    /// What does not fit, with the array's name and what would.
    pub(crate) fn bind(
        self,
        parameters: &[Parameter],
        precision: Precision,
        runs: usize,
    ) -> Result<Vec<Argument<'a>>, LaunchError> {
        let mut slots: Vec<Option<Argument<'a>>> = parameters.iter().map(|_| None).collect();
        for (name, argument) in self.list {
            let Some(index) = parameters.iter().position(|parameter| parameter.name == name) else {
                return Err(LaunchError::unknown(name, parameters));
            };
            check(&parameters[index], &argument, precision, runs)?;
            if slots[index].replace(argument).is_some() {
                return Err(LaunchError::DuplicateArgument { name: name.to_owned() });
            }
        }
        parameters
            .iter()
            .zip(slots)
            .map(|(parameter, slot)| slot.ok_or_else(|| LaunchError::MissingArgument { name: parameter.name.clone() }))
            .collect()
    }
}

fn check(parameter: &Parameter, argument: &Argument<'_>, precision: Precision, runs: usize) -> Result<(), LaunchError> {
    let (element, bytes, writable) = match argument {
        Argument::Read { element, bytes } => (*element, bytes.len(), false),
        Argument::Write { element, bytes } => (*element, bytes.len(), true),
    };
    let expected = parameter.element.resolve(precision);
    if element != expected {
        return Err(LaunchError::WrongElement { name: parameter.name.clone(), expected, given: element });
    }
    if matches!(parameter.role, Role::Output | Role::InOut) && !writable {
        return Err(LaunchError::NotWritable { name: parameter.name.clone() });
    }
    let columns = if parameter.role == Role::Broadcast { 1 } else { runs };
    let needed = parameter.rows.checked_mul(columns).ok_or(LaunchError::TooManyRuns { runs })?;
    let given = bytes / expected.size_bytes();
    if given != needed {
        return Err(LaunchError::WrongLength { name: parameter.name.clone(), rows: parameter.rows, columns, given });
    }
    Ok(())
}
