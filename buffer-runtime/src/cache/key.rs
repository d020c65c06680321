//! The identity of a compiled kernel.

use std::fmt;

use sha2::{Digest, Sha256};

/// Version of the meaning of a key and of the files of an entry.
///
/// It takes part in every key, so a new format never reads an entry of an old one; old entries age out of the size
/// bound.
pub const FORMAT_VERSION: u32 = 1;

/// Everything that decides the bytes a compiler produces for a kernel.
///
/// Left out on purpose: file and folder names, the time, the process environment and the launch shape. None of them
/// changes the machine code; block size, placement and unrolling do, and they are part of the source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KernelIdentity<'a> {
    /// What is produced: `"host-shared-object"`, `"cubin"`, `"ptx"`.
    pub kind: &'a str,
    /// The complete source text, headers included.
    pub source: &'a str,
    /// Compiler options in the order in which they are passed.
    pub options: &'a [String],
    /// The GPU architecture (`"sm_90"`) or the CPU features the compiler resolved; never the word `native`.
    pub architecture: &'a str,
    /// Name and version of the compiler.
    pub compiler: &'a str,
}

impl KernelIdentity<'_> {
    /// SHA-256 over the fields and [`FORMAT_VERSION`]; each field is preceded by its length, so moving text from one
    /// field to the next gives another key.
    #[must_use]
    pub fn key(&self) -> KernelKey {
        let mut hash = Sha256::new();
        let mut field = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        field("buffer-runtime kernel");
        field(&FORMAT_VERSION.to_string());
        field(self.kind);
        field(self.source);
        field(&self.options.len().to_string());
        for option in self.options {
            field(option);
        }
        field(self.architecture);
        field(self.compiler);
        KernelKey(hash.finalize().into())
    }
}

/// The hash of a [`KernelIdentity`]; prints as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KernelKey([u8; 32]);

impl KernelKey {
    /// The 32 bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for KernelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

impl fmt::Debug for KernelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KernelKey({self})")
    }
}

/// SHA-256 of a blob, as it is written in the manifest of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct ContentHash([u8; 32]);

impl ContentHash {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

fn hexadecimal(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity<'a>(options: &'a [String], source: &'a str) -> KernelIdentity<'a> {
        KernelIdentity { kind: "cubin", source, options, architecture: "sm_90", compiler: "NVRTC 13.0" }
    }

    #[test]
    fn every_field_takes_part() {
        let options = ["-a".to_owned(), "-b".to_owned()];
        let base = identity(&options, "int x;");
        let fewer = [options[0].clone()];
        let keys = [
            base.key(),
            KernelIdentity { kind: "ptx", ..base }.key(),
            KernelIdentity { source: "int y;", ..base }.key(),
            KernelIdentity { options: &fewer, ..base }.key(),
            KernelIdentity { architecture: "sm_80", ..base }.key(),
            KernelIdentity { compiler: "NVRTC 12.9", ..base }.key(),
        ];
        for (i, a) in keys.iter().enumerate() {
            for b in &keys[i + 1..] {
                assert_ne!(a, b);
            }
        }
        assert_eq!(base.key(), base.key());
    }

    #[test]
    fn fields_are_delimited() {
        let joined = ["-ab".to_owned()];
        let split = ["-a".to_owned(), "b".to_owned()];
        assert_ne!(identity(&joined, "").key(), identity(&split, "").key());
        let empty = [String::new()];
        assert_ne!(identity(&empty, "").key(), identity(&[], "").key());
    }

    #[test]
    fn a_content_hash_prints_the_published_digest() {
        // FIPS 180-2, appendix B.1: the digest of "abc".
        assert_eq!(
            ContentHash::of(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
