//! Who is owed a message because of a notice, and when.

use super::Notifications;
use domain::ids::{StoreId, WorkspaceId};
use domain::notifications::{Delivery, Notice, Preferences, Recipient, Zone, plan};
use domain::people::UserKind;
use ports::{Kind, PortResult};

const AT_ONCE: u32 = 50;

impl Notifications {
    /// Plans what was not planned yet; answers how many notices.
    pub async fn plan(&self) -> PortResult<usize> {
        let mut planned = 0;
        for notice in self.ports.notices.unplanned(AT_ONCE).await? {
            let owed = self.owed(&notice).await?;
            match self.ports.notices.plan(&notice, &owed).await {
                Ok(()) => planned += 1,
                // A digest is on its way: the next time it is planned for the one after it.
                Err(error) if error.kind == Kind::Conflict => {}
                Err(error) => return Err(error),
            }
        }
        Ok(planned)
    }

    async fn owed(&self, notice: &Notice) -> PortResult<Vec<Delivery>> {
        let workspace = notice.workspace;
        let zone = self.zone_of(workspace, notice.store).await?;
        let mut owed = Vec::new();
        for channel in self.ports.notice_settings.channels(workspace).await? {
            if channel.enabled {
                let recipient = Recipient::Channel(channel.id);
                owed.extend(self.message(notice, recipient, &channel.preferences, zone));
            }
        }
        if !self.has_mail() {
            return Ok(owed);
        }
        for member in self.ports.members.members(workspace).await? {
            if member.kind == UserKind::Person && member.disabled_at.is_none() {
                let wanted = self.preferences(workspace, member.user.id).await?;
                let recipient = Recipient::Person(member.user.id);
                owed.extend(self.message(notice, recipient, &wanted, zone));
            }
        }
        Ok(owed)
    }

    fn message(
        &self,
        notice: &Notice,
        recipient: Recipient,
        wanted: &Preferences,
        zone: Zone,
    ) -> Option<Delivery> {
        let now = self.ports.clock.now();
        let planned = plan(notice.severity, wanted, zone, now)?;
        let id = if planned.digest {
            Delivery::id_of_digest(recipient, planned.due_at)
        } else {
            Delivery::id_of(notice.id, recipient)
        };
        let pending = Delivery::pending(id, notice.workspace, recipient, planned.due_at, now);
        Some(Delivery {
            digest: planned.digest,
            ..pending
        })
    }

    /// Of the store, else of the first one that there is, else UTC.
    pub(super) async fn zone_of(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> PortResult<Zone> {
        let stores = self.stores.list(workspace).await?;
        let named = stores.iter().find(|s| Some(s.scope.store) == store);
        let zone = named.or(stores.first()).map(|s| s.timezone.parse());
        Ok(zone.and_then(Result::ok).unwrap_or(Zone::UTC))
    }
}
