//! The derive of `buffer-runtime`: it turns the arrays, settings, inputs and children declared on a config struct into a
//! static description, the types a user of the config needs, and thin calls into the runtime.
//!
//! The files are the stages of one expansion: `attr` reads attributes into the tree of `ast`, `validate`
//! judges it, `model` resolves names and defaults, and `expand` writes the code. Where a stage found errors,
//! `fallback` writes the same names with unreachable bodies, so that one mistake is one error.
//!
//! This crate knows names and tokens, never values. It is re-exported by `buffer-runtime`; use it from there.

mod ast;
mod attr;
mod cpp;
mod ctxt;
mod doc;
mod expand;
mod fallback;
mod free;
mod model;
mod suggest;
mod symbol;
mod text;
mod ty;
mod validate;

// Its example needs the runtime, which tests it.
#[cfg_attr(not(doctest), doc = include_str!("docs/buffers.md"))]
#[proc_macro_derive(Buffers, attributes(buffers, input, setting, buffer, child))]
pub fn derive_buffers(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand::derive(input.into()).into()
}
