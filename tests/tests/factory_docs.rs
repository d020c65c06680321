//! The generated reference is current, complete, and its links lead somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use batch_solver::FACTORIES;
use batch_solver::integrate::LoopConfig;
use buffer_runtime::{Buffers, FactoryReference, GroupSpec};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/factories")
}

#[test]
fn every_page_is_what_the_declarations_say() {
    for spec in FACTORIES.iter().map(|spec| spec()) {
        let reference = FactoryReference::new(spec).within(LoopConfig::spec());
        let path = folder().join(reference.file_name());
        let page = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(page, reference.to_markdown(), "{} is stale: cargo run --example factory-docs", path.display());
    }
}

#[test]
fn no_page_is_left_over_and_every_link_leads_to_a_page() {
    let mut expected: BTreeSet<String> =
        FACTORIES.iter().map(|spec| FactoryReference::new(spec()).file_name()).collect();
    assert_eq!(expected.len(), FACTORIES.len(), "two factories share a page");
    expected.insert("README.md".to_owned());
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        found.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
        let page = fs::read_to_string(&path).unwrap();
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(folder().join(link).is_file(), "{} links to {link}", path.display());
        }
    }
    assert_eq!(found, expected);
}

#[test]
fn the_list_of_factories_is_complete() {
    let listed: BTreeSet<&str> = FACTORIES.iter().map(|spec| spec().type_name).collect();
    let mut pending: Vec<&'static GroupSpec> = FACTORIES.iter().map(|spec| spec()).collect();
    while let Some(spec) = pending.pop() {
        assert!(listed.contains(spec.type_name), "{} is used but not in FACTORIES", spec.type_name);
        pending.extend(spec.variants.iter().map(|variant| (variant.spec)()));
        pending.extend(spec.children.iter().map(|child| (child.spec)()));
    }
    // Every struct with the derive, found in the sources.
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../batch-solver/src")];
    while let Some(path) = folders.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // Configs of tests are no factories of the crate.
                if !path.ends_with("tests") {
                    folders.push(path);
                }
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for rest in text.split("Buffers)]").skip(1) {
                let mut words = rest.split(|c: char| !c.is_alphanumeric() && c != '_');
                let name = words.find(|word| word.ends_with("Config")).unwrap_or_default();
                assert!(listed.contains(name), "{name} in {} is not in FACTORIES", path.display());
            }
        }
    }
}
