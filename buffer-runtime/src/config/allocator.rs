use std::fmt;
use std::marker::PhantomData;

use super::error::ConfigError;
use super::spec::{BufferSpec, ChildSpec};
use super::traits::Buffers;
use crate::element::{Element, ElementType, Real};
use crate::layout::{ByteRange, Region, ResolvedLayout};

/// Where one declared buffer lies in a finished layout, typed by its element.
#[derive(Clone, PartialEq, Eq)]
pub struct Allocator<T: Element = Real> {
    path: String,
    element: ElementType,
    region: Region,
    range: Option<ByteRange>,
    elements: usize,
    marker: PhantomData<fn() -> T>,
}

impl<T: Element> Allocator<T> {
    /// Dotted path of the buffer: its identity in reports, errors and traces.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Type of one element.
    pub fn element(&self) -> ElementType {
        self.element
    }

    /// The memory it lies in.
    pub fn region(&self) -> Region {
        self.region
    }

    /// Bytes of the thread's shared or persistent space; none for a local array.
    pub fn range(&self) -> Option<ByteRange> {
        self.range
    }

    /// Length in elements.
    pub fn len(&self) -> usize {
        self.elements
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.elements == 0
    }

    /// Its type in device source: `local_array<double, 3>`, `shared_array<float, 6, 24>`, `persistent_array<int, 1>`.
    pub fn cpp_type(&self) -> String {
        let (element, elements) = (self.element.cpp_name(), self.elements);
        match (self.region, self.range) {
            (Region::Shared, Some(range)) => format!("shared_array<{element}, {elements}, {}>", range.start().get()),
            (Region::Shared, None) => format!("shared_array<{element}, {elements}, 0>"),
            (Region::Persistent, _) => format!("persistent_array<{element}, {elements}>"),
            (Region::Local, _) => format!("local_array<{element}, {elements}>"),
        }
    }
}

impl<T: Element> fmt::Debug for Allocator<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.cpp_type(), self.path)
    }
}

/// Finds the buffers of one instance in a layout.
#[derive(Clone, Copy, Debug)]
pub struct AllocatorSource<'a> {
    layout: &'a ResolvedLayout,
    path: &'a str,
}

impl<'a> AllocatorSource<'a> {
    pub(crate) fn new(layout: &'a ResolvedLayout) -> Self {
        Self { layout, path: "" }
    }

    fn member(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// The allocator of a buffer of this instance.
    ///
    /// # Errors
    /// [`ConfigError::NotLaidOut`] when the layout was made from another tree.
    pub fn buffer<T: Element>(&self, spec: &'static BufferSpec) -> Result<Allocator<T>, ConfigError> {
        let path = self.member(spec.name);
        let Some(placed) = self.layout.get(&path) else {
            return Err(ConfigError::NotLaidOut { path });
        };
        Ok(Allocator {
            element: placed.element,
            region: placed.region(),
            range: placed.placement.range(),
            elements: placed.elements.get(),
            path,
            marker: PhantomData,
        })
    }

    /// The allocators of a child.
    ///
    /// # Errors
    /// As for [`buffer`](Self::buffer).
    pub fn child<C: Buffers>(&self, spec: &'static ChildSpec, child: &C) -> Result<C::Allocators, ConfigError> {
        child.allocators(&AllocatorSource { layout: self.layout, path: &self.member(spec.name) })
    }

    /// The allocators of a child that may be absent.
    ///
    /// # Errors
    /// As for [`buffer`](Self::buffer).
    pub fn optional_child<C: Buffers>(
        &self,
        spec: &'static ChildSpec,
        child: Option<&C>,
    ) -> Result<Option<C::Allocators>, ConfigError> {
        child.map(|child| self.child(spec, child)).transpose()
    }
}
