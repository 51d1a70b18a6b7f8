//! Mornings: unusual days and briefs, of a shop of sixty ordinary days.

use crate::agents::analytics::morning;
use crate::world::{World, order, product};
use application::analysis::{Analysis, AnalysisError, Said};
use application::notifications::Notifications;
use application::people::People;
use domain::analysis::{Standing, Watched};
use domain::audit::Actor;
use domain::notifications::NoticeKind;
use domain::store::Store;
use ports::PageRequest;
use ports::notices::NoticeFilter;
use testkit::builders::{at, day, user};

/// Two or three orders a day for 90 days, and so many on the last day, the 30th of June.
async fn shop(last: i64) -> (World, Analysis, Store) {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    let mut id = 0;
    for days_ago in 1..=90 {
        let many = if days_ago == 1 {
            last
        } else {
            2 + days_ago % 2
        };
        for _ in 0..many {
            id += 1;
            world.shop.put(order(id * 3, days_ago));
        }
    }
    world.synced().await;
    let analysis = Analysis::new(world.ports.clone(), world.hub.clone());
    let store = analysis.store(world.workspace, None).await.unwrap();
    (world, analysis, store)
}

#[tokio::test(start_paused = true)]
async fn an_ordinary_morning_has_one_brief_and_nothing_unusual() {
    let (world, analysis, store) = shop(3).await;
    assert_eq!(morning(&world).await, 1);
    assert_eq!(morning(&world).await, 0, "one a day");
    let briefs = analysis
        .briefs(&store, &PageRequest::first(10))
        .await
        .unwrap();
    let brief = &briefs.items[0];
    assert_eq!(
        (brief.day, brief.against),
        (day("2026-06-30"), day("2026-06-23"))
    );
    assert_eq!(brief.anomalies, []);
    let profit = &brief.figures[0];
    let change = profit.value.unwrap() - profit.before.unwrap();
    let parts: i64 = brief.parts.iter().map(|p| p.change).sum();
    assert_eq!(parts, change, "the parts add up to the change");
    let gap = |code: &str| brief.gaps.iter().any(|g| g.code == code);
    assert!(gap("not_told_ad_spend") && gap("little_history_ad_spend"));
    assert!(!gap("unfinished_day"));
    let open = analysis
        .anomalies(&store, None, &PageRequest::first(10))
        .await;
    assert_eq!(open.unwrap().items, []);
    // The next morning's sync has not come yet: it waits, and then says so.
    world.clock.set(at("2026-07-02T12:30:00Z"));
    assert_eq!(morning(&world).await, 0);
    world.clock.set(at("2026-07-02T18:00:00Z"));
    assert_eq!(morning(&world).await, 1);
    let briefs = analysis
        .briefs(&store, &PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(briefs.items.len(), 2);
    assert_eq!(briefs.items[0].gaps[0].code, "unfinished_day");
}

#[tokio::test(start_paused = true)]
async fn what_is_unusual_is_told_once_and_what_is_said_about_it_stays() {
    let (world, analysis, store) = shop(30).await;
    assert_eq!(morning(&world).await, 1);
    let first = PageRequest::first(10);
    let found = analysis
        .anomalies(&store, Some(Standing::Open), &first)
        .await;
    let found = found.unwrap().items;
    let orders = found.iter().find(|k| k.anomaly.figure == Watched::Orders);
    let orders = orders.expect("thirty orders are many").clone();
    assert_eq!(
        (orders.anomaly.value, orders.anomaly.day),
        (30, day("2026-06-30"))
    );
    assert!(orders.anomaly.may_move && orders.anomaly.high < 30);
    let notices = Notifications::new(
        world.ports.clone(),
        world.hub.clone(),
        People::new(world.ports.clone()),
        None,
    );
    assert!(notices.sweep().await.unwrap() > 1);
    assert_eq!(notices.sweep().await.unwrap(), 0, "told once");
    let filter = NoticeFilter::default();
    let owner = user(1, 1).id;
    let listed = notices
        .list(world.workspace, owner, &filter, &first)
        .await
        .unwrap();
    let kinds: Vec<_> = listed.items.iter().map(|n| n.notice.kind).collect();
    assert!(kinds.contains(&NoticeKind::DailyBrief) && kinds.contains(&NoticeKind::AnomalyFound));
    let said = |version, reason: Option<&str>| Said {
        version,
        standing: Standing::Dismissed,
        reason: reason.map(str::to_owned),
    };
    let by = Actor::system();
    let id = orders.anomaly.id;
    let mark = |said| analysis.mark(world.workspace, id, said, &by);
    assert!(matches!(
        mark(said(0, Some(" "))).await,
        Err(AnalysisError::Invalid(_))
    ));
    assert!(matches!(
        mark(said(1, Some("x"))).await,
        Err(AnalysisError::ChangedMeanwhile)
    ));
    let kept = mark(said(0, Some("a sale"))).await.unwrap();
    assert_eq!((kept.version, kept.standing()), (1, Standing::Dismissed));
    // The day is looked at again the next morning.
    world.clock.set(at("2026-07-02T12:30:00Z"));
    world.synced_again().await;
    assert_eq!(morning(&world).await, 1);
    let kept = analysis.find(world.workspace, id).await.unwrap();
    assert_eq!((kept.standing(), kept.gone), (Standing::Dismissed, false));
}
