//! Webhooks: verified, stored, acknowledged; then read from the provider again and booked.

mod worker;

use crate::Ports;
use crate::connections::Connections;
use crate::ingest::Ingest;
use crate::privacy::Privacy;
use chrono::Duration;
use domain::ids::ConnectionId;
use ports::PortError;
use ports::inbox::{Accepted, Delivery};
use ports::source::NotificationRefusal;
use std::sync::Arc;
use tokio::sync::Notify;

/// Longer than reading a batch from a slow provider takes.
const DEFAULT_LEASE: Duration = Duration::seconds(60);

#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    #[error("there is no such connection")]
    UnknownConnection,
    #[error(transparent)]
    Refused(#[from] NotificationRefusal),
    /// The provider shall send it again.
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Webhooks {
    ports: Ports,
    connections: Connections,
    ingest: Ingest,
    privacy: Privacy,
    arrived: Arc<Notify>,
    lease: Duration,
}

impl Webhooks {
    #[must_use]
    pub fn new(ports: Ports, connections: Connections, privacy: Privacy) -> Self {
        Self {
            ingest: connections.ingest.clone(),
            privacy,
            ports,
            connections,
            arrived: Arc::default(),
            lease: DEFAULT_LEASE,
        }
    }

    /// How long deliveries whose worker died stay hidden from others.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// The webhook is on the disk when this returns.
    pub async fn accept(
        &self,
        id: ConnectionId,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Accepted, AcceptError> {
        let connection = self
            .ports
            .connections
            .find_anywhere(id)
            .await?
            .ok_or(AcceptError::UnknownConnection)?;
        let secrets = self.connections.pool.webhook_secrets(&connection).await?;
        let notification = self.ports.sources.reader().read(&secrets, headers, body)?;
        let delivery = Delivery {
            connection: id,
            // Only numbers are kept: nothing else of a webhook is ever used.
            body: self
                .ports
                .sources
                .reader()
                .reduce(&notification.topic, body),
            topic: notification.topic,
            dedupe_key: notification.dedupe_key,
            delivery_id: notification.delivery_id,
            triggered_at: notification.triggered_at,
            received_at: self.ports.clock.now(),
            trace: self.ports.tracer.current(),
        };
        let accepted = self.ports.inbox.accept(&delivery).await?;
        if accepted == Accepted::New {
            self.arrived.notify_one();
        }
        Ok(accepted)
    }
}
