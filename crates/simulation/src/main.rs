//! `royal-simulate`: many seeds over all cores, or one with its whole log.

use anyhow::Result;
use clap::Parser;
use simulation::{History, Options, Plant, run};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

#[derive(Debug, Parser)]
#[command(name = "royal-simulate", about = "Deterministic simulation by seeds")]
struct Arguments {
    /// How many seeds
    #[arg(long, default_value_t = 2_000)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// This one alone, with everything that happens
    #[arg(long)]
    seed: Option<u64>,
    /// With a mistake in it
    #[arg(long)]
    plant: Option<Plant>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    match arguments.seed {
        Some(seed) => one(seed, arguments.plant),
        None => many(&arguments),
    }
}

fn one(seed: u64, plant: Option<Plant>) -> Result<ExitCode> {
    let is_told = true;
    let history = run(seed, Options { plant, is_told })?;
    for line in &history.log {
        println!("{line}");
    }
    told(&history);
    println!(
        "seed {seed}: {} calls, {} faults, {} kills, {} writes, digest {:016x}",
        history.calls, history.faults, history.kills, history.writes, history.digest
    );
    Ok(code(history.wrong.is_empty()))
}

fn told(history: &History) {
    for wrong in &history.wrong {
        println!("seed {}: {wrong}", history.seed);
    }
}

fn many(arguments: &Arguments) -> Result<ExitCode> {
    let (began, next) = (Instant::now(), AtomicU64::new(arguments.from));
    let end = arguments.from.saturating_add(arguments.seeds);
    let failed = Mutex::new(Vec::new());
    let (calls, faults, kills, writes) = (
        AtomicU64::new(0),
        AtomicU64::new(0),
        AtomicU64::new(0),
        AtomicU64::new(0),
    );
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || -> Result<()> {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return Ok(());
            }
            let options = Options {
                plant: arguments.plant,
                is_told: false,
            };
            let history = run(seed, options)?;
            calls.fetch_add(history.calls, Ordering::Relaxed);
            faults.fetch_add(history.faults, Ordering::Relaxed);
            kills.fetch_add(history.kills, Ordering::Relaxed);
            writes.fetch_add(history.writes, Ordering::Relaxed);
            if !history.wrong.is_empty() {
                told(&history);
                let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                failed.push(seed);
            }
        }
    };
    std::thread::scope(|scope| -> Result<()> {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            thread
                .join()
                .map_err(|_| anyhow::anyhow!("a history panicked"))??;
        }
        Ok(())
    })?;
    let mut failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_unstable();
    let sum = |of: &AtomicU64| of.load(Ordering::Relaxed);
    println!(
        "{} seeds in {:.1} s: {} calls, {} faults, {} kills, {} writes; {} failed",
        arguments.seeds,
        began.elapsed().as_secs_f64(),
        sum(&calls),
        sum(&faults),
        sum(&kills),
        sum(&writes),
        failed.len()
    );
    if let Some(seed) = failed.first() {
        println!("again, with everything that happens: cargo xtask simulate --seed {seed}");
    }
    Ok(code(failed.is_empty()))
}

fn code(is_well: bool) -> ExitCode {
    if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
