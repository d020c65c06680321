//! Writes the reference of every factory of `batch-solver` to `docs/factories/`.
//!
//! `cargo run --example factory-docs`

use std::fs;
use std::path::Path;

use batch_solver::FACTORIES;
use batch_solver::integrate::LoopConfig;
use buffer_runtime::{Buffers, FactoryReference};

/// The factory that each part of the list begins with.
const PARTS: [(&str, &str); 6] = [
    ("integration", "The loop"),
    ("step", "Steps"),
    ("newton", "Equations of implicit steps"),
    ("linear_solver", "Linear solvers"),
    ("controller", "Step size controllers"),
    ("output", "Output"),
];

fn main() -> std::io::Result<()> {
    let folder = Path::new("docs/factories");
    fs::create_dir_all(folder)?;
    let mut index =
        String::from("# Factories\n\nGenerated from the declarations by `cargo run --example factory-docs`.\n");
    for spec in FACTORIES.iter().map(|spec| spec()) {
        let reference = FactoryReference::new(spec).within(LoopConfig::spec());
        fs::write(folder.join(reference.file_name()), reference.to_markdown())?;
        if let Some((_, title)) = PARTS.iter().find(|(first, _)| *first == spec.name) {
            index.push_str(&format!("\n## {title}\n\n"));
        }
        let summary = spec.doc.trim().lines().next().unwrap_or_default();
        index.push_str(&format!("- [`{}`]({}): {}\n", spec.type_name, reference.file_name(), summary));
    }
    fs::write(folder.join("README.md"), index)?;
    println!("{} pages in {}", FACTORIES.len(), folder.display());
    Ok(())
}
