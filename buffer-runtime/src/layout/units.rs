//! Counts, sizes and offsets as types of their own, with arithmetic that reports overflow.

use std::fmt;
use std::ops::Range;

use crate::element::ElementType;

/// A number of elements, whatever their type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Elements(usize);

/// A size in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bytes(usize);

/// A position in a byte space, in bytes from its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Offset(usize);

/// A machine word of a layout: the size and alignment of an element, a group's unit, or the granule of interleaving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Word {
    /// 4 bytes.
    #[default]
    Four,
    /// 8 bytes.
    Eight,
}

impl Elements {
    /// No elements.
    pub const ZERO: Self = Self(0);

    /// `count` elements.
    pub const fn new(count: usize) -> Self {
        Self(count)
    }

    /// The number.
    pub const fn get(self) -> usize {
        self.0
    }

    /// The sum, unless it overflows.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The bytes this many elements of a type take, unless that overflows.
    pub const fn checked_bytes(self, element: ElementType) -> Option<Bytes> {
        match self.0.checked_mul(element.size_bytes()) {
            Some(bytes) => Some(Bytes(bytes)),
            None => None,
        }
    }
}

impl Bytes {
    /// No bytes.
    pub const ZERO: Self = Self(0);

    /// `count` bytes.
    pub const fn new(count: usize) -> Self {
        Self(count)
    }

    /// The number.
    pub const fn get(self) -> usize {
        self.0
    }

    /// The sum, unless it overflows.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// `count` times as many, unless that overflows.
    pub const fn checked_mul(self, count: usize) -> Option<Self> {
        match self.0.checked_mul(count) {
            Some(product) => Some(Self(product)),
            None => None,
        }
    }

    /// Rounded up to whole words, unless that overflows.
    pub const fn checked_round_up(self, word: Word) -> Option<Self> {
        match self.0.checked_next_multiple_of(word.bytes()) {
            Some(bytes) => Some(Self(bytes)),
            None => None,
        }
    }
}

impl Offset {
    /// The start of the space.
    pub const ZERO: Self = Self(0);

    /// `bytes` bytes from the start.
    pub const fn new(bytes: usize) -> Self {
        Self(bytes)
    }

    /// The number of bytes from the start.
    pub const fn get(self) -> usize {
        self.0
    }

    /// The position `bytes` further on, unless it overflows.
    pub const fn checked_add(self, bytes: Bytes) -> Option<Self> {
        match self.0.checked_add(bytes.0) {
            Some(offset) => Some(Self(offset)),
            None => None,
        }
    }

    /// The position in an enclosing space in which this one starts at `base`, unless it overflows.
    pub const fn checked_within(self, base: Self) -> Option<Self> {
        base.checked_add(Bytes(self.0))
    }

    /// The next position, this one included, that is a multiple of `word`, unless it overflows.
    pub const fn checked_align(self, word: Word) -> Option<Self> {
        match self.0.checked_next_multiple_of(word.bytes()) {
            Some(offset) => Some(Self(offset)),
            None => None,
        }
    }

    /// Bytes from `start` to here; 0 if `start` is further on.
    pub const fn since(self, start: Self) -> Bytes {
        Bytes(self.0.saturating_sub(start.0))
    }

    /// Whether the position is a multiple of `word`.
    pub const fn is_aligned(self, word: Word) -> bool {
        self.0.is_multiple_of(word.bytes())
    }
}

impl Word {
    /// 4 or 8.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// The word an element of this type fills.
    pub const fn of(element: ElementType) -> Self {
        match element {
            ElementType::F32 | ElementType::I32 => Self::Four,
            ElementType::F64 | ElementType::I64 => Self::Eight,
        }
    }
}

/// A stretch `start..end` of a byte space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ByteRange {
    start: Offset,
    end: Offset,
}

impl ByteRange {
    /// The `len` bytes from `start`, unless the end overflows.
    pub const fn new(start: Offset, len: Bytes) -> Option<Self> {
        match start.checked_add(len) {
            Some(end) => Some(Self { start, end }),
            None => None,
        }
    }

    /// First byte.
    pub const fn start(self) -> Offset {
        self.start
    }

    /// The byte after the last.
    pub const fn end(self) -> Offset {
        self.end
    }

    /// Size.
    pub const fn len(self) -> Bytes {
        self.end.since(self.start)
    }

    /// Whether there are no bytes in it.
    pub const fn is_empty(self) -> bool {
        self.end.0 <= self.start.0
    }

    /// Whether the two have a byte in common; an empty range has none.
    pub fn overlaps(self, other: Self) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// Whether `other` lies inside, ends included.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The same bytes seen from an enclosing space in which this one starts at `base`, unless that overflows.
    pub fn checked_within(self, base: Offset) -> Option<Self> {
        Some(Self { start: self.start.checked_within(base)?, end: self.end.checked_within(base)? })
    }

    /// `start..end` counted in words; both are whole words in a group whose unit is `word`.
    pub const fn in_words(self, word: Word) -> Range<usize> {
        self.start.0 / word.bytes()..self.end.0 / word.bytes()
    }
}

impl From<usize> for Elements {
    fn from(count: usize) -> Self {
        Self(count)
    }
}

impl fmt::Display for Elements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} B", self.0)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().fmt(f)
    }
}

impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
