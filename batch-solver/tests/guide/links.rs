//! Every link between pages leads to a file that is there, and to a heading of it.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use crate::blocks::{Page, markdown, root};

/// The pages whose links are checked.
fn pages() -> Vec<String> {
    let mut pages = markdown("docs");
    pages.extend(["README.md", "CONTRIBUTING.md"].map(str::to_owned));
    pages
}

/// The targets of `[text](target)`, code left out.
fn targets(line: &str) -> Vec<String> {
    let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    plain.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned).collect()
}

/// The anchors of a page's headings, as GitHub and mdBook make them.
fn anchors(page: &Page) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let headings =
        page.prose().into_iter().filter(|line| line.trim_start_matches('#').starts_with(' ') && line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
            let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
            let count = seen.entry(anchor.clone()).or_default();
            *count += 1;
            if *count == 1 { anchor } else { format!("{anchor}-{}", *count - 1) }
        })
        .collect()
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    for path in pages() {
        let page = Page::read(&path);
        for (number, line) in page.prose().into_iter().enumerate() {
            for target in
                targets(line).iter().filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
            {
                let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
                let linked =
                    if file.is_empty() { PathBuf::from(&path) } else { plain(&Path::new(&path).with_file_name(file)) };
                let there = root().join(&linked).exists();
                let heading = anchor.is_empty()
                    || there && anchors(&Page::read(linked.to_str().unwrap())).iter().any(|have| have == anchor);
                if !there || !heading {
                    wrong.push(format!("{path}:{}: {target}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "these links lead nowhere:\n{}", wrong.join("\n"));
}

#[test]
fn every_page_is_a_chapter() {
    let summary = Page::read("docs/SUMMARY.md");
    let chapters: Vec<String> = summary.lines.iter().flat_map(|line| targets(line)).collect();
    for path in markdown("docs").iter().filter(|path| *path != "docs/SUMMARY.md") {
        let name = path.strip_prefix("docs/").unwrap();
        assert!(chapters.iter().any(|chapter| chapter == name), "docs/SUMMARY.md has no chapter {name}");
    }
}
