//! The kernel itself: the one function whose text depends on the machine.

use std::fmt::Write;

use super::error::SourceError;
use super::names::FactoryNames;
use super::target::Target;
use crate::config::FactoryNode;
use crate::entry::{Entry, Parameter, Role};
use crate::precision::Precision;

pub(super) fn write(
    out: &mut String,
    tree: &FactoryNode,
    precision: Precision,
    entry: &Entry,
    target: &Target,
    names: &FactoryNames,
) -> Result<(), SourceError> {
    if tree.spec.template.is_none() {
        return Err(SourceError::NoTemplate { type_name: tree.spec.type_name });
    }
    // Writing to a String cannot fail.
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    line("namespace lanes {".to_owned());
    line("/// Stands for an optional child that is not there.".to_owned());
    line("struct absent {};".to_owned());
    for node in tree.walk().into_iter().rev() {
        if let Some(alias) = factory_alias(node, entry, names) {
            line(alias);
        }
    }
    line("}  // namespace lanes".to_owned());
    let stem = names.stem(tree);
    match target {
        Target::Gpu(gpu) => gpu_entry(&mut line, entry, precision, stem, gpu.min_blocks),
        Target::Cpu(cpu) => cpu_entry(&mut line, entry, precision, stem, cpu.debug),
    }
    Ok(())
}

/// `using <stem>_factory = template<types…, children…, buffers>;`
fn factory_alias(node: &FactoryNode, entry: &Entry, names: &FactoryNames) -> Option<String> {
    let template = node.spec.template?;
    let mut parameters = entry.types.clone();
    for child in &node.children {
        parameters.push(match &child.node {
            None => "absent".to_owned(),
            Some(child) if child.spec.template.is_some() => format!("{}_factory", names.stem(child)),
            Some(child) => format!("{}_buffers", names.stem(child)),
        });
    }
    let stem = names.stem(node);
    parameters.push(format!("{stem}_buffers"));
    Some(format!("using {stem}_factory = {template}<{}>;", parameters.join(", ")))
}

/// Names the namespace: the kernel itself, which is outside, may have a name of the vocabulary.
const GPU_SCOPE: &str = "lanes::";

/// The wrapper each argument gets: `input_array<double>(lower, f)`.
fn wrapped(parameter: &Parameter, precision: Precision, pointer: &str, scope: &str) -> String {
    let element = parameter.element.resolve(precision).cpp_name();
    match parameter.role {
        Role::Input => format!("{scope}input_array<{element}>({pointer}, f)"),
        Role::Output => format!("{scope}output_array<{element}>({pointer}, f)"),
        Role::InOut => format!("{scope}inout_array<{element}>({pointer}, f)"),
        Role::Broadcast => format!("{scope}broadcast_array<{element}>{{{pointer}}}"),
    }
}

/// Ends as no other name of the function does, so that an array may have any name: `f`, `frame`, `double`.
fn pointer_name(parameter: &Parameter) -> String {
    format!("{}_pointer", parameter.name)
}

fn pointer_type(parameter: &Parameter, precision: Precision) -> String {
    let element = parameter.element.resolve(precision).cpp_name();
    match parameter.role {
        Role::Input | Role::Broadcast => format!("const {element}*"),
        Role::Output | Role::InOut => format!("{element}*"),
    }
}

fn call(line: &mut impl FnMut(String), entry: &Entry, stem: &str, arguments: &[String], scope: &str) {
    let list: String = arguments.iter().map(|argument| format!(",\n            {argument}")).collect();
    line(format!("        {scope}{stem}_state s(arguments);"));
    line(format!("        s.reset(f, {scope}all_lanes{{}});"));
    line(format!("        {scope}{stem}_factory::{}(f, s{list});", entry.function));
}

fn gpu_entry(line: &mut impl FnMut(String), entry: &Entry, precision: Precision, stem: &str, min_blocks: u32) {
    let parameters: String = entry
        .parameters
        .iter()
        .map(|parameter| format!("{} __restrict__ {}, ", pointer_type(parameter, precision), pointer_name(parameter)))
        .collect();
    let arguments: Vec<String> = entry
        .parameters
        .iter()
        .map(|parameter| wrapped(parameter, precision, &pointer_name(parameter), GPU_SCOPE))
        .collect();
    line(format!("extern \"C\" __global__ void __launch_bounds__(BR_BLOCK, {min_blocks})"));
    line(format!(
        "{}({parameters}const lanes::kernel_arguments arguments, const long long runs, const long long pass) {{",
        entry.name
    ));
    line("    const lanes::frame f = lanes::frame::here(runs, pass);".to_owned());
    line("    if (lanes::any(f.active)) {".to_owned());
    call(line, entry, stem, &arguments, GPU_SCOPE);
    line("    }\n}".to_owned());
}

fn cpu_entry(line: &mut impl FnMut(String), entry: &Entry, precision: Precision, stem: &str, debug: bool) {
    let arguments: Vec<String> = entry
        .parameters
        .iter()
        .enumerate()
        .map(|(index, parameter)| {
            let pointer = format!("static_cast<{}>(arrays[{index}])", pointer_type(parameter, precision));
            wrapped(parameter, precision, &pointer, "")
        })
        .collect();
    let parameters = "[[maybe_unused]] void* const* arrays, const lanes::kernel_arguments& arguments, unsigned char* shared, \
                      [[maybe_unused]] void* const* traces, long long first, long long last, long long runs";
    // A function of its own: the compiler may not move arithmetic across its call, out of the environment set around it.
    line(format!("static __attribute__((noinline)) void {}_body({parameters}) {{", entry.name));
    line("    using namespace lanes;".to_owned());
    let frame = if entry.refill {
        line("    // One call for all of [first, last), whose lanes take run after run; debug builds record per pack, where a lane has one run.".to_owned());
        let step = if debug { "LANES" } else { "last - first" };
        line(format!("    for (long long run = first; run < last; run += {step}) {{"));
        if debug {
            "frame::over(run, run + LANES < last ? run + LANES : last, runs, shared)"
        } else {
            "frame::over(run, last, runs, shared)"
        }
    } else {
        line("    // [first, last) is whole packs: the caller pads the last runs. Every test for a tail below is then known when compiling.".to_owned());
        line("    for (long long run = first; run < last; run += LANES) {".to_owned());
        line("        if (run + LANES > runs) __builtin_unreachable();".to_owned());
        "frame::at(run, runs, shared)"
    };
    if debug {
        line(format!("        frame f = {frame};"));
        line("        f.traces = traces;".to_owned());
    } else {
        line(format!("        const frame f = {frame};"));
    }
    call(line, entry, stem, &arguments, "");
    line("    }\n}".to_owned());
    line(format!("extern \"C\" __attribute__((visibility(\"default\"))) void {}({parameters}) {{", entry.name));
    line("    [[maybe_unused]] const lanes::float_environment environment;".to_owned());
    line(format!("    {}_body(arrays, arguments, shared, traces, first, last, runs);", entry.name));
    line("}".to_owned());
}
