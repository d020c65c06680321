//! Writes the reference of every factory of `batch-solver` to `docs/factories/`.
//!
//! `cargo run --example factory-docs`

use std::fs;
use std::path::Path;

use batch_solver::FACTORIES;
use buffer_runtime::FactoryReference;

fn main() -> std::io::Result<()> {
    let folder = Path::new("docs/factories");
    fs::create_dir_all(folder)?;
    let mut index =
        String::from("# Factories\n\nGenerated from the declarations by `cargo run --example factory-docs`.\n\n");
    for spec in FACTORIES.iter().map(|spec| spec()) {
        let reference = FactoryReference::new(spec);
        fs::write(folder.join(reference.file_name()), reference.to_markdown())?;
        let summary = spec.doc.trim().lines().next().unwrap_or_default();
        index.push_str(&format!("- [`{}`]({}): {}\n", spec.type_name, reference.file_name(), summary));
    }
    fs::write(folder.join("README.md"), index)?;
    println!("{} pages in {}", FACTORIES.len(), folder.display());
    Ok(())
}
