use std::fmt::Write;

use buffer_runtime::{DeviceConstant, DeviceText};

use super::metric::{Metric, SummaryColumn};

/// Which values summarise each variable, and which accumulators they share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetricPlan {
    columns: Vec<SummaryColumn>,
    /// Names and lengths of a variable's accumulators, in order.
    slots: Vec<(&'static str, usize)>,
    peaks: usize,
    negative_peaks: usize,
}

/// Every accumulator there is, as `slot_<name>` in device source.
const SLOTS: &[&str] = &[
    "sum",
    "square_sum",
    "shift",
    "shifted_sum",
    "shifted_square_sum",
    "max",
    "min",
    "magnitude",
    "previous",
    "before",
    "slope_max",
    "slope_min",
    "curvature_max",
    "curvature_min",
    "peaks",
    "negative_peaks",
];

/// Every kind of column, as `kind_<name>` in device source; the position is its number.
const KINDS: &[&str] = &[
    "mean",
    "max",
    "min",
    "rms",
    "std",
    "max_magnitude",
    "peak",
    "negative_peak",
    "dxdt_max",
    "dxdt_min",
    "d2xdt2_max",
    "d2xdt2_min",
];

/// The kind of a column by its position in [`KINDS`], and its index among columns of that kind.
fn kind(column: SummaryColumn) -> (usize, usize) {
    match column {
        SummaryColumn::Mean => (0, 0),
        SummaryColumn::Max => (1, 0),
        SummaryColumn::Min => (2, 0),
        SummaryColumn::Rms => (3, 0),
        SummaryColumn::Std => (4, 0),
        SummaryColumn::MaxMagnitude => (5, 0),
        SummaryColumn::Peak(index) => (6, index as usize),
        SummaryColumn::NegativePeak(index) => (7, index as usize),
        SummaryColumn::DxdtMax => (8, 0),
        SummaryColumn::DxdtMin => (9, 0),
        SummaryColumn::D2xdt2Max => (10, 0),
        SummaryColumn::D2xdt2Min => (11, 0),
    }
}

impl MetricPlan {
    /// The columns of the metrics in the order asked for, each once, and what they need.
    pub fn of(metrics: &[Metric]) -> Self {
        let mut columns: Vec<SummaryColumn> = Vec::new();
        for column in metrics.iter().flat_map(|metric| metric.columns()) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let has = |wanted: &[SummaryColumn]| columns.iter().any(|column| wanted.contains(column));
        let count = |is: fn(&SummaryColumn) -> bool| columns.iter().filter(|column| is(column)).count();
        let peaks = count(|column| matches!(column, SummaryColumn::Peak(_)));
        let negative_peaks = count(|column| matches!(column, SummaryColumn::NegativePeak(_)));

        let shifted = has(&[SummaryColumn::Std]);
        let (max, min) = (has(&[SummaryColumn::Max]), has(&[SummaryColumn::Min]));
        let slope = has(&[SummaryColumn::DxdtMax, SummaryColumn::DxdtMin]);
        let before = has(&[SummaryColumn::D2xdt2Max, SummaryColumn::D2xdt2Min]) || peaks > 0 || negative_peaks > 0;
        // With the standard deviation, its sums give the mean and the mean square too; with both extremes they give the largest magnitude.
        let needed = |slot: &str| match slot {
            "sum" => has(&[SummaryColumn::Mean]) && !shifted,
            "square_sum" => has(&[SummaryColumn::Rms]) && !shifted,
            "shift" | "shifted_sum" | "shifted_square_sum" => shifted,
            "max" => max,
            "min" => min,
            "magnitude" => has(&[SummaryColumn::MaxMagnitude]) && !(max && min),
            "previous" => slope || before,
            "before" => before,
            "slope_max" => has(&[SummaryColumn::DxdtMax]),
            "slope_min" => has(&[SummaryColumn::DxdtMin]),
            "curvature_max" => has(&[SummaryColumn::D2xdt2Max]),
            "curvature_min" => has(&[SummaryColumn::D2xdt2Min]),
            "peaks" => peaks > 0,
            "negative_peaks" => negative_peaks > 0,
            _ => false,
        };
        let length = |slot: &str| match slot {
            "peaks" => 1 + peaks,
            "negative_peaks" => 1 + negative_peaks,
            _ => 1,
        };
        let slots = SLOTS.iter().filter(|slot| needed(slot)).map(|slot| (*slot, length(slot))).collect();
        Self { columns, slots, peaks, negative_peaks }
    }

    /// The values of each variable and window, in order.
    pub fn columns(&self) -> &[SummaryColumn] {
        &self.columns
    }

    /// Elements that accumulate one variable.
    pub fn slots(&self) -> usize {
        self.slots.iter().map(|(_, length)| length).sum()
    }
}

impl DeviceConstant for MetricPlan {
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        out.raw(&format!("struct {name} {{"));
        out.integer("columns", self.columns.len() as i128);
        out.integer("slots", self.slots() as i128);
        out.integer("peaks", self.peaks as i128);
        out.integer("negative_peaks", self.negative_peaks as i128);
        for slot in SLOTS {
            let at = self.slots.iter().position(|(other, _)| other == slot);
            let offset = at.map_or(-1, |at| self.slots[..at].iter().map(|(_, length)| *length as i128).sum());
            out.integer(&format!("slot_{slot}"), offset);
        }
        for (number, kind) in KINDS.iter().enumerate() {
            out.integer(&format!("kind_{kind}"), number as i128);
        }
        table(out, "column_kind", self.columns.iter().map(|column| kind(*column).0));
        table(out, "column_index", self.columns.iter().map(|column| kind(*column).1));
        out.raw("};");
    }
}

/// A function of constants that looks up one of these numbers.
pub(super) fn table(out: &mut DeviceText, name: &str, values: impl Iterator<Item = usize>) {
    let mut list = String::new();
    for value in values {
        // Writing to a String cannot fail.
        let _ = write!(list, "{}{value}", if list.is_empty() { "" } else { ", " });
    }
    if list.is_empty() {
        list.push('0');
    }
    out.raw(&format!("BR_DEVICE static constexpr int {name}(int i) {{"));
    out.raw(&format!("    constexpr int values[] = {{{list}}};"));
    out.raw("    return values[i];\n}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(metrics: &[Metric]) -> Vec<&'static str> {
        MetricPlan::of(metrics).slots.iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn metrics_share_accumulators() {
        assert_eq!(slots(&[Metric::Mean]), ["sum"]);
        assert_eq!(slots(&[Metric::Mean, Metric::Std, Metric::Rms]), ["shift", "shifted_sum", "shifted_square_sum"]);
        assert_eq!(slots(&[Metric::MeanStdRms]), slots(&[Metric::Mean, Metric::StdRms]));
        assert_eq!(slots(&[Metric::MaxMagnitude]), ["magnitude"]);
        assert_eq!(slots(&[Metric::MaxMagnitude, Metric::Extrema]), ["max", "min"]);
        assert_eq!(slots(&[Metric::DxdtMax, Metric::DxdtMin]), slots(&[Metric::DxdtExtrema]));
        assert_eq!(slots(&[Metric::DxdtMax]), ["previous", "slope_max"]);
        assert_eq!(slots(&[Metric::Peaks(2)]), ["previous", "before", "peaks"]);
        assert_eq!(MetricPlan::of(&[Metric::Peaks(2)]).slots(), 5);
        assert_eq!(MetricPlan::of(&[]), MetricPlan::default());
    }

    #[test]
    fn columns_come_once_in_the_order_asked_for() {
        let plan = MetricPlan::of(&[Metric::Std, Metric::Extrema, Metric::MeanStd, Metric::Max]);
        let names: Vec<String> = plan.columns().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["std", "max", "min", "mean"]);
    }

    #[test]
    fn every_column_has_a_kind_of_its_own_name() {
        for column in Metric::ALL.iter().flat_map(|metric| metric.columns()) {
            assert!(column.to_string().starts_with(KINDS[kind(column).0]), "{column}");
        }
    }
}
