//! `royal forecast`: daily series in, their days to come out. Needs no database, no settings and no server.

mod read;
mod write;

use super::Exit;
use crate::compose::forecaster;
use chrono::Days;
use domain::calendar::DayRange;
use domain::forecast::{Event, Forecast, History, Level, Missing, Plan, Series};
use domain::holidays::HolidayCountry;
use indicatif::{ProgressBar, ProgressStyle};
use ports::forecaster::Forecaster as _;
use ports::{Kind, PortError, Retry};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// CSV with `series_id,date,value` and, if any, regressors (default: stdin)
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Days to forecast, 1 to 730, after each series' last day
    #[arg(long, value_name = "DAYS", default_value_t = 28)]
    horizon: usize,
    /// Days after which the series repeats itself: one below 50 and one of 50 and more are used
    #[arg(
        long,
        value_name = "DAYS",
        value_delimiter = ',',
        default_value = "7,365"
    )]
    season: Vec<usize>,
    /// Coverage of the intervals in percent; 80 becomes the columns p10 and p90
    #[arg(
        long,
        value_name = "PERCENT",
        value_delimiter = ',',
        default_value = "80"
    )]
    levels: Vec<f64>,
    /// CSV with `date,event[,series_id]`, days of the past and to come: promotions, holidays, paydays
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Let public holidays of this country count, in each series where its past shows that it helps (ISO 3166-1 alpha-2, e.g. DE)
    #[arg(long, value_name = "CODE")]
    country: Option<HolidayCountry>,
    /// What days without a row are
    #[arg(long, value_enum, default_value_t)]
    missing: MissingDays,
    /// Let the column mean be the expected value instead of the forecast with the smallest absolute error
    #[arg(long)]
    unbiased: bool,
    /// Write model, training range, error and coverage on the own past of each series to this CSV
    #[arg(long, value_name = "FILE")]
    details: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum MissingDays {
    /// 0 where a series tells no zeros of its own and a tenth of its days or more are missing, else unknown
    #[default]
    Auto,
    /// 0; every series reaches to the last day of all
    Zero,
    /// Bridged from the same weekday around them
    Unknown,
}

impl From<MissingDays> for Missing {
    fn from(days: MissingDays) -> Self {
        match days {
            MissingDays::Auto => Self::Auto,
            MissingDays::Zero => Self::Zero,
            MissingDays::Unknown => Self::Unknown,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<(), Exit> {
    // What cannot be asked is refused before anything is read.
    let events = args.events.as_deref().map(events_of).transpose()?;
    let mut events = events.unwrap_or_default();
    plan(args, Vec::new())?;
    let mut details = args.details.as_deref().map(created).transpose()?;
    let began = Instant::now();
    let input = match args.file.as_deref().filter(|f| *f != Path::new("-")) {
        Some(path) => read::series(opened(path)?, args.missing.into())?,
        None => read::series(io::stdin().lock(), args.missing.into())?,
    };
    say(&format!(
        "{} series of {} rows, read in {:.1} s",
        input.series.len(),
        input.rows,
        began.elapsed().as_secs_f64()
    ));
    events.extend(holidays(args, &input.series));
    let plan = plan(args, events)?;
    write::notes(&input, &plan)
        .iter()
        .for_each(|note| say(note));
    let began = Instant::now();
    let mut seen = Seen::default();
    let bar = bar(input.series.len());
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut written = write::header(&mut out, plan.levels());
    if let (Ok(()), Some((path, file))) = (&written, &mut details) {
        write::details_header(file).map_err(|e| unwritable(path, &e))?;
    }
    let outcome = forecaster().forecast(&plan, &input.series, &mut |forecast| {
        let id = &input.series[forecast.index].id;
        bar.inc(1);
        seen.add(id, &forecast);
        if let Some((path, file)) = &mut details {
            write::details(file, id, &forecast).map_err(|e| stopped(&format!("{path}: {e}")))?;
        }
        written = write::rows(&mut out, id, &forecast, args.unbiased);
        written
            .as_ref()
            .map_err(|e| stopped(&e.to_string()))
            .map(|_| ())
    });
    bar.finish_and_clear();
    if let Err(error) = written.and_then(|()| out.flush()) {
        // Whoever reads has read enough (`royal forecast … | head`).
        let enough = error.kind() == io::ErrorKind::BrokenPipe;
        let unwritable = Exit::defect(format!("stdout cannot be written: {error}"));
        return if enough { Ok(()) } else { Err(unwritable) };
    }
    outcome?;
    if let Some((path, mut file)) = details {
        file.flush().map_err(|e| unwritable(&path, &e))?;
    }
    seen.say(began.elapsed().as_secs_f64());
    Ok(())
}

fn plan(args: &Args, events: Vec<Event>) -> Result<Plan, Exit> {
    let levels: Result<Vec<_>, _> = args.levels.iter().map(|l| Level::new(*l)).collect();
    levels
        .and_then(|levels| Plan::new(args.horizon, args.season.clone(), levels, events))
        .map_err(|e| Exit::usage(e.to_string()))
}

/// From the first day that is known to the last that is told.
fn holidays(args: &Args, series: &[Series]) -> Vec<Event> {
    let from = series.iter().map(|s| s.start).min();
    let last = series.iter().map(|s| s.day(s.values.len())).max();
    let to = last.and_then(|day| day.checked_add_days(Days::new(args.horizon as u64)));
    let range = from.zip(to).map(|(from, to)| DayRange { from, to });
    let found = args.country.zip(range);
    found.map_or_else(Vec::new, |(country, range)| country.events(range))
}

fn opened(path: &Path) -> Result<impl Read + use<>, Exit> {
    let unreadable = |e| Exit::data(format!("{} cannot be read: {e}", path.display()));
    File::open(path).map_err(unreadable)
}

fn events_of(path: &Path) -> Result<Vec<Event>, Exit> {
    read::events(opened(path)?)
}

fn created(path: &Path) -> Result<(String, BufWriter<File>), Exit> {
    let shown = path.display().to_string();
    let file = File::create(path).map_err(|e| unwritable(&shown, &e))?;
    Ok((shown, BufWriter::new(file)))
}

fn unwritable(path: &str, error: &io::Error) -> Exit {
    Exit::data(format!("{path} cannot be written: {error}"))
}

fn stopped(why: &str) -> PortError {
    PortError::new(Kind::Cancelled, Retry::Never, "forecast", "write", why)
}

fn say(text: &str) {
    // Who closed stderr does not want to know.
    let _ = writeln!(io::stderr(), "{text}");
}

fn bar(count: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    // The template is a constant that parses.
    let style = ProgressStyle::with_template(
        "forecasting {wide_bar} {human_pos}/{human_len} series  {per_sec}  {eta} left",
    )
    .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(count as u64).with_style(style)
}

/// What is said when all is done.
#[derive(Debug, Default)]
struct Seen {
    series: u64,
    checked: f64,
    scaled: f64,
    mase: f64,
    coverage: f64,
    too_little: Vec<String>,
}

impl Seen {
    fn add(&mut self, id: &str, forecast: &Forecast) {
        self.series += 1;
        if let Some(past) = forecast.own_past {
            self.checked += 1.0;
            self.coverage += past.coverage;
            if let Some(mase) = past.mase {
                self.scaled += 1.0;
                self.mase += mase;
            }
        }
        if matches!(forecast.history, History::TooLittle { .. }) {
            self.too_little.push(id.to_owned());
        }
    }

    fn say(&self, seconds: f64) {
        say(&format!(
            "{} series forecast in {seconds:.1} s",
            self.series
        ));
        if self.scaled > 0.0 {
            say(&format!(
                "on their own past: MASE {:.3}, {:.0} % within the interval",
                self.mase / self.scaled,
                100.0 * self.coverage / self.checked
            ));
        }
        if !self.too_little.is_empty() {
            let count = self.too_little.len();
            let names = write::some(&self.too_little);
            say(&format!(
                "too little history in {count} series (their forecasts are plain, their intervals wide guesses): {names}"
            ));
        }
    }
}
