//! One declared array.

use crate::element::{ElementSpec, ElementType};
use crate::layout::{Elements, Placement};
use crate::location::Location;
use crate::precision::Precision;

/// A declared array: what it is, not where it lies nor whose it is.
///
/// Built with the methods that take `self`; checked when [registered](crate::BufferRegistry::register).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CudaBuffer {
    name: String,
    elements: Elements,
    element: ElementSpec,
    location: Location,
    persistent: bool,
    zeroed: bool,
    aliases: Option<String>,
}

impl CudaBuffer {
    /// A local array of `elements` elements of the parent's precision, neither persistent nor zeroed nor an alias.
    pub fn new(name: impl Into<String>, elements: impl Into<Elements>) -> Self {
        Self {
            name: name.into(),
            elements: elements.into(),
            element: ElementSpec::Real,
            location: Location::Local,
            persistent: false,
            zeroed: false,
            aliases: None,
        }
    }

    /// Sets the element type.
    #[must_use]
    pub fn element(mut self, element: impl Into<ElementSpec>) -> Self {
        self.element = element.into();
        self
    }

    /// Sets where the array is asked to live.
    #[must_use]
    pub fn location(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// Makes the contents survive between calls, wherever the array is placed; its storage is never reused.
    #[must_use]
    pub fn persistent(mut self, persistent: bool) -> Self {
        self.persistent = persistent;
        self
    }

    /// Sets all elements to zero: at the start of a run if persistent, else at each call.
    #[must_use]
    pub fn zeroed(mut self, zeroed: bool) -> Self {
        self.zeroed = zeroed;
        self
    }

    /// Allows the array to reuse the shared space of another buffer or a child of the group.
    #[must_use]
    pub fn aliases(mut self, target: impl Into<String>) -> Self {
        self.aliases = Some(target.into());
        self
    }

    /// The name, unique in its group.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The length.
    pub const fn elements(&self) -> Elements {
        self.elements
    }

    /// The declared element type.
    pub const fn element_spec(&self) -> ElementSpec {
        self.element
    }

    /// Where it is asked to live; an alias may end up elsewhere.
    pub const fn requested_location(&self) -> Location {
        self.location
    }

    /// The name of the buffer or child whose space it may reuse.
    pub fn target(&self) -> Option<&str> {
        self.aliases.as_deref()
    }

    /// Whether contents survive between calls.
    pub const fn is_persistent(&self) -> bool {
        self.persistent
    }

    /// Whether it starts as zeros.
    pub const fn is_zeroed(&self) -> bool {
        self.zeroed
    }

    /// Whether it is asked to live in shared memory.
    pub const fn is_shared(&self) -> bool {
        matches!(self.location, Location::Shared)
    }

    /// Whether it asks for a local array whose contents need not survive.
    pub const fn is_local(&self) -> bool {
        matches!(self.location, Location::Local) && !self.persistent
    }

    /// Whether it asks for thread-private storage that survives between calls.
    pub const fn is_persistent_local(&self) -> bool {
        matches!(self.location, Location::Local) && self.persistent
    }

    /// Everything a device needs to know to hand the array to a kernel, given where the layout put it.
    pub fn build_allocator(&self, precision: Precision, placement: Placement) -> BufferAllocator {
        BufferAllocator {
            name: self.name.clone(),
            spec: self.element,
            element: self.element.resolve(precision),
            elements: self.elements,
            placement,
            persistent: self.persistent,
            zeroed: self.zeroed,
        }
    }

    /// The buffer as it is after `update`.
    pub(crate) fn updated(&self, update: &BufferUpdate) -> Self {
        Self {
            name: self.name.clone(),
            elements: update.elements.unwrap_or(self.elements),
            element: update.element.unwrap_or(self.element),
            location: update.location.unwrap_or(self.location),
            persistent: update.persistent.unwrap_or(self.persistent),
            zeroed: update.zeroed.unwrap_or(self.zeroed),
            aliases: update.aliases.clone().unwrap_or_else(|| self.aliases.clone()),
        }
    }

    pub(crate) fn set_location(&mut self, location: Location) {
        self.location = location;
    }
}

/// A buffer together with its place in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BufferAllocator {
    /// The buffer's name.
    pub name: String,
    /// The declared element type.
    pub spec: ElementSpec,
    /// The element type at the group's precision.
    pub element: ElementType,
    /// The declared length.
    pub elements: Elements,
    /// Where it lies, from the start of the group's spaces.
    pub placement: Placement,
    /// Whether contents survive between calls.
    pub persistent: bool,
    /// Whether it starts as zeros.
    pub zeroed: bool,
}

/// The properties to change of a registered buffer; `None` leaves one as it is.
///
/// ```
/// use buffer_runtime::{Location, registry::BufferUpdate};
///
/// let update = BufferUpdate { location: Some(Location::Shared), ..BufferUpdate::default() };
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BufferUpdate {
    /// New length.
    pub elements: Option<Elements>,
    /// New element type.
    pub element: Option<ElementSpec>,
    /// New location.
    pub location: Option<Location>,
    /// Whether contents survive between calls.
    pub persistent: Option<bool>,
    /// Whether it starts as zeros.
    pub zeroed: Option<bool>,
    /// New alias target; `Some(None)` makes it no alias.
    pub aliases: Option<Option<String>>,
}

/// What an update of one buffer did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpdateOutcome {
    /// Whether there is such a buffer.
    pub recognised: bool,
    /// Whether any property is now different; if so, layouts are computed anew.
    pub changed: bool,
}
