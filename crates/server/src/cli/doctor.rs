//! `royal doctor`: ledgers and rollups computed anew and compared, and the database's own check.

use super::{Exit, open, print, print_json};
use crate::compose::Composed;
use crate::config::Settings;
use application::doctor::Findings;
use domain::store::Store;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::fmt::Write as _;
use std::io::IsTerminal as _;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Replace wrong ledgers and rollups by what the facts say
    #[arg(long)]
    repair: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct StoreReport {
    store_id: String,
    name: String,
    sound: bool,
    orders: u64,
    rollup_rows: u64,
    wrong_ledgers: u64,
    wrong_rollups: u64,
    wrong_customer_days: u64,
    differs_from_provider: u64,
    examples: Vec<String>,
    repaired: bool,
    /// What the last reconciliation says, in words.
    reconciliation: String,
}

#[derive(Serialize)]
struct Diagnosis {
    sound: bool,
    /// Damage of the database itself.
    database: Vec<String>,
    size_bytes: u64,
    stores: Vec<StoreReport>,
}

pub(super) async fn run(settings: Settings, args: Args) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let mut diagnosis = Diagnosis {
        sound: true,
        database: composed.database.integrity_check().await?,
        size_bytes: composed.database.size_bytes().await?,
        stores: Vec::new(),
    };
    for store in composed.doctor.stores().await? {
        let orders = composed.stores.orders(&store).await?;
        let bar = bar(orders, &store.name);
        let findings = composed
            .doctor
            .check(&store, args.repair, |seen| bar.set_position(seen))
            .await?;
        bar.finish_and_clear();
        let hint = hint(&composed, &store).await?;
        let report = StoreReport::of(store.scope.store.to_string(), store.name, findings, hint);
        diagnosis.stores.push(report);
    }
    composed.database.close().await;
    let is_well = |s: &StoreReport| s.sound || s.repaired;
    diagnosis.sound = diagnosis.database.is_empty() && diagnosis.stores.iter().all(is_well);
    if args.json {
        print_json(&diagnosis)?;
    } else {
        print(&text(&diagnosis))?;
    }
    if diagnosis.sound {
        Ok(())
    } else {
        Err(Exit::data(
            "what is stored is not what the facts say; royal doctor --repair mends ledgers and rollups",
        ))
    }
}

/// A hint, never a failure: a difference to the provider is no damage here.
async fn hint(composed: &Composed, store: &Store) -> Result<String, Exit> {
    let last = composed.reconciliations.latest(store).await?;
    Ok(match last {
        None => "never held against the provider's own totals: royal reconcile".to_owned(),
        Some(run) => format!(
            "{} to {}: {} days agree with the provider, {} differ and are explained, {} are unexplained",
            run.range.from,
            run.range.to,
            run.tally.agree,
            run.tally.explained,
            run.tally.unexplained
        ),
    })
}

/// On a terminal only.
fn bar(orders: u64, name: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    // The template is a constant that parses.
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} orders")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(orders)
        .with_style(style)
        .with_message(name.to_owned())
}

impl StoreReport {
    fn of(store_id: String, name: String, findings: Findings, reconciliation: String) -> Self {
        Self {
            store_id,
            name,
            sound: findings.is_sound(),
            orders: findings.orders,
            rollup_rows: findings.rollup_rows,
            wrong_ledgers: findings.wrong_ledgers,
            wrong_rollups: findings.wrong_rollups,
            wrong_customer_days: findings.wrong_customer_days,
            differs_from_provider: findings.differs_from_provider,
            examples: findings.examples,
            repaired: findings.repaired,
            reconciliation,
        }
    }
}

fn text(diagnosis: &Diagnosis) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = match diagnosis.database.as_slice() {
        [] => writeln!(out, "database: sound, {} bytes", diagnosis.size_bytes),
        damage => writeln!(out, "database: {}", damage.join("; ")),
    };
    if diagnosis.stores.is_empty() {
        out.push_str("no store is connected yet\n");
    }
    for store in &diagnosis.stores {
        let state = match (store.sound, store.repaired) {
            (true, _) => "sound",
            (false, true) => "repaired",
            (false, false) => "wrong",
        };
        let _ = writeln!(
            out,
            "{}: {state}; {} orders, {} wrong ledgers; {} rollup rows, {} wrong; {} orders differ from the provider's own total",
            store.name,
            store.orders,
            store.wrong_ledgers,
            store.rollup_rows,
            store.wrong_rollups,
            store.differs_from_provider
        );
        let _ = writeln!(out, "  reconciliation: {}", store.reconciliation);
        for example in &store.examples {
            let _ = writeln!(out, "  {example}");
        }
    }
    out
}
