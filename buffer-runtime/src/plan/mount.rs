use crate::config::{FactoryNode, MemberNode};
use crate::precision::Precision;
use crate::registry::{BufferRegistry, CudaBuffer, ParentId, RegistryError};

/// Registers a tree: a group per instance, members in declaration order. An absent child has empty windows, so that it can be an alias target.
pub(super) fn mount(
    registry: &mut BufferRegistry,
    node: &FactoryNode,
    precision: Precision,
) -> Result<ParentId, RegistryError> {
    let label = if node.path.is_empty() { node.spec.name } else { &node.path };
    let parent = registry.add_parent(label, precision);
    for member in node.members() {
        match member {
            MemberNode::Buffer(buffer) => {
                let spec = buffer.spec;
                let mut entry = CudaBuffer::new(spec.name, buffer.elements)
                    .element(spec.element)
                    .location(buffer.location)
                    .persistent(spec.persistent)
                    .zeroed(spec.zeroed);
                if let Some(target) = spec.aliases {
                    entry = entry.aliases(target);
                }
                registry.register(parent, entry)?;
            }
            MemberNode::Child(child) => {
                let mounted = child.node.as_ref().map(|node| mount(registry, node, precision)).transpose()?;
                registry.register_child(parent, mounted, child.spec.name, child.spec.aliases)?;
            }
        }
    }
    Ok(parent)
}
