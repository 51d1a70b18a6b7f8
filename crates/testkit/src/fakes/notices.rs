//! Notices, who has read them, where they go, and the messages that are owed.

use super::database::{FakeDatabase, State, refuse};
use super::paging::page;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{ChannelId, DeliveryId, NoticeId, UserId, WorkspaceId};
use domain::notifications::{
    Channel, Delivery, DeliveryState, News, Notice, NoticeKind, Preferences, Severity,
};
use ports::events::{channels_changed, notices_changed};
use ports::notices::{
    ClaimedDelivery, DeliveryFilter, DeliveryStore, Fared, ListedNotice, NoticeFilter,
    NoticeSettings, NoticeStore, Seen, Tried, Unread,
};
use ports::{Kind, Page, PageRequest, PortResult};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct NoticesState {
    notices: BTreeMap<NoticeId, (Notice, bool)>,
    keys: BTreeMap<(WorkspaceId, String), DateTime<Utc>>,
    reads: BTreeSet<(UserId, NoticeId)>,
    seen: BTreeMap<WorkspaceId, i64>,
    preferences: BTreeMap<UserId, (WorkspaceId, Preferences)>,
    channels: BTreeMap<ChannelId, Channel>,
    deliveries: BTreeMap<DeliveryId, OwedRow>,
}

struct OwedRow {
    delivery: Delivery,
    fence: i64,
    leased_until: Option<DateTime<Utc>>,
    notices: BTreeSet<NoticeId>,
}

impl OwedRow {
    fn of(delivery: &Delivery) -> Self {
        Self {
            delivery: delivery.clone(),
            fence: 0,
            leased_until: None,
            notices: BTreeSet::new(),
        }
    }
}

impl NoticesState {
    fn of(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        filter: &NoticeFilter,
    ) -> impl Iterator<Item = ListedNotice> {
        let all = self.notices.values().map(|(notice, _)| notice);
        let here = all.filter(move |n| n.workspace == workspace);
        let fits = here.filter(|n| filter.severity.is_none_or(|s| s == n.severity));
        let listed = fits.map(move |n| ListedNotice {
            notice: n.clone(),
            read: self.reads.contains(&(user, n.id)),
        });
        listed.filter(|l| !(filter.unread && (l.read || l.notice.settled_at.is_some())))
    }

    fn tell(&mut self, workspace: WorkspaceId, news: &News) -> Option<Notice> {
        let of_cause = self.notices.values_mut().map(|(notice, _)| notice);
        let of_cause = of_cause.filter(|n| n.workspace == workspace && n.cause == news.cause);
        let newest = of_cause.max_by_key(|n| (n.first_at, Reverse(n.id)));
        if let Some(known) = newest.filter(|n| n.is_joined_by(news)) {
            known.join(news);
            return None;
        }
        let begun = Notice::first(workspace, news);
        self.notices.insert(begun.id, (begun.clone(), false));
        Some(begun)
    }
}

#[async_trait]
impl NoticeStore for FakeDatabase {
    async fn seen(&self, workspace: WorkspaceId) -> PortResult<Seen> {
        let state = self.lock();
        Ok(Seen {
            audit: state.notices.seen.get(&workspace).copied().unwrap_or(0),
            since: None,
        })
    }

    async fn record(
        &self,
        workspace: WorkspaceId,
        news: &[News],
        audit: Option<i64>,
        now: DateTime<Utc>,
    ) -> PortResult<Vec<Notice>> {
        let mut state = self.lock();
        let (mut begun, mut changed) = (Vec::new(), false);
        for news in news {
            let key = (workspace, news.key.clone());
            if state.notices.keys.contains_key(&key) {
                continue;
            }
            state.notices.keys.insert(key, news.at);
            changed = true;
            begun.extend(state.notices.tell(workspace, news));
        }
        if let Some(audit) = audit {
            let seen = state.notices.seen.entry(workspace).or_default();
            *seen = audit.max(*seen);
        }
        state.emit(changed.then(|| notices_changed(workspace, now)));
        Ok(begun)
    }

    async fn notices(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        filter: &NoticeFilter,
        request: &PageRequest,
    ) -> PortResult<Page<ListedNotice>> {
        let state = self.lock();
        let listed = state.notices.of(workspace, user, filter);
        let rows = listed.map(|l| ((Reverse(l.notice.first_at), l.notice.id), l));
        let list = format!("notices/{workspace}{user}{filter:?}");
        page(&list, "notices.list", rows.collect(), request)
    }

    async fn unread(&self, workspace: WorkspaceId, user: UserId) -> PortResult<Unread> {
        let filter = NoticeFilter {
            unread: true,
            severity: None,
        };
        let state = self.lock();
        let mut unread = Unread::default();
        for listed in state.notices.of(workspace, user, &filter) {
            match listed.notice.severity {
                Severity::Info => unread.info += 1,
                Severity::Warning => unread.warning += 1,
                Severity::Critical => unread.critical += 1,
            }
        }
        Ok(unread)
    }

    async fn mark_read(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        which: Option<NoticeId>,
        now: DateTime<Utc>,
    ) -> PortResult<u64> {
        let mut state = self.lock();
        let all = state.notices.notices.values().map(|(notice, _)| notice);
        let here = all.filter(|n| n.workspace == workspace);
        let ids: Vec<NoticeId> = here
            .map(|n| n.id)
            .filter(|id| which.is_none_or(|which| which == *id))
            .collect();
        if which.is_some() && ids.is_empty() {
            let detail = "there is no such notice";
            return Err(refuse(Kind::NotFound, "notices.mark_read", detail));
        }
        let reads = &mut state.notices.reads;
        let read = ids.into_iter().filter(|id| reads.insert((user, *id)));
        let read = read.count() as u64;
        state.emit((read > 0).then(|| notices_changed(workspace, now)));
        Ok(read)
    }

    async fn unsettled(&self, workspace: WorkspaceId, kind: NoticeKind) -> PortResult<Vec<Notice>> {
        let state = self.lock();
        let all = state.notices.notices.values().map(|(notice, _)| notice);
        let here = all.filter(|n| n.workspace == workspace && n.kind == kind);
        let mut open: Vec<_> = here.filter(|n| n.settled_at.is_none()).cloned().collect();
        open.sort_by_key(|n| (n.first_at, n.id));
        Ok(open)
    }

    async fn settle(
        &self,
        workspace: WorkspaceId,
        looked_at: &[Notice],
        now: DateTime<Utc>,
    ) -> PortResult<u64> {
        let mut state = self.lock();
        let mut count = 0;
        for looked in looked_at.iter().filter(|n| n.workspace == workspace) {
            let notices = &mut state.notices;
            let Some((known, planned)) = notices.notices.get_mut(&looked.id) else {
                continue;
            };
            if known.settled_at.is_some() || known.count != looked.count {
                continue;
            }
            (known.settled_at, *planned) = (Some(now), true);
            count += 1;
            notices.deliveries.retain(|_, row| {
                let is_sent = row.leased_until.is_some_and(|until| until > now);
                let is_pending = row.delivery.state == DeliveryState::Pending;
                let was_told = is_pending && !is_sent && row.notices.remove(&looked.id);
                !(was_told && row.notices.is_empty())
            });
        }
        state.emit((count > 0).then(|| notices_changed(workspace, now)));
        Ok(count)
    }

    async fn unplanned(&self, limit: u32) -> PortResult<Vec<Notice>> {
        let state = self.lock();
        let all = state.notices.notices.values();
        let mut found: Vec<Notice> = all
            .filter(|(_, planned)| !planned)
            .map(|(notice, _)| notice.clone())
            .collect();
        found.sort_by_key(|n| (n.first_at, n.id));
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn plan(&self, notice: &Notice, owed: &[Delivery]) -> PortResult<()> {
        let mut state = self.lock();
        let State { notices, .. } = &mut *state;
        let Some((_, planned)) = notices.notices.get_mut(&notice.id) else {
            return Ok(());
        };
        if *planned {
            return Ok(());
        }
        let is_taken = |d: &Delivery| {
            let row = notices.deliveries.get(&d.id);
            row.is_some_and(|row| row.delivery.tries > 0)
        };
        if owed.iter().any(is_taken) {
            let detail = "the digest is being sent";
            return Err(refuse(Kind::Conflict, "notices.plan", detail));
        }
        *planned = true;
        for delivery in owed {
            let row = notices.deliveries.entry(delivery.id);
            let row = row.or_insert_with(|| OwedRow::of(delivery));
            row.notices.insert(notice.id);
        }
        Ok(())
    }

    async fn prune_notices(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let mut state = self.lock();
        let notices = &mut state.notices;
        notices.keys.retain(|_, at| *at >= before);
        notices
            .deliveries
            .retain(|_, row| row.delivery.finished_at.is_none_or(|at| at >= before));
        let all = notices.notices.len();
        notices
            .notices
            .retain(|_, (notice, planned)| notice.last_at >= before || !*planned);
        let kept: BTreeSet<NoticeId> = notices.notices.keys().copied().collect();
        notices.reads.retain(|(_, id)| kept.contains(id));
        Ok((all - kept.len()) as u64)
    }
}

#[async_trait]
impl NoticeSettings for FakeDatabase {
    async fn preferences(
        &self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> PortResult<Option<Preferences>> {
        let state = self.lock();
        let found = state.notices.preferences.get(&user);
        let here = found.filter(|(of, _)| *of == workspace);
        Ok(here.map(|(_, preferences)| preferences.clone()))
    }

    async fn set_preferences(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        preferences: &Preferences,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let row = (workspace, preferences.clone());
        state.notices.preferences.insert(user, row);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn channels(&self, workspace: WorkspaceId) -> PortResult<Vec<Channel>> {
        let state = self.lock();
        let all = state.notices.channels.values();
        let mut here: Vec<Channel> = all.filter(|c| c.workspace == workspace).cloned().collect();
        here.sort_by_key(|c| (c.created_at, c.id));
        Ok(here)
    }

    async fn channel(&self, workspace: WorkspaceId, id: ChannelId) -> PortResult<Option<Channel>> {
        let state = self.lock();
        let found = state.notices.channels.get(&id);
        Ok(found.filter(|c| c.workspace == workspace).cloned())
    }

    async fn save_channel(&self, channel: &Channel, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        let known = state.notices.channels.get(&channel.id);
        if known.is_some_and(|known| known.workspace != channel.workspace) {
            let detail = "the id of the channel is taken";
            return Err(refuse(Kind::Conflict, "notify.save_channel", detail));
        }
        state.notices.channels.insert(channel.id, channel.clone());
        state.record(std::slice::from_ref(entry));
        state.emit([channels_changed(channel.workspace, entry.at)]);
        Ok(())
    }

    async fn remove_channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let known = state.notices.channels.get(&id);
        if known.is_none_or(|known| known.workspace != workspace) {
            let detail = "there is no such channel";
            return Err(refuse(Kind::NotFound, "notify.remove_channel", detail));
        }
        state.notices.channels.remove(&id);
        state.record(std::slice::from_ref(entry));
        state.emit([channels_changed(workspace, entry.at)]);
        Ok(())
    }

    async fn fared(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        how: Fared<'_>,
        now: DateTime<Utc>,
    ) -> PortResult<bool> {
        let mut state = self.lock();
        let found = state.notices.channels.get_mut(&id);
        let Some(channel) = found.filter(|c| c.workspace == workspace) else {
            return Ok(false);
        };
        let off = match how {
            Fared::Took => {
                channel.took(now);
                false
            }
            Fared::Failed { error, gone } => channel.failed(now, error, gone),
        };
        state.emit([channels_changed(workspace, now)]);
        Ok(off)
    }
}

#[async_trait]
impl DeliveryStore for FakeDatabase {
    async fn claim_delivery(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ClaimedDelivery>> {
        let mut state = self.lock();
        let NoticesState {
            deliveries,
            notices,
            ..
        } = &mut state.notices;
        let due = deliveries.values_mut().filter(|row| {
            row.delivery.state == DeliveryState::Pending
                && row.delivery.due_at <= now
                && row.leased_until.is_none_or(|until| until <= now)
        });
        let Some(row) = due.min_by_key(|row| (row.delivery.due_at, row.delivery.id)) else {
            return Ok(None);
        };
        row.delivery.tries += 1;
        row.fence += 1;
        row.leased_until = Some(now + lease);
        let told = row.notices.iter().filter_map(|id| notices.get(id));
        let mut told: Vec<Notice> = told.map(|(notice, _)| notice.clone()).collect();
        told.sort_by_key(|n| (n.first_at, n.id));
        Ok(Some(ClaimedDelivery {
            delivery: row.delivery.clone(),
            fence: row.fence,
            notices: told,
        }))
    }

    async fn tried(
        &self,
        claimed: &ClaimedDelivery,
        how: Tried<'_>,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let row = state.notices.deliveries.get_mut(&claimed.delivery.id);
        let held = row.filter(|row| row.fence == claimed.fence && row.leased_until.is_some());
        let Some(row) = held else {
            let detail = "somebody else sends it";
            return Err(refuse(Kind::Conflict, "deliveries.tried", detail));
        };
        row.leased_until = None;
        let delivery = &mut row.delivery;
        (delivery.state, delivery.last_error, delivery.finished_at) = match how {
            Tried::Taken => (DeliveryState::Sent, None, Some(now)),
            Tried::Again { error, at } => {
                delivery.due_at = at;
                (DeliveryState::Pending, Some(error.to_owned()), None)
            }
            Tried::GivenUp { error } => (DeliveryState::Dead, Some(error.to_owned()), Some(now)),
        };
        state.emit([channels_changed(claimed.delivery.workspace, now)]);
        Ok(())
    }

    async fn note_delivery(&self, delivery: &Delivery) -> PortResult<()> {
        let mut state = self.lock();
        let rows = &mut state.notices.deliveries;
        rows.entry(delivery.id)
            .or_insert_with(|| OwedRow::of(delivery));
        state.emit([channels_changed(delivery.workspace, delivery.created_at)]);
        Ok(())
    }

    async fn deliveries(
        &self,
        workspace: WorkspaceId,
        filter: &DeliveryFilter,
        request: &PageRequest,
    ) -> PortResult<Page<Delivery>> {
        let state = self.lock();
        let all = state.notices.deliveries.values().map(|row| &row.delivery);
        let here = all.filter(|d| d.workspace == workspace);
        let fits = here
            .filter(|d| filter.state.is_none_or(|state| state == d.state))
            .filter(|d| filter.recipient.is_none_or(|r| r == d.recipient));
        let rows = fits.map(|d| ((Reverse(d.created_at), d.id), d.clone()));
        let list = format!("deliveries/{workspace}{filter:?}");
        page(&list, "deliveries.list", rows.collect(), request)
    }
}
