use super::arithmetic::{Arithmetic, MAX_ELEMENTS};
use super::buffer::Buffer;
use super::constant::DeviceConstant;
use super::error::ConfigError;
use super::scope::Scope;
use super::spec::{BufferSpec, ChildSpec, GroupSpec, InputSpec, SettingSpec};
use super::traits::Buffers;
use super::tree::{BufferNode, ChildNode, FactoryNode, SettingNode};
use crate::element::Element;
use crate::settings::SettingValue;

/// Collects what a config tree declares, with values and lengths.
#[derive(Debug)]
pub struct Registrar<'a> {
    scope: &'a mut Scope,
    node: FactoryNode,
}

impl Registrar<'_> {
    /// The tree a config declares.
    pub(crate) fn tree<C: Buffers>(config: &C) -> Result<FactoryNode, ConfigError> {
        let tree = collect(config, &mut Scope::default())?;
        tree.check_keys()?;
        Ok(tree)
    }

    /// An input that device source sees as a constant.
    pub fn input<T: DeviceConstant>(&mut self, spec: &'static InputSpec, value: &T) {
        value.device_constant(spec.name, &mut self.node.constants);
    }

    /// A setting's value.
    pub fn setting<T: SettingValue>(&mut self, spec: &'static SettingSpec, value: &T) {
        if !spec.argument {
            value.device_constant(spec.name, &mut self.node.constants);
        }
        let argument = T::argument().filter(|_| spec.argument);
        self.node.settings.push(SettingNode { spec, value: value.to_value(), argument });
    }

    /// A buffer, its place and its length.
    ///
    /// # Errors
    /// [`ConfigError::Length`] when the length overflows or exceeds [`MAX_ELEMENTS`].
    pub fn buffer<T: Element>(
        &mut self,
        spec: &'static BufferSpec,
        field: &Buffer<T>,
        len: impl FnOnce(&Arithmetic) -> usize,
    ) -> Result<(), ConfigError> {
        let arithmetic = Arithmetic::default();
        let elements = len(&arithmetic);
        let reason = match arithmetic.failure() {
            Some(failure) => Some(failure.to_owned()),
            None if elements > MAX_ELEMENTS => {
                Some(format!("{elements} elements; one thread's buffer may have {MAX_ELEMENTS}"))
            }
            None => None,
        };
        if let Some(reason) = reason {
            return Err(ConfigError::Length { path: self.node.member_path(spec.name), length: spec.len_text, reason });
        }
        let location = field.location().unwrap_or(spec.location);
        self.node.buffers.push(BufferNode { spec, elements, location });
        Ok(())
    }

    /// A child, if present.
    ///
    /// # Errors
    /// Whatever the child's registration finds.
    pub fn child<C: Buffers>(&mut self, spec: &'static ChildSpec, child: Option<&C>) -> Result<(), ConfigError> {
        let node = match child {
            None => None,
            Some(config) => {
                let mark = self.scope.enter(spec.name, spec.prefix);
                let node = collect(config, self.scope);
                self.scope.leave(mark);
                Some(node?)
            }
        };
        self.node.children.push(ChildNode { spec, node });
        Ok(())
    }
}

fn collect<C: Buffers>(config: &C, scope: &mut Scope) -> Result<FactoryNode, ConfigError> {
    let spec: &'static GroupSpec = config.active_spec();
    let node = FactoryNode::new(spec, scope);
    let mut registrar = Registrar { scope, node };
    config.register(&mut registrar)?;
    Ok(registrar.node)
}
