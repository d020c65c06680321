use std::fmt;
use std::marker::PhantomData;

use crate::element::{Element, Real};
use crate::location::Location;

/// Field type of a declared array with elements of type `T`.
///
/// The field holds only the user's choice of place; the declared default is in the factory's [`BufferSpec`](crate::BufferSpec), the
/// length in the declaration, the address in the [layout](crate::layout).
pub struct Buffer<T: Element = Real> {
    location: Option<Location>,
    element: PhantomData<fn() -> T>,
}

impl<T: Element> Buffer<T> {
    /// A buffer placed in `location` whatever the declaration says.
    pub const fn placed(location: Location) -> Self {
        Self { location: Some(location), element: PhantomData }
    }

    /// The user's choice, if any.
    pub const fn location(&self) -> Option<Location> {
        self.location
    }
}

impl<T: Element> Default for Buffer<T> {
    fn default() -> Self {
        Self { location: None, element: PhantomData }
    }
}

impl<T: Element> Clone for Buffer<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Element> Copy for Buffer<T> {}

impl<T: Element> PartialEq for Buffer<T> {
    fn eq(&self, other: &Self) -> bool {
        self.location == other.location
    }
}

impl<T: Element> Eq for Buffer<T> {}

impl<T: Element> fmt::Debug for Buffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location {
            Some(location) => write!(f, "Buffer({location})"),
            None => f.write_str("Buffer"),
        }
    }
}
