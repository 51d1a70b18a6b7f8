//! Notices that are told twice, readers who read for others, messages that are sent by two.

use super::{caught, saboteur, sound};
use chrono::{DateTime, Duration, Utc};
use domain::ids::{NoticeId, UserId, WorkspaceId};
use domain::notifications::{Delivery, News, Notice, NoticeKind};
use ports::notices::{
    ClaimedDelivery, DeliveryFilter, DeliveryStore, ListedNotice, NoticeFilter, NoticeStore, Seen,
    Tried, Unread,
};
use ports::{Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{deliveries, notices};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// What was found before is counted again.
    CountsAgain,
    /// The place in the audit is where somebody last said, also before.
    GoesBack,
    /// Whoever reads, reads for user 6.
    ReadsForAll,
    /// What is owed is stored as often as it is planned.
    ForgetsPlan,
}

struct Notices {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        notices: Arc::new(Notices { db, flaw }),
        ..stores
    }
}

saboteur! {
    NoticeStore for Notices {
        async fn record(
            &self,
            workspace: WorkspaceId,
            news: &[News],
            audit: Option<i64>,
            now: DateTime<Utc>,
        ) -> PortResult<Vec<Notice>> {
            let mut news = news.to_vec();
            if self.flaw == Flaw::CountsAgain {
                for news in &mut news {
                    news.key = uuid::Uuid::new_v4().to_string();
                }
            }
            self.db.record(workspace, &news, audit, now).await
        }
        async fn seen(&self, workspace: WorkspaceId) -> PortResult<Seen> {
            let seen = self.db.seen(workspace).await?;
            if self.flaw == Flaw::GoesBack {
                return Ok(Seen { audit: seen.audit.min(3), ..seen });
            }
            Ok(seen)
        }
        async fn mark_read(
            &self,
            workspace: WorkspaceId,
            user: UserId,
            which: Option<NoticeId>,
            now: DateTime<Utc>,
        ) -> PortResult<u64> {
            if self.flaw == Flaw::ReadsForAll {
                let other = testkit::builders::user(1, 6).id;
                self.db.mark_read(workspace, other, which, now).await?;
            }
            self.db.mark_read(workspace, user, which, now).await
        }
        async fn plan(&self, notice: &Notice, owed: &[Delivery]) -> PortResult<()> {
            if self.flaw == Flaw::ForgetsPlan {
                for delivery in owed {
                    self.db.note_delivery(delivery).await?;
                }
            }
            self.db.plan(notice, owed).await
        }
    } else self {
        fn notices(workspace: WorkspaceId, user: UserId, filter: &NoticeFilter, page: &PageRequest) -> Page<ListedNotice>;
        fn unread(workspace: WorkspaceId, user: UserId) -> Unread;
        fn unsettled(workspace: WorkspaceId, kind: NoticeKind) -> Vec<Notice>;
        fn settle(workspace: WorkspaceId, looked_at: &[Notice], now: DateTime<Utc>) -> u64;
        fn unplanned(limit: u32) -> Vec<Notice>;
        fn prune_notices(before: DateTime<Utc>) -> u64;
    }
}

#[tokio::test]
async fn notices_that_are_told_twice_are_caught() {
    let again = || with(Flaw::CountsAgain);
    caught(notices::the_same_cause_is_told_once_and_counted(again())).await;
    caught(notices::of_many_at_once_each_key_counts_once(again())).await;
    let back = with(Flaw::GoesBack);
    caught(notices::the_audit_is_looked_through_forwards(back)).await;
}

#[tokio::test]
async fn reading_for_others_and_planning_twice_are_caught() {
    let for_all = with(Flaw::ReadsForAll);
    caught(notices::each_person_reads_for_themselves(for_all)).await;
    let twice = with(Flaw::ForgetsPlan);
    caught(notices::what_is_planned_is_planned_once(twice)).await;
}

#[derive(Clone, Copy, PartialEq)]
enum Sender {
    /// What is held is given out.
    Unleased,
    /// Whoever lost the lease ends it all the same.
    Unfenced,
    /// States are not looked at.
    AllStates,
}

struct Deliveries {
    db: Arc<FakeDatabase>,
    flaw: Sender,
}

fn sent_by(flaw: Sender) -> Stores {
    let (db, stores) = sound();
    Stores {
        deliveries: Arc::new(Deliveries { db, flaw }),
        ..stores
    }
}

saboteur! {
    DeliveryStore for Deliveries {
        async fn claim_delivery(
            &self,
            now: DateTime<Utc>,
            lease: Duration,
        ) -> PortResult<Option<ClaimedDelivery>> {
            let lease = if self.flaw == Sender::Unleased { Duration::zero() } else { lease };
            self.db.claim_delivery(now, lease).await
        }
        async fn tried(
            &self,
            claimed: &ClaimedDelivery,
            how: Tried<'_>,
            now: DateTime<Utc>,
        ) -> PortResult<()> {
            let mut claimed = claimed.clone();
            if self.flaw == Sender::Unfenced {
                claimed.fence = 2;
            }
            self.db.tried(&claimed, how, now).await
        }
        async fn deliveries(
            &self,
            workspace: WorkspaceId,
            filter: &DeliveryFilter,
            page: &PageRequest,
        ) -> PortResult<Page<Delivery>> {
            let mut filter = filter.clone();
            if self.flaw == Sender::AllStates {
                filter.recipient = None;
            }
            self.db.deliveries(workspace, &filter, page).await
        }
    } else self {
        fn note_delivery(delivery: &Delivery) -> ();
    }
}

#[tokio::test]
async fn messages_that_are_sent_by_two_are_caught() {
    let unleased = sent_by(Sender::Unleased);
    caught(deliveries::a_message_is_claimed_by_one_when_it_is_due(
        unleased,
    ))
    .await;
    let unfenced = sent_by(Sender::Unfenced);
    caught(deliveries::who_lost_the_lease_stores_nothing(unfenced)).await;
    let all = sent_by(Sender::AllStates);
    caught(deliveries::messages_are_listed_by_state_and_recipient(all)).await;
}
