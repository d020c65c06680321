use buffer_runtime::{SettingValue, Value, WrongValue};

/// A list that the host alone reads: launch-time lists of plain numbers would travel to the kernel with each launch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostList<T>(pub Vec<T>);

impl<T> std::ops::Deref for HostList<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> From<Vec<T>> for HostList<T> {
    fn from(list: Vec<T>) -> Self {
        Self(list)
    }
}

impl<T, const N: usize> From<[T; N]> for HostList<T> {
    fn from(list: [T; N]) -> Self {
        Self(list.into())
    }
}

impl<T: SettingValue> SettingValue for HostList<T> {
    fn from_value(value: &Value) -> Result<Self, WrongValue> {
        Vec::from_value(value).map(Self)
    }

    fn to_value(&self) -> Value {
        self.0.to_value()
    }

    fn expected() -> String {
        Vec::<T>::expected()
    }
}
