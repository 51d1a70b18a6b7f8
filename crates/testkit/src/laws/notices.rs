//! Laws of [`ports::notices::NoticeStore`] and [`ports::notices::NoticeSettings`].

use super::members::actions;
use super::tools::{race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, channel, delivery, news, scope, user};
use chrono::{DateTime, Duration, Utc};
use domain::ids::{NoticeId, WorkspaceId};
use domain::notifications::{How, News, Notice, Preferences, Severity};
use ports::events::{CHANNELS_CHANGED, NOTICES_CHANGED};
use ports::notices::{Fared, NoticeFilter, Seen, Unread};
use ports::{Kind, PageRequest};

pub(super) fn here() -> WorkspaceId {
    scope(1, 1).workspace
}

fn there() -> WorkspaceId {
    scope(2, 1).workspace
}

pub(super) fn noon() -> DateTime<Utc> {
    at("2026-02-01T12:00:00Z")
}

pub(super) async fn record(stores: &Stores, news: &[News]) -> Vec<Notice> {
    let told = stores.notices.record(here(), news, None, noon()).await;
    told.expect("recorded")
}

async fn all(stores: &Stores, person: u32, filter: NoticeFilter) -> Vec<(Notice, bool)> {
    let page = PageRequest::first(100);
    let user = user(1, person).id;
    let found = stores.notices.notices(here(), user, &filter, &page).await;
    let items = found.expect("listed").items.into_iter();
    items.map(|l| (l.notice, l.read)).collect()
}

async fn told(stores: &Stores, kind: &str) -> usize {
    let events = stores.events.since(here(), 0, 1000).await.expect("read");
    events.iter().filter(|e| e.event.kind == kind).count()
}

pub async fn the_same_cause_is_told_once_and_counted(stores: Stores) {
    let mut second = news(1, 2);
    second.at += Duration::hours(2);
    let begun = record(&stores, &[news(1, 1), second.clone(), news(2, 1)]).await;
    assert_eq!(begun.len(), 2, "one for each cause");
    assert_eq!(record(&stores, &[second.clone(), news(1, 1)]).await, []);
    let mut anew = news(1, 3);
    anew.at += Duration::hours(24);
    assert_eq!(record(&stores, std::slice::from_ref(&anew)).await.len(), 1);
    let found = all(&stores, 5, NoticeFilter::default()).await;
    let seen: Vec<_> = found
        .iter()
        .map(|(n, _)| (n.title.as_str(), n.count))
        .collect();
    assert_eq!(seen[0], (anew.title.as_str(), 1), "the newest first");
    assert_eq!(seen.len(), 3);
    assert!(seen.contains(&(second.title.as_str(), 2)), "{seen:?}");
    assert_eq!(
        told(&stores, NOTICES_CHANGED).await,
        2,
        "nothing new is no event"
    );
}

pub async fn of_many_at_once_each_key_counts_once(stores: Stores) {
    let begun = race(|n| {
        let notices = stores.notices.clone();
        async move {
            let both = [news(1, n), news(1, 1)];
            notices.record(here(), &both, None, noon()).await
        }
    })
    .await;
    let begun: usize = begun.into_iter().map(|b| b.expect("recorded").len()).sum();
    assert_eq!(begun, 1, "one begins, the others join");
    let found = all(&stores, 5, NoticeFilter::default()).await;
    assert_eq!(found[0].0.count, u64::from(super::tools::RACERS));
}

pub async fn the_audit_is_looked_through_forwards(stores: Stores) {
    let seen = async |workspace| stores.notices.seen(workspace).await.expect("read");
    assert_eq!(seen(here()).await, Seen::default());
    for audit in [Some(7), Some(3), None] {
        let kept = stores.notices.record(here(), &[], audit, noon()).await;
        kept.expect("recorded");
    }
    assert_eq!(seen(here()).await.audit, 7);
    assert_eq!(seen(there()).await.audit, 0, "each workspace has its own");
}

pub async fn each_person_reads_for_themselves(stores: Stores) {
    let begun = record(&stores, &[news(1, 1), news(2, 1), news(3, 1)]).await;
    let (notices, first) = (&stores.notices, begun[0].id);
    let me = user(1, 5).id;
    let unread = async |person| {
        let counted = notices.unread(here(), user(1, person).id).await;
        counted.expect("counted")
    };
    let three = Unread {
        warning: 3,
        ..Unread::default()
    };
    assert_eq!(unread(5).await, three);
    for read in [1, 0] {
        let marked = notices.mark_read(here(), me, Some(first), noon()).await;
        assert_eq!(marked.expect("marked"), read);
    }
    let only = NoticeFilter {
        unread: true,
        severity: None,
    };
    let left = all(&stores, 5, only.clone()).await;
    assert!(left.len() == 2 && left.iter().all(|(n, read)| n.id != first && !read));
    assert_eq!(unread(6).await, three, "others have not read it");
    // What goes on has been read.
    record(&stores, &[news(1, 2)]).await;
    assert_eq!(unread(5).await.warning, 2);
    let marked = notices.mark_read(here(), me, None, noon()).await;
    assert_eq!(marked.expect("marked"), 2);
    assert_eq!(
        (unread(5).await, unread(6).await),
        (Unread::default(), three)
    );
    assert!(
        all(&stores, 5, NoticeFilter::default())
            .await
            .iter()
            .all(|(_, read)| *read)
    );
    let unknown = NoticeId(uuid::Uuid::from_u128(9));
    refused(
        notices.mark_read(here(), me, Some(unknown), noon()).await,
        Kind::NotFound,
    );
    refused(
        notices.mark_read(there(), me, Some(first), noon()).await,
        Kind::NotFound,
    );
}

pub async fn notices_are_paged_by_when_they_began(stores: Stores) {
    let mut critical = news(9, 1);
    critical.kind = domain::notifications::NoticeKind::StopSet;
    let mut many: Vec<News> = (1..=7).map(|n| news(n, 1)).collect();
    for (hours, news) in (0..).zip(&mut many) {
        // Two at each time.
        news.at += Duration::hours(hours / 2);
    }
    many.push(critical);
    record(&stores, &many).await;
    let me = user(1, 5).id;
    let (mut seen, mut page) = (Vec::new(), PageRequest::first(3));
    loop {
        let filter = NoticeFilter::default();
        let found = stores.notices.notices(here(), me, &filter, &page).await;
        let found = found.expect("listed");
        if page.cursor.is_none() {
            assert_eq!(found.total, Some(8));
        }
        seen.extend(found.items.into_iter().map(|l| l.notice));
        // What comes meanwhile is newer.
        let mut late = news(50 + u32::try_from(seen.len()).expect("few"), 1);
        late.at += Duration::days(2);
        record(&stores, &[late]).await;
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            break;
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_by_key(|n| (std::cmp::Reverse(n.first_at), n.id));
    assert!(seen.len() == 8 && seen == sorted, "each once, newest first");
    let only = NoticeFilter {
        unread: false,
        severity: Some(Severity::Critical),
    };
    assert_eq!(all(&stores, 5, only).await.len(), 1);
    let elsewhere = NoticeFilter {
        unread: true,
        severity: None,
    };
    page.cursor = Some("nonsense".to_owned());
    let refusal = stores.notices.notices(here(), me, &elsewhere, &page).await;
    refused(refusal, Kind::Rejected);
}

pub async fn notices_stay_in_their_workspace(stores: Stores) {
    record(&stores, &[news(1, 1)]).await;
    let (page, filter) = (PageRequest::first(10), NoticeFilter::default());
    let stranger = user(2, 5).id;
    let found = stores
        .notices
        .notices(there(), stranger, &filter, &page)
        .await;
    assert_eq!(found.expect("listed").items, []);
    let unread = stores.notices.unread(there(), stranger).await;
    assert_eq!(unread.expect("counted"), Unread::default());
    let theirs = stores
        .notices
        .record(there(), &[news(1, 1)], None, noon())
        .await;
    assert_eq!(theirs.expect("recorded").len(), 1, "their keys are theirs");
    let marked = stores
        .notices
        .mark_read(there(), stranger, None, noon())
        .await;
    assert_eq!(marked.expect("marked"), 1);
}

pub async fn old_notices_are_forgotten_once_they_are_planned(stores: Stores) {
    let mut late = news(1, 2);
    late.at += Duration::hours(20);
    let begun = record(&stores, &[news(1, 1), late, news(2, 1), news(3, 1)]).await;
    for notice in &begun[..2] {
        let planned = stores.notices.plan(notice, &[]).await;
        planned.expect("planned");
    }
    let before = noon() + Duration::hours(1);
    let pruned = stores.notices.prune_notices(before).await;
    assert_eq!(
        pruned.expect("pruned"),
        1,
        "one went on, one is not planned yet"
    );
    let left = all(&stores, 5, NoticeFilter::default()).await;
    assert_eq!(left.len(), 2);
    assert!(left.iter().all(|(n, _)| n.cause != begun[1].cause));
}

pub async fn preferences_are_a_persons_own(stores: Stores) {
    let (settings, me) = (&stores.notice_settings, user(1, 5));
    let find = async |workspace, person| {
        let found = settings.preferences(workspace, person).await;
        found.expect("read")
    };
    assert_eq!(find(here(), me.id).await, None);
    let mut wanted = Preferences::OF_PERSON;
    wanted.zone = "Europe/Berlin".parse().ok();
    assert!(wanted.zone.is_some());
    for how in [How::Digest, How::Now] {
        wanted.info = how;
        let entry = audit_entry(here(), "notifications.set");
        let set = settings
            .set_preferences(here(), me.id, &wanted, &entry)
            .await;
        set.expect("set");
    }
    assert_eq!(find(here(), me.id).await, Some(wanted));
    assert_eq!(find(there(), me.id).await, None);
    assert_eq!(find(here(), user(1, 6).id).await, None);
    assert_eq!(actions(&stores, here()).await.len(), 2);
}

pub async fn channels_are_kept_in_their_workspace(stores: Stores) {
    let settings = &stores.notice_settings;
    let entry = audit_entry(here(), "channel.create");
    let mut first = channel(1, 1);
    for made in [&channel(1, 2), &first] {
        settings.save_channel(made, &entry).await.expect("saved");
    }
    first.name = "Ops".to_owned();
    settings.save_channel(&first, &entry).await.expect("set");
    let found = settings.channels(here()).await.expect("listed");
    assert_eq!(found, [first.clone(), channel(1, 2)]);
    assert_eq!(settings.channels(there()).await.expect("listed"), []);
    assert_eq!(
        settings.channel(there(), first.id).await.expect("read"),
        None
    );
    let mut stolen = first.clone();
    stolen.workspace = there();
    let theirs = audit_entry(there(), "channel.set");
    refused(
        settings.save_channel(&stolen, &theirs).await,
        Kind::Conflict,
    );
    refused(
        settings.remove_channel(there(), first.id, &theirs).await,
        Kind::NotFound,
    );
    settings
        .remove_channel(here(), first.id, &entry)
        .await
        .expect("removed");
    refused(
        settings.remove_channel(here(), first.id, &entry).await,
        Kind::NotFound,
    );
    assert_eq!(
        settings.channel(here(), first.id).await.expect("read"),
        None
    );
    assert_eq!(
        actions(&stores, here()).await.len(),
        4,
        "refusals leave nothing"
    );
    assert_eq!(actions(&stores, there()).await, [""; 0]);
    assert_eq!(told(&stores, CHANNELS_CHANGED).await, 4);
}

pub async fn how_a_channel_fares_is_noted_on_what_is_stored(stores: Stores) {
    let settings = &stores.notice_settings;
    let made = channel(1, 1);
    let entry = audit_entry(here(), "channel.create");
    settings.save_channel(&made, &entry).await.expect("saved");
    let fared = async |workspace, how, hours| {
        let at = noon() + Duration::hours(hours);
        let fared = settings.fared(workspace, made.id, how, at).await;
        fared.expect("noted")
    };
    let failed = Fared::Failed {
        error: "500",
        gone: false,
    };
    assert!(!fared(here(), failed, 0).await);
    assert!(!fared(there(), failed, 30).await, "it is not theirs");
    let stored = settings.channel(here(), made.id).await.expect("read");
    let stored = stored.expect("there");
    assert_eq!(stored.failing_since, Some(noon()));
    assert_eq!(
        (stored.last_error.as_deref(), stored.enabled),
        (Some("500"), true)
    );
    assert!(!fared(here(), Fared::Took, 1).await);
    assert!(!fared(here(), failed, 2).await);
    assert!(
        fared(here(), failed, 26).await,
        "a day without one that went out"
    );
    let stored = settings.channel(here(), made.id).await.expect("read");
    assert!(stored.is_some_and(|c| !c.enabled && c.off_reason.is_some()));
}

pub async fn what_is_planned_is_planned_once(stores: Stores) {
    let begun = record(&stores, &[news(1, 1), news(2, 1)]).await;
    let owed = delivery(1, 5, begun[0].id);
    let all = stores.notices.unplanned(10).await.expect("read");
    assert_eq!(all.len(), 2);
    assert_eq!(stores.notices.unplanned(1).await.expect("read").len(), 1);
    for _ in 0..2 {
        let planned = stores
            .notices
            .plan(&begun[0], std::slice::from_ref(&owed))
            .await;
        planned.expect("planned");
    }
    let other = delivery(1, 6, begun[0].id);
    let late = stores.notices.plan(&begun[0], &[other]).await;
    late.expect("nothing more is owed");
    let left = stores.notices.unplanned(10).await.expect("read");
    assert_eq!(left, [begun[1].clone()]);
    let page = PageRequest::first(10);
    let found = stores
        .deliveries
        .deliveries(here(), &Default::default(), &page)
        .await;
    assert_eq!(found.expect("listed").items, [owed]);
}

#[macro_export]
macro_rules! notice_laws {
    ($make:ident) => {
        $crate::laws!(
            notices,
            $make,
            [
                the_same_cause_is_told_once_and_counted,
                of_many_at_once_each_key_counts_once,
                the_audit_is_looked_through_forwards,
                each_person_reads_for_themselves,
                notices_are_paged_by_when_they_began,
                notices_stay_in_their_workspace,
                old_notices_are_forgotten_once_they_are_planned,
                preferences_are_a_persons_own,
                channels_are_kept_in_their_workspace,
                how_a_channel_fares_is_noted_on_what_is_stored,
                what_is_planned_is_planned_once,
            ]
        );
        $crate::laws!(
            deliveries,
            $make,
            [
                what_is_settled_is_told_to_nobody,
                a_message_is_claimed_by_one_when_it_is_due,
                a_message_is_tried_until_it_is_taken_or_given_up,
                who_lost_the_lease_stores_nothing,
                a_digest_takes_notices_up_until_it_is_sent,
                messages_are_listed_by_state_and_recipient,
                messages_that_ended_long_ago_are_forgotten,
            ]
        );
    };
}
