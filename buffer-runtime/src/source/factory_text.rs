//! The two structs of one factory instance.

use std::fmt::Write;

use super::arguments::{self, Argument};
use super::error::SourceError;
use super::names::FactoryNames;
use crate::config::{BufferNode, FactoryNode};
use crate::element::ElementSpec;
use crate::layout::{Region, ResolvedLayout};

/// A buffer as the struct declares it.
struct Member<'a> {
    node: &'a BufferNode,
    region: Region,
    /// `local_array<scalar, 6>` and the like.
    ty: String,
    /// Byte offset in the thread's shared space.
    path: String,
}

/// Writes `<stem>_state` and `<stem>_buffers`.
pub(super) fn write(
    out: &mut String,
    node: &FactoryNode,
    layout: &ResolvedLayout,
    names: &FactoryNames,
    debug: bool,
    traced: &mut Vec<String>,
) -> Result<(), SourceError> {
    let members = node.buffers.iter().map(|buffer| member(node, buffer, layout)).collect::<Result<Vec<_>, _>>()?;
    // Writing to a String cannot fail; `line` keeps the calls readable.
    let mut line = |text: std::fmt::Arguments<'_>| {
        let _ = writeln!(out, "{text}");
    };
    state(&mut line, node, &members, names);
    buffers(&mut line, node, &members, names, debug, traced);
    Ok(())
}

fn member<'a>(node: &FactoryNode, buffer: &'a BufferNode, layout: &ResolvedLayout) -> Result<Member<'a>, SourceError> {
    let path = node.member_path(buffer.spec.name);
    let placed = layout.get(&path).ok_or_else(|| SourceError::NotLaidOut { path: path.clone() })?;
    let element = match buffer.spec.element {
        ElementSpec::Real => "scalar",
        ElementSpec::Fixed(element) => element.cpp_name(),
    };
    let count = buffer.elements;
    let ty = match placed.region() {
        Region::Shared => {
            let offset = placed.placement.range().map_or(0, |range| range.start().get());
            format!("shared_array<{element}, {count}, {offset}>")
        }
        Region::Persistent => format!("persistent_array<{element}, {count}>"),
        Region::Local => format!("local_array<{element}, {count}>"),
    };
    Ok(Member { node: buffer, region: placed.region(), ty, path })
}

fn storage(member: &Member<'_>) -> String {
    member.ty.replacen("persistent_array", "persistent_storage", 1)
}

fn state(
    line: &mut impl FnMut(std::fmt::Arguments<'_>),
    node: &FactoryNode,
    members: &[Member<'_>],
    names: &FactoryNames,
) {
    let stem = names.stem(node);
    line(format_args!("struct {stem}_state {{"));
    let mut initialisers = Vec::new();
    for Argument { setting, ty, count } in arguments::of(node) {
        let (name, ty) = (setting.spec.name, ty.cpp_name());
        match count {
            None => line(format_args!("    {ty} {name};")),
            Some(_) => line(format_args!("    const {ty}* {name};")),
        }
        initialisers.push(format!("{name}(a.{})", names.argument(node, setting)));
    }
    let persistent: Vec<&Member<'_>> = members.iter().filter(|member| member.node.spec.persistent).collect();
    for member in persistent.iter().filter(|member| member.region == Region::Persistent) {
        line(format_args!("    {} {};", storage(member), member.node.spec.name));
    }
    let children: Vec<(&str, &FactoryNode)> =
        node.children.iter().filter_map(|child| child.node.as_ref().map(|node| (child.spec.name, node))).collect();
    for (name, child) in &children {
        line(format_args!("    {}_state {name};", names.stem(child)));
        initialisers.push(format!("{name}(a)"));
    }
    let list = if initialisers.is_empty() { String::new() } else { format!(" : {}", initialisers.join(", ")) };
    let unused = if initialisers.is_empty() { "" } else { " a" };
    line(format_args!("\n    BR_DEVICE explicit {stem}_state(const kernel_arguments&{unused}){list} {{}}"));

    line(format_args!("\n    /// Contents at the start of a run, for the lanes of `m`: a mask, or all_lanes."));
    line(format_args!(
        "    template <class Mask> BR_DEVICE void reset([[maybe_unused]] const frame& f, [[maybe_unused]] const Mask& m) {{"
    ));
    for member in &persistent {
        let name = member.node.spec.name;
        if member.region == Region::Shared {
            line(format_args!("        {} {name}(f);", member.ty));
        }
        let action = if member.node.spec.zeroed { format!("clear({name}, m);") } else { format!("poison({name}, m);") };
        line(format_args!("        {action}"));
    }
    for (name, _) in &children {
        line(format_args!("        {name}.reset(f, m);"));
    }
    line(format_args!("    }}\n}};\n"));
}

fn buffers(
    line: &mut impl FnMut(std::fmt::Arguments<'_>),
    node: &FactoryNode,
    members: &[Member<'_>],
    names: &FactoryNames,
    debug: bool,
    traced: &mut Vec<String>,
) {
    let stem = names.stem(node);
    line(format_args!("struct {stem}_buffers {{"));
    line(format_args!("    using state_type = {stem}_state;"));
    for constant in node.constants.as_str().lines() {
        line(format_args!("    {constant}"));
    }
    let any_shared = members.iter().any(|member| member.region == Region::Shared);
    line(format_args!("    static constexpr bool any_shared = {any_shared};"));
    let mut initialisers = Vec::new();
    for Argument { setting, ty, count } in arguments::of(node) {
        let (name, ty) = (setting.spec.name, ty.cpp_name());
        line(format_args!("    const {ty}{} {name};", if count.is_some() { "*" } else { "" }));
        initialisers.push(format!("{name}(s.{name})"));
    }
    for member in members {
        let name = member.node.spec.name;
        line(format_args!("    {} {name};", member.ty));
        match member.region {
            Region::Shared => initialisers.push(format!("{name}(f)")),
            Region::Persistent => initialisers.push(format!("{name}(s.{name})")),
            Region::Local => {}
        }
    }
    if debug {
        line(format_args!("    const frame& traced;"));
        initialisers.push("traced(f)".to_owned());
    }
    let list = if initialisers.is_empty() { String::new() } else { format!(" : {}", initialisers.join(", ")) };
    line(format_args!(
        "\n    BR_DEVICE {stem}_buffers([[maybe_unused]] const frame& f, [[maybe_unused]] state_type& s){list} {{"
    ));
    for member in members.iter().filter(|member| !member.node.spec.persistent) {
        let name = member.node.spec.name;
        let action =
            if member.node.spec.zeroed { format!("clear({name}, all_lanes{{}});") } else { format!("poison({name});") };
        line(format_args!("        {action}"));
    }
    line(format_args!("    }}"));
    if debug {
        line(format_args!("    {stem}_buffers(const {stem}_buffers&) = delete;"));
        line(format_args!("    BR_DEVICE ~{stem}_buffers() {{"));
        for member in members {
            line(format_args!("        record(traced, {}, {});", traced.len(), member.node.spec.name));
            traced.push(member.path.clone());
        }
        line(format_args!("    }}"));
    }
    line(format_args!("}};\n"));
}
