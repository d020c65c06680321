//! The whole derive on tokens: what it writes, and that it never fails to write something.

mod arbitrary;
mod errors;
mod snapshot;
