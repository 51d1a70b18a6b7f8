//! What goes on beside the requests: syncs, the inbox, the timer, the background check, housekeeping.

use crate::compose::Composed;
use crate::config::Settings;
use crate::gauges;
use crate::readiness::{Check, Probe};
use crate::state::App;
use actix_web::web::Data;
use application::connections::{ConnectError, EnvironmentConnection};
use chrono::Duration as Span;
use ports::PortResult;
use ports::secrets::SecretName;
use ports::source::SourceAuth;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Between two looks at database and providers' circuits.
const CHECK_EVERY: Duration = Duration::from_secs(1);
/// Between two looks at what is due.
const SCHEDULE_EVERY: Duration = Duration::from_secs(15);
/// Between two looks at whether exchange rates are due; when they were last read is stored.
const RATES_EVERY: Duration = Duration::from_secs(30);
/// Between two looks at whether a store's daily comparison is due.
const RECONCILE_LOOK_EVERY: Duration = Duration::from_secs(600);
/// Between two looks at whether a store's night of forecasts is due.
const ADS_LOOK_EVERY: Duration = Duration::from_secs(15);
const SUPPLIERS_LOOK_EVERY: Duration = Duration::from_secs(60);
/// A draft is mapped soon after it is in the catalogue.
const DRAFTS_LOOK_EVERY: Duration = Duration::from_secs(20);
const FORECAST_LOOK_EVERY: Duration = Duration::from_secs(60);
/// Between two looks at whether what changes brought can be measured.
const MEASURE_EVERY: Duration = Duration::from_secs(60);
/// Between two looks for letters that are due.
const SEND_EVERY: Duration = Duration::from_secs(1);
/// Between two looks at whether a backup is due.
const BACKUP_LOOK_EVERY: Duration = Duration::from_secs(60);
const PRUNE_EVERY: Duration = Duration::from_secs(3600);
const UPKEEP_EVERY: Duration = Duration::from_secs(5);
/// Live views that were away longer than this read everything again.
const KEEP_EVENTS: Span = Span::days(2);
/// Between two tries to reach a provider whose settings stand in the environment.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// Between two looks for a workspace to put it in, should another process have made one.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// The workers of one server.
pub(crate) struct Workers {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Workers {
    pub(crate) fn start(composed: &Composed, app: &Data<App>, settings: &Settings) -> Self {
        let workers = Self {
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        workers.watch(composed, app);
        if settings.replicas.role.works() {
            workers.work(composed, settings);
        }
        workers
    }

    /// What every process does for itself.
    fn watch(&self, composed: &Composed, app: &Data<App>) {
        let (replicas, hub) = (app.replicas.clone(), composed.events.clone());
        let token = self.stop.clone();
        self.tasks
            .spawn(async move { replicas.run(hub, token).await });
        let app_data = app.clone();
        let database = Arc::clone(&composed.database);
        self.every(CHECK_EVERY, move || {
            let (app, database) = (app_data.clone(), Arc::clone(&database));
            async move { check(&app, database).await }
        });
        let app_data = app.clone();
        self.every(UPKEEP_EVERY, move || {
            let app = app_data.clone();
            async move {
                app.answers.upkeep();
                app.throttle.upkeep().await;
                app.figures
                    .upkeep((app.now() - app.started_at).to_std().unwrap_or_default());
            }
        });
    }

    /// What one process of all does: each piece is claimed in the database.
    fn work(&self, composed: &Composed, settings: &Settings) {
        let workers = self;
        let stop = || workers.stop.clone();
        let syncs = composed.syncs.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { syncs.run_worker(token).await });
        let imports = composed.imports.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { imports.run_worker(token).await });
        workers.book_again(composed);
        workers.track(composed);
        workers.mirror(composed);
        let changes = composed.changes.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { changes.run_worker(token).await });
        let changes = composed.changes.clone();
        workers.every(MEASURE_EVERY, move || {
            let changes = changes.clone();
            async move {
                if let Err(error) = changes.measure_due().await {
                    tracing::warn!(%error, "what changes brought could not be measured");
                }
            }
        });
        // Also looks at schedules, and forgets what is old of runs.
        let agents = composed.agents.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { agents.run_worker(token).await });
        let webhooks = composed.webhooks.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { webhooks.run_worker(token).await });

        let notifications = composed.notifications.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { notifications.run_worker(token).await });
        let reconciliations = composed.reconciliations.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { reconciliations.run_worker(token).await });
        let reconciliations = composed.reconciliations.clone();
        workers.every(RECONCILE_LOOK_EVERY, move || {
            let reconciliations = reconciliations.clone();
            async move {
                if let Err(error) = reconciliations.start_due().await {
                    tracing::warn!(%error, "due reconciliations could not be queued");
                }
            }
        });
        let backups = composed.backups.clone();
        workers.every(BACKUP_LOOK_EVERY, move || {
            let backups = backups.clone();
            async move {
                match backups.make_due().await {
                    Ok(None) => {}
                    Ok(Some(made)) => {
                        tracing::info!(backup = made.name, bytes = made.bytes, "a backup is made");
                    }
                    Err(error) => tracing::error!(%error, "the backup could not be made"),
                }
            }
        });
        let forecasts = composed.forecasts.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { forecasts.run_worker(token).await });
        let forecasts = composed.forecasts.clone();
        workers.every(FORECAST_LOOK_EVERY, move || {
            let forecasts = forecasts.clone();
            async move {
                if let Err(error) = forecasts.start_due().await {
                    tracing::warn!(%error, "due forecasts could not be queued");
                }
            }
        });
        let assistant = composed.assistant.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { assistant.run_worker(token).await });
        let ads = composed.ads.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { ads.run_worker(token).await });
        let (ads, every) = (composed.ads.clone(), settings.ads.every);
        workers.every(ADS_LOOK_EVERY, move || {
            let ads = ads.clone();
            let every = Span::from_std(every).unwrap_or(Span::MAX);
            async move {
                if let Err(error) = ads.start_due(every).await {
                    tracing::warn!(%error, "due readings of ad accounts could not be queued");
                }
            }
        });
        workers.connect_ads(composed, settings);
        workers.connect_suppliers(composed, settings);
        let (suppliers, token) = (composed.suppliers.clone(), stop());
        workers
            .tasks
            .spawn(async move { suppliers.run_worker(token).await });
        let (suppliers, every) = (composed.suppliers.clone(), settings.suppliers.every);
        workers.every(SUPPLIERS_LOOK_EVERY, move || {
            let suppliers = suppliers.clone();
            let every = Span::from_std(every).unwrap_or(Span::MAX);
            async move {
                if let Err(error) = suppliers.start_due(every).await {
                    tracing::warn!(%error, "due readings of suppliers could not be queued");
                }
            }
        });
        let (supply, token) = (composed.supply.clone(), stop());
        workers
            .tasks
            .spawn(async move { supply.run_worker(token).await });
        let supply = composed.supply.clone();
        let opportunities = composed.opportunities.clone();
        workers.every(DRAFTS_LOOK_EVERY, move || {
            let (supply, opportunities) = (supply.clone(), opportunities.clone());
            async move {
                if let Err(error) = opportunities.settle_all().await {
                    tracing::warn!(%error, "what was decided about proposed drafts could not be taken over");
                }
                if let Err(error) = supply.map_all_drafts().await {
                    tracing::warn!(%error, "drafts of suppliers' offers could not be mapped");
                }
            }
        });
        let (pictures, token) = (composed.pictures.clone(), stop());
        workers
            .tasks
            .spawn(async move { pictures.run_worker(token).await });
        let (outreach, token) = (composed.outreach.clone(), stop());
        workers
            .tasks
            .spawn(async move { outreach.run_worker(token).await });
        let privacy = composed.privacy.clone();
        let token = stop();
        workers
            .tasks
            .spawn(async move { privacy.run_worker(token).await });

        let (syncs, every) = (composed.syncs.clone(), settings.sync_interval);
        // Nobody knows what was missed while this server did not run, so the first look is due at once.
        let first = AtomicBool::new(true);
        workers.every(SCHEDULE_EVERY.min(every), move || {
            let syncs = syncs.clone();
            let first = first.swap(false, Ordering::Relaxed);
            async move {
                let every = if first {
                    Span::zero()
                } else {
                    Span::from_std(every).unwrap_or(Span::MAX)
                };
                if let Err(error) = syncs.start_due(every).await {
                    tracing::warn!(%error, "due syncs could not be queued");
                }
            }
        });
        let (rates, every) = (composed.rates.clone(), settings.rates_interval);
        workers.every(RATES_EVERY, move || {
            let rates = rates.clone();
            let every = Span::from_std(every).unwrap_or(Span::MAX);
            async move {
                if let Err(error) = rates.refresh_due(every).await {
                    tracing::warn!(%error, "what is due of the exchange rates is not known");
                }
            }
        });
        let letters = composed.letters.clone();
        workers.every(SEND_EVERY, move || {
            let letters = letters.clone();
            async move {
                if let Err(error) = letters.send_due().await {
                    tracing::warn!(%error, "letters that are due could not be sent");
                }
            }
        });
        let composed_again = composed.clone();
        workers.every(PRUNE_EVERY, move || prune(composed_again.clone()));
        let audit = composed.audit.clone();
        workers.every(PRUNE_EVERY, move || {
            let audit = audit.clone();
            async move {
                if let Err(error) = audit.sign_due().await {
                    tracing::warn!(%error, "the audit could not be signed");
                }
            }
        });
    }

    pub(crate) fn stop_token(&self) -> CancellationToken {
        self.stop.clone()
    }

    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    /// Orders whose costs changed.
    fn book_again(&self, composed: &Composed) {
        let (costs, token) = (composed.costs.clone(), self.stop.clone());
        self.tasks
            .spawn(async move { costs.run_worker(token).await });
    }

    /// Does the work now and then every `period`, one at a time, until stopped.
    pub(crate) fn every<F, W>(&self, period: Duration, work: W)
    where
        W: Fn() -> F + Send + 'static,
        F: Future<Output = ()> + Send,
    {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            let mut timer = tokio::time::interval(period);
            timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    _ = timer.tick() => work().await,
                }
            }
        });
    }

    /// Tries until there is a workspace and the provider of the environment's connection answered. `owner_created` wakes it.
    pub(crate) fn connect_environment(
        &self,
        composed: &Composed,
        settings: &Settings,
        owner_created: Arc<Notify>,
    ) {
        if settings.shopify.is_none() {
            return;
        }
        let (composed, settings) = (composed.clone(), settings.clone());
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            while let Some(wait) = ensure(&composed, &settings).await {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = owner_created.notified() => {}
                    () = tokio::time::sleep(wait) => {}
                }
            }
        });
    }

    /// Syncs are put down at their last saved place; waits for all of it.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// The shop that the settings name, with credentials from wherever they are kept; `None` while there is nobody whose it could
/// be, or while they are nowhere.
pub(crate) async fn environment_connection(
    composed: &Composed,
    settings: &Settings,
) -> PortResult<Option<EnvironmentConnection>> {
    let Some(shopify) = &settings.shopify else {
        return Ok(None);
    };
    let workspaces = composed.ports.accounts.workspaces().await?;
    let Some(workspace) = workspaces.first().map(|w| w.id) else {
        return Ok(None);
    };
    let look_up = async |name: &str| {
        let resolver = &composed.ports.resolver;
        let name = SecretName {
            workspace,
            name: name.to_owned(),
        };
        let found = resolver.resolve(&name, composed.ports.clock.now()).await;
        found.found.map(|found| found.value)
    };
    let client_secret = look_up("SHOPIFY_CLIENT_SECRET").await;
    let client = shopify.client_id.clone().zip(client_secret.clone());
    let auth = match (look_up("SHOPIFY_ACCESS_TOKEN").await, client) {
        (Some(token), _) => SourceAuth::AccessToken(token),
        (None, Some((client_id, client_secret))) => SourceAuth::ClientCredentials {
            client_id,
            client_secret,
        },
        (None, None) => {
            tracing::warn!(shop = %shopify.shop, "SHOPIFY_SHOP is set, but no place of secrets has SHOPIFY_ACCESS_TOKEN, nor SHOPIFY_CLIENT_ID with SHOPIFY_CLIENT_SECRET");
            return Ok(None);
        }
    };
    let signing = [look_up("SHOPIFY_API_SECRET").await, client_secret];
    Ok(Some(EnvironmentConnection {
        shop: shopify.shop.clone(),
        base_url: settings.shopify_base_url.clone(),
        api_version: settings.shopify_api_version.clone(),
        auth,
        webhook_secrets: signing.into_iter().flatten().collect(),
    }))
}

/// How long to wait for the next try; `None` when it is there, or can never be with these settings.
async fn ensure(composed: &Composed, settings: &Settings) -> Option<Duration> {
    let wanted = match environment_connection(composed, settings).await {
        Ok(Some(wanted)) => wanted,
        Ok(None) => return Some(LOOK_AGAIN),
        Err(error) => {
            tracing::warn!(%error, "the environment's shop could not be looked up; it is tried again");
            return Some(TRY_AGAIN);
        }
    };
    match composed.connections.ensure_from_environment(&wanted).await {
        Ok(Some(connection)) => {
            tracing::info!(shop = %connection.domain, "the environment's shop is connected");
            first_sync(composed, &connection).await;
            None
        }
        Ok(None) => Some(LOOK_AGAIN),
        Err(ConnectError::Port(error)) => {
            tracing::warn!(%error, "the environment's shop does not answer; it is tried again");
            Some(TRY_AGAIN)
        }
        Err(error) => {
            tracing::error!(%error, "the environment's shop cannot be connected: check SHOPIFY_SHOP and its credentials");
            None
        }
    }
}

/// Whoever put a shop into the environment wants it read.
async fn first_sync(composed: &Composed, connection: &domain::connection::Connection) {
    let page = ports::PageRequest::first(1);
    let runs = composed
        .syncs
        .list(connection.workspace, Some(connection.id), &page)
        .await;
    if runs.is_ok_and(|runs| runs.items.is_empty())
        && let Err(error) = composed
            .syncs
            .start(connection.workspace, connection.id, None, None)
            .await
    {
        tracing::warn!(%error, "the first sync of the environment's shop could not be queued");
    }
}

/// One round of the background check; providers are looked at, never asked.
pub(crate) async fn check(app: &App, database: Arc<dyn crate::compose::Maintenance>) {
    let probe = Probe {
        name: "database",
        ask: Box::new(move || {
            let database = Arc::clone(&database);
            Box::pin(async move { database.health().await.map_err(|e| e.detail) })
        }),
    };
    if let Err(error) = app.circuits.follow().await {
        tracing::debug!(%error, "what was decided on circuits could not be read; it is tried again");
    }
    let links = app.links().into_iter().map(|link| {
        let healthy = link.breaker == "closed" || link.breaker == "disabled";
        let name = format!("{}/{}/{}", link.provider, link.account, link.effect);
        let by_hand = app.circuits.decision(&name);
        let message = match (&link.last_failure, by_hand) {
            (_, Some(decision)) if link.breaker == "forced_open" => decision.told(),
            (Some(failure), _) if !healthy => failure.clone(),
            _ => link.breaker.to_owned(),
        };
        Check {
            name,
            healthy,
            required: false,
            message,
            circuit_state: Some(link.breaker.to_owned()),
            last_success_at: link.last_success_at,
        }
    });
    let mut optional: Vec<Check> = links.collect();
    optional.extend(reconciliation(app).await);
    optional.extend(backups(app).await);
    optional.extend(replicas(app));
    app.readiness.look(&[probe], optional, app.now()).await;
}

/// Nothing where every process is by itself.
fn replicas(app: &App) -> Option<Check> {
    let standing = app.replicas.standing();
    gauges::replicas(&standing);
    if !standing.is_shared {
        return None;
    }
    let message = match (&standing.away, &standing.present) {
        (Some((since, why)), _) => format!(
            "away since {}: {why}; live views of other processes' events are up to 2 s late, and limits count for each process",
            since.format("%Y-%m-%d %H:%M:%S UTC")
        ),
        (None, Some(present)) => format!("{} processes are there", present.len()),
        (None, None) => "not looked at yet".to_owned(),
    };
    Some(Check {
        name: "redis".to_owned(),
        healthy: standing.away.is_none(),
        required: false,
        message,
        circuit_state: None,
        last_success_at: standing.last_answer,
    })
}

/// Nothing where none are made by themselves, or before the first.
async fn backups(app: &App) -> Option<Check> {
    let (healthy, message, last_success_at) = match app.backups.standing().await {
        Ok(None) => return None,
        // The log says where and why; this answer is for everybody.
        Err(_) => (false, "their folder cannot be read".to_owned(), None),
        Ok(Some(standing)) => {
            gauges::backups(&standing, app.now());
            let at = standing.newest.as_ref().map(|k| k.made_at);
            if standing.failure.is_none() && at.is_none() {
                return None;
            }
            let message = match (&standing.failure, standing.is_late) {
                (Some(_), _) => "the last one could not be made; the log says why".to_owned(),
                (None, true) => "the newest one is older than twice BACKUP_EVERY".to_owned(),
                (None, false) => format!("{} are kept", standing.kept),
            };
            (standing.failure.is_none() && !standing.is_late, message, at)
        }
    };
    Some(Check {
        name: "backups".to_owned(),
        healthy,
        required: false,
        message,
        circuit_state: None,
        last_success_at,
    })
}

/// How the stores' days stand against the providers' own totals; nothing before any was compared. It names no store: this answer is
/// for everybody.
async fn reconciliation(app: &App) -> Option<Check> {
    let standing = match app.reconciliations.standing().await {
        Ok(standing) => standing,
        // The database says so itself.
        Err(_) => return None,
    };
    let as_of = standing.iter().filter_map(|s| s.as_of).min()?;
    let days: u64 = standing.iter().map(|s| s.tally.days()).sum();
    let unexplained: u64 = standing.iter().map(|s| s.tally.unexplained).sum();
    let message = match unexplained {
        0 => format!("{days} days agree with the provider's totals or are explained"),
        n => format!(
            "{n} of {days} days differ from the provider's totals without an explanation: look at Reconciliation"
        ),
    };
    Some(Check {
        name: "reconciliation".to_owned(),
        healthy: unexplained == 0,
        required: false,
        message,
        circuit_state: None,
        last_success_at: Some(as_of),
    })
}

async fn prune(composed: Composed) {
    let now = composed.ports.clock.now();
    let outcomes = [
        composed.people.prune().await,
        composed.webhooks.prune().await,
        composed.notifications.prune().await,
        composed.ports.events.prune(now - KEEP_EVENTS).await,
        composed.imports.tidy().await.map(|()| 0),
    ];
    for error in outcomes.into_iter().filter_map(Result::err) {
        tracing::warn!(%error, "old records could not be pruned");
    }
}
