//! Figures, the table of them, and their JSON.

use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;

use super::size::Size;

/// A goal.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Limit {
    Below(f64),
    AtLeast(f64),
}

impl Limit {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::Below(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }

    fn shown(self) -> String {
        match self {
            Self::Below(limit) => format!("≤ {}", number(limit)),
            Self::AtLeast(limit) => format!("≥ {}", number(limit)),
        }
    }
}

/// What a figure is held against, measured in the same run.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Baseline {
    pub what: &'static str,
    pub value: f64,
    /// Of the figure to the baseline.
    pub ratio: f64,
    pub goal: Limit,
}

/// One measured value.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub measure: String,
    pub value: f64,
    pub unit: &'static str,
    pub goal: Option<Limit>,
    pub baseline: Option<Baseline>,
}

impl Figure {
    pub fn new(measure: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { measure: measure.into(), value, unit, goal: None, baseline: None }
    }

    pub fn goal(mut self, goal: Limit) -> Self {
        self.goal = Some(goal);
        self
    }

    /// The goal is for the ratio to this value.
    pub fn against(mut self, what: &'static str, value: f64, goal: Limit) -> Self {
        self.baseline = Some(Baseline { what, value, ratio: self.value / value, goal });
        self
    }

    /// None without a goal.
    fn is_met(&self) -> Option<bool> {
        let own = self.goal.map(|goal| goal.is_met(self.value));
        let ratio = self.baseline.as_ref().map(|baseline| baseline.goal.is_met(baseline.ratio));
        match (own, ratio) {
            (Some(own), Some(ratio)) => Some(own && ratio),
            (own, ratio) => own.or(ratio),
        }
    }
}

#[derive(Debug, Serialize)]
struct Row {
    database: &'static str,
    #[serde(flatten)]
    figure: Figure,
    met: Option<bool>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    size: Size,
    cores: usize,
    figures: Vec<Row>,
}

const HEAD: [&str; 8] =
    ["measure", "database", "figure", "goal", "baseline", "ratio", "goal of ratio", "met"];

impl Report {
    pub fn new(size: Size) -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        Self { size, cores, figures: Vec::new() }
    }

    /// Keeps the figure and returns it as a line to show at once.
    pub fn add(&mut self, database: &'static str, figure: Figure) -> String {
        let row = Row { database, met: figure.is_met(), figure };
        let line = cells(&row).join("  ");
        self.figures.push(row);
        line
    }

    /// As Markdown, to be put into a document as it is.
    pub fn table(&self) -> String {
        let mut rows = vec![HEAD.map(str::to_owned)];
        rows.extend(self.figures.iter().map(cells));
        let mut widths = [3; HEAD.len()];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut table = String::new();
        for (index, row) in rows.iter().enumerate() {
            for (cell, width) in row.iter().zip(widths) {
                let _ = write!(table, "| {cell:width$} ");
            }
            table.push_str("|\n");
            if index == 0 {
                for width in widths {
                    let _ = write!(table, "|{:-<1$}", "", width + 2);
                }
                table.push_str("|\n");
            }
        }
        table
    }

    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

fn cells(row: &Row) -> [String; 8] {
    let Figure { measure, value, unit, goal, baseline } = &row.figure;
    let of = |shown: &dyn Fn(&Baseline) -> String| baseline.as_ref().map(shown).unwrap_or_default();
    [
        measure.clone(),
        row.database.to_owned(),
        format!("{} {unit}", number(*value)),
        goal.map(Limit::shown).unwrap_or_default(),
        of(&|baseline| format!("{}: {} {unit}", baseline.what, number(baseline.value))),
        of(&|baseline| format!("{:.2}", baseline.ratio)),
        of(&|baseline| baseline.goal.shown()),
        row.met.map(|met| if met { "yes" } else { "no" }.to_owned()).unwrap_or_default(),
    ]
}

/// Three digits that matter.
fn number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_met_if_both_goals_are() {
        let figure = |value| {
            Figure::new("work", value, "s").goal(Limit::Below(5.0)).against("bare", 1.0, Limit::Below(4.0))
        };
        assert_eq!(figure(3.0).is_met(), Some(true));
        assert_eq!(figure(4.5).is_met(), Some(false), "4.5 times the baseline");
        assert_eq!(Figure::new("work", 3.0, "s").is_met(), None);
        assert_eq!(Figure::new("pairs", 3.0, "/s").goal(Limit::AtLeast(2.0)).is_met(), Some(true));
    }

    #[test]
    fn the_table_says_what_was_missed() {
        let mut report = Report::new(Size::Quick);
        report.add("SQLite", Figure::new("work", 12.34, "s").against("bare", 2.0, Limit::Below(4.0)));
        let table = report.table();
        let last = table.lines().last().unwrap_or_default();
        let cells: Vec<_> = last.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect();
        assert_eq!(cells, ["work", "SQLite", "12.3 s", "bare: 2 s", "6.17", "≤ 4", "no"]);
    }
}
