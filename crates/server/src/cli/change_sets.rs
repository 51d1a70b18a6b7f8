//! `royal change-sets`: looks at change-sets and decides on them. What was approved is applied by the server of this data when one
//! runs, else by this process.

use super::{Exit, open, print, print_json};
use crate::compose::Composed;
use crate::config::Settings;
use crate::http::amounts::amount;
use crate::http::changes::view::{SetBody, StatusBody};
use crate::occupied::server_of;
use application::changes::{Approver, ChangeError};
use clap::Subcommand;
use domain::audit::Actor;
use domain::changes::{Action, ChangeSet, ChangeSetStatus, Digest};
use domain::ids::{ChangeSetId, RunId, WorkspaceId};
use domain::money::Currency;
use domain::people::Role;
use ports::PageRequest;
use ports::changes::ChangeFilter;
use std::fmt::Write as _;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_millis(300);

#[derive(Debug, Subcommand)]
pub(super) enum ChangeSets {
    /// Show the newest ones
    List {
        /// Only in this status, e.g. proposed
        #[arg(long, value_parser = status)]
        status: Option<ChangeSetStatus>,
        /// Only what this agent proposed
        #[arg(long, value_name = "ID")]
        agent: Option<String>,
        /// Only what this run proposed
        #[arg(long, value_name = "ID")]
        run: Option<RunId>,
        /// How many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=250))]
        limit: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one, with its operations and its digest
    Show {
        id: ChangeSetId,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Approve one, and wait until it is applied
    Approve {
        id: ChangeSetId,
        /// Refuse it when it is not what `show` showed (default: as it stands)
        #[arg(long)]
        digest: Option<String>,
        /// Number of an operation that is left out
        #[arg(long = "without", value_name = "NO")]
        without: Vec<u32>,
        #[command(flatten)]
        said: Said,
    },
    /// Reject the whole of one
    Reject {
        id: ChangeSetId,
        #[command(flatten)]
        said: Said,
    },
    /// Propose what puts everything back as it was
    Undo {
        id: ChangeSetId,
        #[command(flatten)]
        said: Said,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Said {
    /// Why; it is kept with the decision and in the audit
    #[arg(long)]
    note: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn status(text: &str) -> Result<ChangeSetStatus, String> {
    let word = serde_json::Value::from(text);
    let status: Result<StatusBody, _> = serde_json::from_value(word);
    status
        .map(Into::into)
        .map_err(|_| "is no status of a change-set".to_owned())
}

pub(super) async fn run(settings: Settings, command: ChangeSets) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let ended = act(&composed, &settings, command).await;
    composed.database.close().await;
    ended
}

async fn act(composed: &Composed, settings: &Settings, command: ChangeSets) -> Result<(), Exit> {
    let (changes, by) = (&composed.changes, Actor::command_line());
    match command {
        ChangeSets::List {
            status,
            agent,
            run,
            limit,
            json,
        } => {
            let filter = ChangeFilter {
                store: None,
                status,
                agent,
                run,
            };
            list(composed, &filter, limit, json).await
        }
        ChangeSets::Show { id, json } => {
            let set = find(composed, id).await?;
            show(composed, &set, json).await
        }
        ChangeSets::Approve {
            id,
            digest,
            without,
            said,
        } => {
            let set = find(composed, id).await?;
            let digest = digest.map_or_else(|| set.digest(), |text| Digest(text.to_lowercase()));
            // Whoever has a shell is the owner.
            let by = Approver {
                actor: by,
                role: Role::Owner,
            };
            let (of, note) = (set.scope.workspace, said.note.as_deref());
            changes
                .approve(of, id, &by, &digest, &without, note)
                .await?;
            let set = applied(composed, settings, of, id).await?;
            show(composed, &set, said.json).await?;
            verdict(&set)
        }
        ChangeSets::Reject { id, said } => {
            let of = find(composed, id).await?.scope.workspace;
            let note = said.note.as_deref();
            let set = changes.reject(of, id, &by, note).await?;
            show(composed, &set, said.json).await
        }
        ChangeSets::Undo { id, said } => {
            let of = find(composed, id).await?.scope.workspace;
            let note = said.note.as_deref();
            let set = changes.undo(of, id, &by, note).await?;
            show(composed, &set, said.json).await
        }
    }
}

async fn find(composed: &Composed, id: ChangeSetId) -> Result<ChangeSet, Exit> {
    for workspace in composed.ports.accounts.workspaces().await? {
        if let Some(set) = composed.changes.find(workspace.id, id).await? {
            return Ok(set);
        }
    }
    Err(ChangeError::UnknownSet.into())
}

async fn currency(composed: &Composed, set: &ChangeSet) -> Result<Currency, Exit> {
    let stores = composed.changes.stores(set.scope.workspace).await?;
    let store = stores.into_iter().find(|s| s.scope == set.scope);
    let store = store.ok_or_else(|| Exit::data("its store is not connected any more"))?;
    Ok(store.currency)
}

/// Over all workspaces: whoever has a shell is responsible for all of them.
async fn list(
    composed: &Composed,
    filter: &ChangeFilter,
    limit: u32,
    json: bool,
) -> Result<(), Exit> {
    let mut sets = Vec::new();
    for workspace in composed.ports.accounts.workspaces().await? {
        let page = PageRequest::first(limit);
        let page = composed.changes.list(workspace.id, filter, &page).await?;
        sets.extend(page.items);
    }
    sets.sort_by_key(|set| std::cmp::Reverse(set.created_at));
    sets.truncate(limit as usize);
    if !json {
        return print(&sets.iter().map(line).collect::<String>());
    }
    let mut bodies = Vec::new();
    for set in &sets {
        bodies.push(SetBody::of(set, currency(composed, set).await?));
    }
    print_json(&serde_json::json!({ "change_sets": bodies }))
}

async fn show(composed: &Composed, set: &ChangeSet, json: bool) -> Result<(), Exit> {
    let currency = currency(composed, set).await?;
    if json {
        return print_json(&SetBody::of(set, currency));
    }
    print(&text(set, currency))
}

/// The set when nobody works on it any more.
async fn applied(
    composed: &Composed,
    settings: &Settings,
    workspace: WorkspaceId,
    id: ChangeSetId,
) -> Result<ChangeSet, Exit> {
    let stop = CancellationToken::new();
    let worker = server_of(&settings.data_dir).is_none().then(|| {
        let (changes, stop) = (composed.changes.clone(), stop.clone());
        tokio::spawn(async move { changes.run_worker(stop).await })
    });
    let outcome = tokio::select! {
        outcome = follow(composed, workspace, id) => outcome,
        _ = tokio::signal::ctrl_c() => Err(Exit::unavailable("stopped; it is approved, and whoever works on it next goes on with it")),
    };
    stop.cancel();
    if let Some(worker) = worker {
        let _ = worker.await;
    }
    outcome
}

async fn follow(
    composed: &Composed,
    workspace: WorkspaceId,
    id: ChangeSetId,
) -> Result<ChangeSet, Exit> {
    loop {
        let set = composed.changes.find(workspace, id).await?;
        let set = set.ok_or_else(|| Exit::data("it is gone: its connection was removed"))?;
        if !set.status.is_work() {
            return Ok(set);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn verdict(set: &ChangeSet) -> Result<(), Exit> {
    if set.status == ChangeSetStatus::Applied {
        return Ok(());
    }
    let why = format!("it ended as {}", set.status.as_str());
    Err(Exit::unavailable(set.error.clone().unwrap_or(why)))
}

fn line(set: &ChangeSet) -> String {
    format!(
        "{}  {:14} {}  {}\n",
        set.id,
        set.status.as_str(),
        set.created_at.format("%F %H:%M"),
        set.title
    )
}

fn text(set: &ChangeSet, currency: Currency) -> String {
    let mut out = format!("{}\n{}\n", set.title, set.reason);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{} {}", set.id, set.status.as_str());
    for operation in &set.operations {
        let change = change(&operation.action, currency);
        let error = operation.error.as_deref().unwrap_or_default();
        let _ = writeln!(
            out,
            "  {:3} {}: {change}  {error}",
            operation.no, operation.label
        );
    }
    if let Some(error) = &set.error {
        let _ = writeln!(out, "{error}");
    }
    let _ = writeln!(out, "digest {}", set.digest());
    out
}

fn change(action: &Action, currency: Currency) -> String {
    let money = |minor: i64| amount(minor, currency);
    let maybe = |minor: &Option<i64>| minor.map_or_else(|| "none".to_owned(), money);
    match action {
        Action::Price { before, after, .. } => {
            format!("price {} to {}", money(*before), money(*after))
        }
        Action::CompareAtPrice { before, after, .. } => {
            format!("compare-at price {} to {}", maybe(before), maybe(after))
        }
        Action::Inventory { before, after, .. } => format!("available {before} to {after}"),
        Action::AddTags { tags, .. } => format!("with tags {}", tags.join(", ")),
        Action::RemoveTags { tags, .. } => format!("without tags {}", tags.join(", ")),
        Action::HoldOrder { note, .. } => format!("held {note}"),
        Action::ReleaseOrder { .. } => "released".to_owned(),
        Action::CancelOrder(_) => format!("cancelled ({})", said(action, currency)),
        Action::RefundOrder(_) => format!("refunded ({})", said(action, currency)),
        Action::Discount(_) => format!("discount ({})", said(action, currency)),
        Action::EndDiscount(_) => format!("discount ended ({})", said(action, currency)),
        Action::ProductDraft(_) => format!("draft ({})", said(action, currency)),
        Action::DeleteDraft(_) => "draft removed".to_owned(),
        Action::SupplierOrder(_) => format!("ordered at a supplier ({})", said(action, currency)),
        Action::CallOffSupply(_) => format!("called off ({})", said(action, currency)),
        Action::Signal(_) => format!("signalled ({})", said(action, currency)),
        Action::Ship(_) => format!("shipped ({})", said(action, currency)),
        Action::PurchaseOrder(_) => format!("goods ordered ({})", said(action, currency)),
        Action::CancelPurchase(_) => {
            format!("order of goods cancelled ({})", said(action, currency))
        }
        Action::AdStatus(switch) => {
            let (before, after) = (switch.before.as_str(), switch.after.as_str());
            format!("{before} to {after} ({})", said(action, currency))
        }
        Action::NewCampaign(_) => format!("campaign made, paused ({})", said(action, currency)),
        Action::RetireCampaign(_) => format!("campaign removed ({})", said(action, currency)),
        Action::AdBudget(change) => {
            let own = change.thing.currency;
            let (before, after) = (amount(change.before.minor, own), amount(change.after, own));
            format!("budget {before} to {after} ({})", said(action, currency))
        }
    }
}

/// All that whoever approves has to have seen.
fn said(action: &Action, currency: Currency) -> String {
    let details = crate::http::changes::details::of(action, currency);
    let said: Vec<String> = details.iter().map(ToString::to_string).collect();
    said.join("; ")
}
