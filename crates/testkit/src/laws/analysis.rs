//! Laws of [`ports::analysis::AnalysisStore`].

use super::members::actions;
use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, connection, currency, day, scope};
use domain::analysis::{Anomaly, Brief, Kept, Mark, Standing, Watched};
use domain::audit::Actor;
use domain::calendar::DayRange;
use domain::ids::StoreScope;
use ports::{Kind, PageRequest, PortResult};

fn anomaly(scope: StoreScope, figure: Watched, on: &str, value: i64) -> Anomaly {
    Anomaly {
        id: Anomaly::id_of(scope, figure, day(on)),
        scope,
        figure,
        day: day(on),
        currency: currency("USD"),
        value,
        expected: 100,
        low: 50,
        high: 150,
        score: 400,
        over_two_days: false,
        history: 84,
        may_move: true,
        found_at: at("2026-02-04T06:00:00Z"),
    }
}

fn brief(scope: StoreScope, on: &str, headline: &str) -> Brief {
    Brief {
        scope,
        day: day(on),
        against: day("2026-01-01"),
        currency: currency("USD"),
        made_at: at("2026-02-04T06:00:00Z"),
        as_of: None,
        headline: headline.to_owned(),
        figures: Vec::new(),
        parts: Vec::new(),
        parts_unknown: None,
        needs: Vec::new(),
        anomalies: Vec::new(),
        gaps: Vec::new(),
        run: None,
        version: 1,
        moved: Vec::new(),
    }
}

async fn save(stores: &Stores, scope: StoreScope, days: (&str, &str), found: &[Anomaly]) {
    let days = DayRange::new(day(days.0), day(days.1)).expect("days");
    let now = at("2026-02-04T06:00:00Z");
    let saved = stores.analysis.save_anomalies(scope, days, found, now);
    saved.await.expect("saved");
}

async fn mark(stores: &Stores, kept: &Kept, standing: Standing) -> PortResult<()> {
    let marked = Kept {
        version: kept.version + 1,
        mark: Some(Mark {
            standing,
            by: Actor::system(),
            at: at("2026-02-04T08:00:00Z"),
            reason: Some("a sale".to_owned()),
        }),
        ..kept.clone()
    };
    let entry = audit_entry(kept.anomaly.scope.workspace, "anomaly.mark");
    stores.analysis.mark_anomaly(&marked, &entry).await
}

async fn listed(stores: &Stores, scope: StoreScope, standing: Option<Standing>) -> Vec<Kept> {
    let (mut page, mut all) = (PageRequest::first(2), Vec::new());
    loop {
        let found = stores.analysis.anomalies(scope, standing, &page).await;
        let found = found.expect("a page");
        all.extend(found.items);
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            assert_eq!(found.total, Some(all.len() as u64));
            return all;
        }
    }
}

pub async fn days_are_looked_at_again_and_what_was_said_stays(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let beside = connected(&stores, 1, 2).await;
    let first = anomaly(here, Watched::Orders, "2026-02-01", 10);
    let second = anomaly(here, Watched::NetSales, "2026-02-02", 20);
    let third = anomaly(here, Watched::Margin, "2026-02-03", 30);
    let found = [first.clone(), second.clone(), third.clone()];
    save(&stores, here, ("2026-02-01", "2026-02-03"), &found).await;
    let other = anomaly(beside, Watched::Orders, "2026-02-01", 1);
    save(&stores, beside, ("2026-02-01", "2026-02-03"), &[other]).await;
    let all = listed(&stores, here, None).await;
    let days: Vec<_> = all.iter().map(|k| k.anomaly.value).collect();
    assert_eq!(days, [30, 20, 10], "the newest first");
    assert!(
        all.iter()
            .all(|k| k.version == 0 && !k.gone && k.mark.is_none())
    );
    mark(&stores, &all[0], Standing::Dismissed)
        .await
        .expect("marked");
    mark(&stores, &all[1], Standing::Seen)
        .await
        .expect("marked");
    // The first day is not looked at any more; the second is other by now, the third usual.
    let moved = Anomaly {
        value: 25,
        ..second
    };
    save(&stores, here, ("2026-02-02", "2026-02-03"), &[moved]).await;
    let all = listed(&stores, here, None).await;
    let told: Vec<_> = all
        .iter()
        .map(|k| (k.anomaly.value, k.standing(), k.gone))
        .collect();
    let expected = [
        (30, Standing::Dismissed, true),
        (25, Standing::Seen, false),
        (10, Standing::Open, false),
    ];
    assert_eq!(told, expected);
    let reason = all[0].mark.as_ref().and_then(|m| m.reason.as_deref());
    assert_eq!(reason, Some("a sale"));
    save(&stores, here, ("2026-02-01", "2026-02-01"), &[]).await;
    assert_eq!(listed(&stores, here, Some(Standing::Open)).await, []);
    assert_eq!(listed(&stores, here, Some(Standing::Seen)).await.len(), 1);
    assert_eq!(listed(&stores, beside, None).await.len(), 1);
    let elsewhere = scope(2, 1).workspace;
    let unseen = stores.analysis.anomaly(elsewhere, third.id).await;
    assert_eq!(unseen.expect("answered"), None);
}

pub async fn of_many_marks_on_one_version_one_is_stored(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let one = anomaly(here, Watched::Orders, "2026-02-01", 10);
    save(
        &stores,
        here,
        ("2026-02-01", "2026-02-01"),
        std::slice::from_ref(&one),
    )
    .await;
    let found = stores.analysis.anomaly(here.workspace, one.id).await;
    let kept = found.expect("answered").expect("it is there");
    let results = race(|_| {
        let (port, kept) = (stores.analysis.clone(), kept.clone());
        async move {
            let marked = Kept { version: 1, ..kept };
            let entry = audit_entry(marked.anomaly.scope.workspace, "anomaly.mark");
            port.mark_anomaly(&marked, &entry).await
        }
    })
    .await;
    one_wins(&results);
    assert_eq!(actions(&stores, here.workspace).await.len(), 1);
    refused(mark(&stores, &kept, Standing::Seen).await, Kind::Conflict);
}

pub async fn of_a_morning_there_is_one_brief_and_all_goes_with_its_store(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let port = &stores.analysis;
    for on in ["2026-02-01", "2026-02-03", "2026-02-02"] {
        assert!(port.save_brief(&brief(here, on, on)).await.expect("saved"));
    }
    let again = port.save_brief(&brief(here, "2026-02-02", "later")).await;
    assert!(!again.expect("answered"));
    let first = port
        .briefs(here, &PageRequest::first(2))
        .await
        .expect("a page");
    let told: Vec<_> = first.items.iter().map(|b| b.headline.as_str()).collect();
    assert_eq!(
        (told, first.total),
        (vec!["2026-02-03", "2026-02-02"], Some(3))
    );
    let mut rest = PageRequest::first(2);
    rest.cursor = first.next_cursor;
    let rest = port.briefs(here, &rest).await.expect("a page");
    assert_eq!((rest.items.len(), rest.next_cursor), (1, None));
    let found = port.brief(here, day("2026-02-02")).await.expect("answered");
    assert_eq!(found, Some(brief(here, "2026-02-02", "2026-02-02")));
    let one = anomaly(here, Watched::Orders, "2026-02-01", 10);
    save(
        &stores,
        here,
        ("2026-02-01", "2026-02-01"),
        std::slice::from_ref(&one),
    )
    .await;
    let connection = connection(1, 1);
    let removed = stores
        .connections
        .remove(here.workspace, connection.id, Some(connection.store))
        .await;
    removed.expect("removed");
    assert_eq!(
        port.brief(here, day("2026-02-02")).await.expect("answered"),
        None
    );
    assert_eq!(
        port.anomaly(here.workspace, one.id)
            .await
            .expect("answered"),
        None
    );
}

pub async fn of_many_that_write_a_day_again_one_does(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let port = &stores.analysis;
    let version = |version: i64, headline: String| Brief {
        version,
        ..brief(here, "2026-02-01", &headline)
    };
    let none = port.replace_brief(&version(2, "none".to_owned())).await;
    assert!(!none.expect("answered"), "there is none to replace");
    let first = version(1, "first".to_owned());
    assert!(port.save_brief(&first).await.expect("saved"));
    for other in [1, 3] {
        let replaced = port
            .replace_brief(&version(other, "other".to_owned()))
            .await;
        assert!(!replaced.expect("answered"), "{other} does not follow 1");
    }
    let mut results = race(|no| {
        let (port, brief) = (stores.analysis.clone(), version(2, format!("second {no}")));
        async move { port.replace_brief(&brief).await.expect("answered") }
    })
    .await;
    results.retain(|is_stored| *is_stored);
    assert_eq!(results.len(), 1);
    let found = port.brief(here, day("2026-02-01")).await.expect("answered");
    let found = found.expect("it is there");
    assert!(found.version == 2 && found.headline.starts_with("second"));
    let third = version(3, "third".to_owned());
    assert!(port.replace_brief(&third).await.expect("answered"));
    let listed = port.briefs(here, &PageRequest::first(5)).await;
    assert_eq!(listed.expect("a page").items, [third]);
}

#[macro_export]
macro_rules! analysis_laws {
    ($make:ident) => {
        $crate::laws!(
            analysis,
            $make,
            [
                days_are_looked_at_again_and_what_was_said_stays,
                of_many_marks_on_one_version_one_is_stored,
                of_a_morning_there_is_one_brief_and_all_goes_with_its_store,
                of_many_that_write_a_day_again_one_does,
            ]
        );
    };
}
