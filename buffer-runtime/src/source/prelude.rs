//! The fixed part of every kernel, in order of inclusion.

pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(File { name: $name, text: include_str!(concat!("../../device/", $name)) }),*]
    };
}

pub(super) const FILES: &[File] = files!(
    "prelude.cuh",
    "prelude/scalar.cuh",
    "prelude/vector.cuh",
    "prelude/mask.cuh",
    "prelude/pack.cuh",
    "prelude/pack_functions.cuh",
    "prelude/memory.cuh",
    "prelude/frame.cuh",
    "prelude/arrays.cuh",
    "prelude/calls.cuh",
    "math.cuh",
    "math/exp.cuh",
    "math/log.cuh",
    "math/pow.cuh",
    "math/reduction.cuh",
    "math/trigonometric.cuh",
    "math/inverse.cuh",
    "math/hyperbolic.cuh",
    "math/root.cuh",
    "math/native.cuh",
    "math/functions.cuh",
);
