use std::fmt;
use std::str::FromStr;

use buffer_runtime::{SettingValue, UnknownName, Value, WrongValue};

/// A summary of a variable over the samples of a window.
///
/// Written in settings by the name that [`Display`](fmt::Display) gives, such as `mean` or `peaks[3]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Metric {
    /// Mean.
    Mean,
    /// Largest value.
    Max,
    /// Smallest value.
    Min,
    /// Root of the mean square.
    Rms,
    /// Standard deviation, of the samples themselves (divided by their number).
    Std,
    /// Largest absolute value.
    MaxMagnitude,
    /// Largest and smallest value.
    Extrema,
    /// Mean and standard deviation.
    MeanStd,
    /// Standard deviation and root of the mean square.
    StdRms,
    /// Mean, standard deviation and root of the mean square.
    MeanStdRms,
    /// The first so many local maxima of a window, by the number of the sample in the run, from 0; NaN where there are fewer. A maximum is seen at the sample after it.
    Peaks(u32),
    /// The first so many local minima, likewise.
    NegativePeaks(u32),
    /// Largest difference quotient of neighbouring samples, per unit of time; 0 with too few samples.
    DxdtMax,
    /// Smallest difference quotient.
    DxdtMin,
    /// Largest and smallest difference quotient.
    DxdtExtrema,
    /// Largest second difference quotient, per unit of time squared; 0 with too few samples.
    D2xdt2Max,
    /// Smallest second difference quotient.
    D2xdt2Min,
    /// Largest and smallest second difference quotient.
    D2xdt2Extrema,
}

/// The most peaks that can be asked for.
const MOST_PEAKS: u32 = 64;

impl Metric {
    /// Every metric, with three peaks where there is a number to choose.
    pub const ALL: &'static [Self] = &[
        Self::Mean,
        Self::Max,
        Self::Min,
        Self::Rms,
        Self::Std,
        Self::MaxMagnitude,
        Self::Extrema,
        Self::MeanStd,
        Self::StdRms,
        Self::MeanStdRms,
        Self::Peaks(3),
        Self::NegativePeaks(3),
        Self::DxdtMax,
        Self::DxdtMin,
        Self::DxdtExtrema,
        Self::D2xdt2Max,
        Self::D2xdt2Min,
        Self::D2xdt2Extrema,
    ];

    /// The values it gives for each variable and window.
    pub fn columns(self) -> Vec<SummaryColumn> {
        use SummaryColumn as Column;
        match self {
            Self::Mean => vec![Column::Mean],
            Self::Max => vec![Column::Max],
            Self::Min => vec![Column::Min],
            Self::Rms => vec![Column::Rms],
            Self::Std => vec![Column::Std],
            Self::MaxMagnitude => vec![Column::MaxMagnitude],
            Self::Extrema => vec![Column::Max, Column::Min],
            Self::MeanStd => vec![Column::Mean, Column::Std],
            Self::StdRms => vec![Column::Std, Column::Rms],
            Self::MeanStdRms => vec![Column::Mean, Column::Std, Column::Rms],
            Self::Peaks(count) => (0..count).map(Column::Peak).collect(),
            Self::NegativePeaks(count) => (0..count).map(Column::NegativePeak).collect(),
            Self::DxdtMax => vec![Column::DxdtMax],
            Self::DxdtMin => vec![Column::DxdtMin],
            Self::DxdtExtrema => vec![Column::DxdtMax, Column::DxdtMin],
            Self::D2xdt2Max => vec![Column::D2xdt2Max],
            Self::D2xdt2Min => vec![Column::D2xdt2Min],
            Self::D2xdt2Extrema => vec![Column::D2xdt2Max, Column::D2xdt2Min],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Max => "max",
            Self::Min => "min",
            Self::Rms => "rms",
            Self::Std => "std",
            Self::MaxMagnitude => "max_magnitude",
            Self::Extrema => "extrema",
            Self::MeanStd => "mean_std",
            Self::StdRms => "std_rms",
            Self::MeanStdRms => "mean_std_rms",
            Self::Peaks(_) => "peaks",
            Self::NegativePeaks(_) => "negative_peaks",
            Self::DxdtMax => "dxdt_max",
            Self::DxdtMin => "dxdt_min",
            Self::DxdtExtrema => "dxdt_extrema",
            Self::D2xdt2Max => "d2xdt2_max",
            Self::D2xdt2Min => "d2xdt2_min",
            Self::D2xdt2Extrema => "d2xdt2_extrema",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Peaks(count) | Self::NegativePeaks(count) => f.pad(&format!("{}[{count}]", self.name())),
            _ => f.pad(self.name()),
        }
    }
}

impl FromStr for Metric {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownName::new("metric", text, Self::ALL.iter().map(ToString::to_string));
        let (name, count) = match text.split_once('[') {
            Some((name, rest)) => {
                let count = rest.strip_suffix(']').and_then(|count| count.trim().parse().ok());
                (name, Some(count.filter(|count| (1..=MOST_PEAKS).contains(count)).ok_or_else(unknown)?))
            }
            None => (text, None),
        };
        match (name.trim(), count) {
            ("peaks", Some(count)) => Ok(Self::Peaks(count)),
            ("negative_peaks", Some(count)) => Ok(Self::NegativePeaks(count)),
            ("peaks" | "negative_peaks", None) | (_, Some(_)) => Err(unknown()),
            (name, None) => Self::ALL.iter().find(|metric| metric.name() == name).copied().ok_or_else(unknown),
        }
    }
}

impl SettingValue for Metric {
    fn from_value(value: &Value) -> Result<Self, WrongValue> {
        let wrong = |suggestion| WrongValue { expected: Self::expected(), suggestion };
        match value {
            Value::Text(text) => text.parse().map_err(|error: UnknownName| wrong(error.suggestion)),
            _ => Err(wrong(None)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }

    fn expected() -> String {
        let names: Vec<String> = Self::ALL.iter().map(ToString::to_string).collect();
        format!("a metric: {} (peaks by how many, from 1 to {MOST_PEAKS})", names.join(", "))
    }
}

/// One value that summarises a variable in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SummaryColumn {
    /// Mean.
    Mean,
    /// Largest value.
    Max,
    /// Smallest value.
    Min,
    /// Root of the mean square.
    Rms,
    /// Standard deviation.
    Std,
    /// Largest absolute value.
    MaxMagnitude,
    /// Number of the sample at a local maximum, counted from 0.
    Peak(u32),
    /// Number of the sample at a local minimum.
    NegativePeak(u32),
    /// Largest difference quotient.
    DxdtMax,
    /// Smallest difference quotient.
    DxdtMin,
    /// Largest second difference quotient.
    D2xdt2Max,
    /// Smallest second difference quotient.
    D2xdt2Min,
}

impl fmt::Display for SummaryColumn {
    /// As it ends a column's name: `mean`, `peak_0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mean => f.pad("mean"),
            Self::Max => f.pad("max"),
            Self::Min => f.pad("min"),
            Self::Rms => f.pad("rms"),
            Self::Std => f.pad("std"),
            Self::MaxMagnitude => f.pad("max_magnitude"),
            Self::Peak(index) => f.pad(&format!("peak_{index}")),
            Self::NegativePeak(index) => f.pad(&format!("negative_peak_{index}")),
            Self::DxdtMax => f.pad("dxdt_max"),
            Self::DxdtMin => f.pad("dxdt_min"),
            Self::D2xdt2Max => f.pad("d2xdt2_max"),
            Self::D2xdt2Min => f.pad("d2xdt2_min"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_eighteen_and_their_names_are_read_back() {
        assert_eq!(Metric::ALL.len(), 18);
        for metric in Metric::ALL {
            assert_eq!(metric.to_string().parse(), Ok(*metric));
            assert!(!metric.columns().is_empty());
        }
        assert_eq!("peaks[7]".parse(), Ok(Metric::Peaks(7)));
    }

    #[test]
    fn what_is_no_metric_is_refused_with_the_nearest() {
        let error = "men".parse::<Metric>().unwrap_err().to_string();
        assert!(error.contains("`men`") && error.contains("did you mean `mean`"), "{error}");
        for text in ["peaks", "peaks[0]", "peaks[65]", "peaks[x]", "peaks[2", "mean[2]", ""] {
            assert!(text.parse::<Metric>().is_err(), "{text}");
        }
    }
}
