//! The server as a whole: composed, listening, and stopped without losing anything.

use crate::answers::Answers;
use crate::auth::limits::LoginLimits;
use crate::compose::{ComposeError, Composed, compose};
use crate::config::{DatabasePlace, Role, Settings};
use crate::figures::Figures;
use crate::http::stream::Forms;
use crate::occupied::{Occupied, OccupyError, occupy};
use crate::readiness::Readiness;
use crate::setup_code::SetupCodeFile;
use crate::site;
use crate::state::{App, Hooks, PublicAddress, ShopifyDefaults};
use crate::streams::Streams;
use crate::throttle::Throttle;
use crate::worker::{Workers, check};
use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use application::replicas::Replicas;
use ports::clock::{Clock, SystemClock};
use ports::presence::Replica;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// From the last request taken to the end.
pub(crate) const DRAIN: Duration = Duration::from_secs(25);

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// Another server has the folder, or it cannot be written.
    #[error("{0}")]
    Occupied(String),
    #[error("{address} cannot be listened on ({source}): {remedy}")]
    Listen {
        address: String,
        source: std::io::Error,
        remedy: &'static str,
    },
    #[error("the server could not be started: {0}")]
    Io(#[from] std::io::Error),
}

/// A server that listens.
pub struct Running {
    url: String,
    setup_code: Option<String>,
    app: Data<App>,
    composed: Composed,
    grace: Duration,
    streams_end: CancellationToken,
    workers: Workers,
    server: ServerHandle,
    served: JoinHandle<std::io::Result<()>>,
    _occupied: Option<Occupied>,
}

/// Composes, listens, starts the workers. Ready when it returns.
pub async fn start(settings: Settings) -> Result<Running, StartError> {
    start_with(settings, Arc::new(SystemClock)).await
}

/// By another clock than this machine's.
pub async fn start_with(settings: Settings, clock: Arc<dyn Clock>) -> Result<Running, StartError> {
    roles_fit(&settings)?;
    let listener = listen(&settings)?;
    let address = listener.local_addr()?;
    let url = local_url(address);
    let public_url = settings
        .public_url
        .clone()
        .or_else(|| settings.is_loopback().then(|| url.clone()));
    let composed = compose(&settings, public_url.clone(), clock).await?;
    let occupied = take_folder(&settings).map_err(|e| StartError::Occupied(e.to_string()))?;
    if let Some(occupied) = &occupied {
        occupied.announce(&url)?;
    }
    let code_file = SetupCodeFile::in_folder(&settings.data_dir);
    let setup_code = setup_code(&composed, &code_file).await?;

    let owner_created = Arc::new(Notify::new());
    let hooks = OwnerHooks {
        code_file,
        owner_created: Arc::clone(&owner_created),
    };
    let streams_end = CancellationToken::new();
    let replicas = replicas(&settings, &composed, address);
    let app = Data::new(state(
        &settings,
        &composed,
        replicas,
        hooks,
        streams_end.clone(),
        public_url,
    ));
    app.replicas.beat().await;
    check(&app, Arc::clone(&composed.database)).await;
    let workers = Workers::start(&composed, &app, &settings);
    if settings.replicas.role.works() {
        workers.connect_environment(&composed, &settings, owner_created);
    }
    let server = site::listen_on(listener, app.clone(), settings.cors_origins.clone())?;
    let handle = server.handle();
    let served = tokio::spawn(server);
    Ok(Running {
        url,
        setup_code,
        app,
        composed,
        grace: settings.shutdown_grace,
        streams_end,
        workers,
        server: handle,
        served,
        _occupied: occupied,
    })
}

/// Processes that share the work share a database.
fn roles_fit(settings: &Settings) -> Result<(), ComposeError> {
    match (&settings.database, settings.replicas.role) {
        (DatabasePlace::Sqlite(_), Role::Web | Role::Worker) => Err(ComposeError::Configuration(
            "ROLE web and worker are for several processes over one PostgreSQL: set DATABASE_URL to one, or leave ROLE at all".to_owned(),
        )),
        _ => Ok(()),
    }
}

fn listen(settings: &Settings) -> Result<TcpListener, StartError> {
    let address = SocketAddr::new(settings.host, settings.port);
    let listener = TcpListener::bind(address).map_err(|source| StartError::Listen {
        address: address.to_string(),
        remedy: match source.kind() {
            std::io::ErrorKind::AddrInUse => "another program uses the port; stop it or set PORT",
            std::io::ErrorKind::PermissionDenied => "ports below 1024 are for the system; set PORT",
            _ => "check HOST and PORT",
        },
        source,
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// As a browser on this machine writes it. Loopback has the name that browsers give passkeys to; they give none to a bare address.
fn local_url(address: SocketAddr) -> String {
    let ip = address.ip();
    let host = if ip.is_unspecified() || ip == Ipv4Addr::LOCALHOST {
        "localhost".to_owned()
    } else if ip.is_ipv6() {
        format!("[{ip}]")
    } else {
        ip.to_string()
    };
    format!("http://{host}:{}", address.port())
}

/// An embedded database has one server; replicas on PostgreSQL may share whatever folder they like.
fn take_folder(settings: &Settings) -> Result<Option<Occupied>, OccupyError> {
    match (occupy(&settings.data_dir), &settings.database) {
        (Err(OccupyError::Taken { .. }), DatabasePlace::Postgres(_)) => Ok(None),
        (taken, _) => taken.map(Some),
    }
}

async fn setup_code(
    composed: &Composed,
    file: &SetupCodeFile,
) -> Result<Option<String>, StartError> {
    let code = composed
        .people
        .ensure_setup_code()
        .await
        .map_err(ComposeError::from)?;
    match &code {
        Some(code) => file.write(code)?,
        None => file.remove(),
    }
    Ok(code)
}

struct OwnerHooks {
    code_file: SetupCodeFile,
    /// Wakes who waits for a workspace.
    owner_created: Arc<Notify>,
}

impl Hooks for OwnerHooks {
    fn owner_created(&self) {
        self.code_file.remove();
        self.owner_created.notify_one();
    }
}

/// This process as the others know it.
fn replicas(settings: &Settings, composed: &Composed, address: SocketAddr) -> Replicas {
    let host = rustix::system::uname();
    let host = host.nodename().to_string_lossy().into_owned();
    let me = Replica {
        id: composed.meeting.id,
        name: format!("{host}:{}", address.port()),
        role: settings.replicas.role.as_str().to_owned(),
        version: crate::VERSION.to_owned(),
        started_at: composed.ports.clock.now(),
    };
    let meeting = composed.meeting.clone();
    let clock = Arc::clone(&composed.ports.clock);
    Replicas::new(me, meeting.place, meeting.own_limits, clock)
}

fn state(
    settings: &Settings,
    composed: &Composed,
    replicas: Replicas,
    hooks: OwnerHooks,
    streams_end: CancellationToken,
    public_url: Option<String>,
) -> App {
    App {
        people: composed.people.clone(),
        elsewhere: composed.elsewhere.clone(),
        passkeys: composed.passkeys.clone(),
        letters: composed.letters.clone(),
        notifications: composed.notifications.clone(),
        audit: composed.audit.clone(),
        backups: composed.backups.clone(),
        connections: composed.connections.clone(),
        stores: composed.stores.clone(),
        syncs: composed.syncs.clone(),
        webhooks: composed.webhooks.clone(),
        imports: composed.imports.clone(),
        costs: composed.costs.clone(),
        changes: composed.changes.clone(),
        circuits: composed.circuits.clone(),
        agents: composed.agents.clone(),
        jobs: composed.jobs.clone(),
        reconciliations: composed.reconciliations.clone(),
        forecasts: composed.forecasts.clone(),
        inventory: composed.inventory.clone(),
        purchases: composed.purchases.clone(),
        analysis: composed.analysis.clone(),
        support: composed.support.clone(),
        opportunities: composed.opportunities.clone(),
        pictures: composed.pictures.clone(),
        outreach: composed.outreach.clone(),
        tracking: composed.tracking.clone(),
        mirror: composed.mirror.clone(),
        assistant: composed.assistant.clone(),
        ads: composed.ads.clone(),
        suppliers: composed.suppliers.clone(),
        supply: composed.supply.clone(),
        reports: composed.reports.clone(),
        orders: composed.orders.clone(),
        products: composed.products.clone(),
        rates: composed.rates.clone(),
        secrets: composed.secrets.clone(),
        customers: composed.customers.clone(),
        privacy: composed.privacy.clone(),
        events: composed.events.clone(),
        clock: Arc::clone(&composed.ports.clock),
        hooks: Box::new(hooks),
        readiness: Arc::new(Readiness::default()),
        streams: Streams::new(streams_end),
        texts: Forms::new(),
        login_limits: LoginLimits::default(),
        throttle: Throttle::new(&settings.rate_limits, replicas.clone()),
        replicas,
        role: settings.replicas.role,
        idempotency: Arc::clone(&composed.ports.idempotency),
        figures: Figures::new(),
        answers: Answers::new(Arc::clone(&composed.ports.marks)),
        started_at: composed.ports.clock.now(),
        public: PublicAddress {
            is_tls: public_url
                .as_deref()
                .is_some_and(|u| u.starts_with("https://")),
            origin: public_url,
        },
        sandboxes: settings.sandbox_urls.clone(),
        shopify: ShopifyDefaults {
            base_url: settings.shopify_base_url.clone(),
            api_version: settings.shopify_api_version.clone(),
        },
        command_center_url: settings.command_center_url.clone(),
        trusted_proxies: settings.trusted_proxies.clone(),
        metrics_enabled: settings.metrics_enabled,
        streaming_enabled: settings.streaming_enabled,
        metrics_token: settings.metrics_token.clone(),
    }
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// For the first owner; `None` once there is one.
    #[must_use]
    pub fn setup_code(&self) -> Option<&str> {
        self.setup_code.as_deref()
    }

    /// The use cases behind it.
    #[must_use]
    pub fn composed(&self) -> &Composed {
        &self.composed
    }

    /// From now on `/readyz` says 503 while everything else is still served, so that balancers look elsewhere.
    pub fn turn_unready(&self) {
        self.app.readiness.stop();
    }

    /// Unready at once; streams ended; workers put down; requests in flight answered.
    pub async fn stop(self) {
        self.turn_unready();
        self.streams_end.cancel();
        let grace = tokio::time::sleep(self.grace);
        if tokio::time::timeout(DRAIN, futures::future::join(self.workers.stop(), grace))
            .await
            .is_err()
        {
            tracing::warn!("some work did not stop in time; it goes on at the next start");
        }
        self.server.stop(true).await;
        if let Ok(Err(error)) = self.served.await {
            tracing::warn!(%error, "the listener ended with an error");
        }
        self.composed.database.close().await;
    }
}
