//! The guide does what it says: every code block of `docs/` is run, compiled or compared with the file it is from, and every link leads somewhere.
//!
//! The blocks of a page are taken in order, in a temporary folder of the page that has the models of the examples in `examples/models`:
//!
//! | block | what is done |
//! | --- | --- |
//! | `console` | each line after `$ ` is run by bash with `batch-solve` on the path; what it prints must be what the block shows |
//! | `toml,file=NAME` | written to the file, and read as a model; with `invalid` it must be refused |
//! | `csv,file=NAME` | written to the file |
//! | `python` | run; what it prints must be the `text,output` block that follows, if one does. `console,python` is a console block that needs Python |
//! | `…,excerpt=PATH` | occurs in that file of the repository, which something else compiles; `…` stands for lines left out |
//! | `rust` | a doctest of the package `integration-tests` |
//! | `text` | nothing: output that something else shows |
//!
//! A block in any other language fails. In what is shown `…` stands for anything within a line, or for any lines where it is alone; times, speeds and the machine in
//! brackets after `CPU` are not compared. Between `<!-- $ COMMAND -->` and `<!-- end -->` is what the command prints.
//!
//! `BLESS=1 cargo test -p batch-solver --test guide` writes what commands print into the pages, with times and machine left out. `…` is up to the author.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

#[path = "../support/mod.rs"]
mod support;

mod blocks;
mod links;
mod output;
mod page;
mod shell;

/// A test of each page.
macro_rules! pages {
    ($($name:ident: $path:literal,)*) => {
        /// Every page with blocks that are run.
        const PAGES: &[&str] = &[$($path),*];
        $(#[test] fn $name() { page::check($path); })*
    };
}

pages! {
    readme: "README.md",
    batches: "docs/batches.md",
    coming_from: "docs/coming-from.md",
    declaring_buffers: "docs/declaring-buffers.md",
    gpu: "docs/gpu.md",
    introduction: "docs/introduction.md",
    methods: "docs/methods.md",
    models: "docs/models.md",
    outputs: "docs/outputs.md",
    performance: "docs/performance.md",
    placement: "docs/placement.md",
    quick_start: "docs/quick-start.md",
    settings: "docs/settings.md",
    troubleshooting: "docs/troubleshooting.md",
}

#[test]
fn every_page_with_blocks_has_a_test() {
    for path in blocks::markdown("docs") {
        let page = blocks::Page::read(&path);
        let checked = PAGES.contains(&path.as_str());
        assert!(checked || page.blocks.iter().all(|block| block.language == "text"), "{path} is in no test");
    }
}

#[test]
fn every_page_with_rust_has_its_doctests() {
    let doctests = std::fs::read_to_string(blocks::root().join("tests/src/guide.rs")).unwrap();
    for path in PAGES.iter().filter(|path| path.starts_with("docs/")) {
        let has_rust = blocks::Page::read(path).blocks.iter().any(|block| block.language == "rust");
        let has_doctests = doctests.contains(&format!("include_str!(\"../../{path}\")"));
        assert_eq!(has_rust, has_doctests, "{path}: tests/src/guide.rs has the pages with blocks of Rust");
    }
}
