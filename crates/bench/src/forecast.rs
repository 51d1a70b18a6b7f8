//! `royal forecast` over series that are made from a seed: what it misses by on days that it has not seen, beside plain means in the same run; time and
//! memory for many series.

use crate::measure::{Figure, Plan};
use crate::product::memory_mb;
use crate::units::{self, KINDS};
use anyhow::{Context as _, Result, ensure};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The names, in the order of measuring.
pub const NAMES: &[&str] = &[
    "forecast_mase",
    "forecast_coverage_pct",
    "forecast_10000_series_s",
    "forecast_peak_memory_mb",
];

const AHEAD: usize = 28;
/// Days of a series, with those that are held out.
const DAYS: usize = 730;
/// How far from the end the forecasts are made.
const ORIGINS: [usize; 3] = [28, 63, 98];
const WEEKS: usize = 8;

/// How many series.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Whose errors are measured.
    pub checked: usize,
    /// Which are timed.
    pub many: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            checked: 300,
            many: 10_000,
        }
    }
}

/// Whether anything of it is wanted.
#[must_use]
pub fn wanted(plan: &Plan) -> bool {
    plan.wants(NAMES)
}

/// Forecasts the first file into the second; seconds and megabytes that it took.
pub type Forecaster<'a> = &'a dyn Fn(&Path, &Path) -> Result<(f64, f64)>;

/// All that is wanted, with files in the folder.
pub fn measure(
    forecaster: Forecaster<'_>,
    folder: &Path,
    plan: &Plan,
    size: Size,
    say: &dyn Fn(&str),
) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    if plan.wants(&NAMES[..2]) {
        figures.extend(accuracy(forecaster, folder, size.checked, say)?);
    }
    if plan.wants(&NAMES[2..]) {
        figures.extend(many(forecaster, folder, size.many, say)?);
    }
    figures.retain(|f| plan.wants(&[f.name.as_str()]));
    Ok(figures)
}

/// Means over days, of one forecaster.
#[derive(Debug, Default)]
struct Sums {
    own: f64,
    plain: f64,
    within: f64,
    series: f64,
    days: f64,
}

fn accuracy(
    forecaster: Forecaster<'_>,
    folder: &Path,
    count: usize,
    say: &dyn Fn(&str),
) -> Result<Vec<Figure>> {
    let all: Vec<Vec<f64>> = (0..count).map(|at| units::series(at, DAYS)).collect();
    let mut sums = Sums::default();
    for origin in ORIGINS {
        let input = folder.join("past.csv");
        write(&input, all.iter().map(|y| y[..DAYS - origin].to_vec()))?;
        let output = folder.join("told.csv");
        forecaster(&input, &output)?;
        let told = read(&output)?;
        for (at, y) in all.iter().enumerate() {
            let days = told.get(&at).context("a series has no forecast")?;
            score(&mut sums, y, DAYS - origin, days)?;
        }
        say(&format!(
            "{count} series forecast {origin} days before their end"
        ));
    }
    let mase = |sum: f64| sum / sums.series;
    let (own, plain) = (mase(sums.own), mase(sums.plain));
    Ok(vec![
        Figure {
            name: NAMES[0].to_owned(),
            value: own,
            unit: "",
            ratio: Some(own / plain),
            against: Some("the mean of eight weeks".to_owned()),
        },
        Figure {
            name: NAMES[1].to_owned(),
            value: 100.0 * sums.within / sums.days,
            unit: "%",
            ratio: None,
            against: None,
        },
    ])
}

/// Adds what one series missed by, in steps of the week before.
fn score(sums: &mut Sums, y: &[f64], from: usize, told: &[[f64; 3]]) -> Result<()> {
    ensure!(
        told.len() == AHEAD,
        "{} days instead of {AHEAD}",
        told.len()
    );
    let past = &y[..from];
    let scale: f64 = past
        .iter()
        .skip(7)
        .zip(past)
        .map(|(a, b)| (a - b).abs())
        .sum();
    let scale = scale / number(from - 7);
    let (mut own, mut plain) = (0.0, 0.0);
    for (h, [centre, lower, upper]) in told.iter().enumerate() {
        let value = y[from + h];
        let same = (1..=WEEKS).map(|week| past[from - 7 * week + h % 7]);
        own += (centre - value).abs();
        plain += (same.sum::<f64>() / number(WEEKS) - value).abs();
        sums.days += 1.0;
        if (*lower..=*upper).contains(&value) {
            sums.within += 1.0;
        }
    }
    if scale > 0.0 {
        sums.series += 1.0;
        sums.own += own / number(AHEAD) / scale;
        sums.plain += plain / number(AHEAD) / scale;
    }
    Ok(())
}

fn many(
    forecaster: Forecaster<'_>,
    folder: &Path,
    count: usize,
    say: &dyn Fn(&str),
) -> Result<Vec<Figure>> {
    let input = folder.join("many.csv");
    // The kinds take turns.
    write(&input, (0..count).map(|at| units::series(at, DAYS)))?;
    say(&format!("{count} series of {DAYS} days, of {KINDS} kinds"));
    let (seconds, memory) = forecaster(&input, &folder.join("told.csv"))?;
    let figure = |at: usize, value: f64, unit: &'static str| Figure {
        name: NAMES[at].to_owned(),
        value,
        unit,
        ratio: None,
        against: None,
    };
    Ok(vec![figure(2, seconds, "s"), figure(3, memory, "MB")])
}

fn write(path: &Path, all: impl Iterator<Item = Vec<f64>>) -> Result<()> {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).context("a day")?;
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "series_id,date,value")?;
    for (at, values) in all.enumerate() {
        for (day, value) in first.iter_days().zip(values) {
            writeln!(out, "{at},{day},{value}")?;
        }
    }
    Ok(out.flush()?)
}

/// By `royal forecast`; reading and writing included.
pub fn run(royal: &Path, input: &Path, output: &Path) -> Result<(f64, f64)> {
    let began = Instant::now();
    let mut child = Command::new(royal)
        .args(["forecast", "--horizon", &AHEAD.to_string()])
        .arg(input)
        .stdout(File::create(output)?)
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| royal.display().to_string())?;
    let mut memory = 0.0_f64;
    let status = loop {
        // Gone when it has just ended; the largest so far stands.
        memory = memory_mb(child.id(), "VmHWM").map_or(memory, |m| m.max(memory));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    ensure!(status.success(), "royal forecast: {status}");
    Ok((began.elapsed().as_secs_f64(), memory))
}

/// Centre and bounds of each day, by series.
fn read(path: &Path) -> Result<BTreeMap<usize, Vec<[f64; 3]>>> {
    let mut told: BTreeMap<usize, Vec<[f64; 3]>> = BTreeMap::new();
    for line in BufReader::new(File::open(path)?).lines().skip(1) {
        let line = line?;
        let fields: Vec<&str> = line.split(',').collect();
        let [series, _, centre, lower, upper] = fields[..] else {
            anyhow::bail!("{line:?} has other columns");
        };
        let days = told.entry(series.parse()?).or_default();
        days.push([centre.parse()?, lower.parse()?, upper.parse()?]);
    }
    Ok(told)
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::NAN, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of eight weeks, between it and three times as much.
    fn plain(input: &Path, output: &Path) -> Result<(f64, f64)> {
        let mut past: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for line in std::fs::read_to_string(input)?.lines().skip(1) {
            let mut fields = line.split(',');
            let series = fields.next().context("a series")?.parse()?;
            let value = fields.nth(1).context("a value")?.parse()?;
            past.entry(series).or_default().push(value);
        }
        let mut out = File::create(output)?;
        writeln!(out, "series_id,date,mean,p10,p90")?;
        for (series, past) in past {
            for h in 0..AHEAD {
                let same = (1..=WEEKS).map(|week| past[past.len() - 7 * week + h % 7]);
                let mean = same.sum::<f64>() / number(WEEKS);
                writeln!(out, "{series},2026-01-01,{mean},{mean},{}", 3.0 * mean)?;
            }
        }
        Ok((2.0, 30.0))
    }

    #[test]
    fn a_plain_mean_is_as_good_as_itself() {
        let folder = tempfile::tempdir().unwrap();
        let plan = Plan {
            names: Vec::new(),
            seconds: 0.1,
        };
        let size = Size {
            checked: 12,
            many: 20,
        };
        let figures = measure(&plain, folder.path(), &plan, size, &|_| ()).unwrap();
        let names: Vec<&str> = figures.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, NAMES);
        assert!((figures[0].ratio.unwrap() - 1.0).abs() < 1e-6);
        assert!(figures[0].value > 0.3 && (20.0..80.0).contains(&figures[1].value));
        assert_eq!((figures[2].value, figures[3].value), (2.0, 30.0));
    }
}
