//! Laws of [`ports::opportunities::OpportunityStore`].

use super::members::actions;
use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, connection, offer_row, opportunity, scope, trend_series};
use chrono::{DateTime, Utc};
use domain::audit::Actor;
use domain::ids::StoreScope;
use domain::opportunity::{
    Decision, Opportunity, OpportunitySettings, ScoreSettings, Watch, Watched,
};
use domain::supplier::OfferRow;
use ports::events::OPPORTUNITIES_CHANGED;
use ports::opportunities::OpportunityFilter;
use ports::{Kind, PageRequest, PortResult};
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    at("2026-02-01T09:00:00Z")
}

fn round(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

async fn save(stores: &Stores, scope: StoreScope, row: &OfferRow) -> Opportunity {
    let made = opportunity(scope, row, now());
    let saved =
        stores
            .opportunities
            .save_opportunities(scope, round(1), std::slice::from_ref(&made));
    saved.await.expect("saved");
    made
}

async fn find(stores: &Stores, of: &Opportunity) -> Option<Watched> {
    let found = stores.opportunities.opportunity(of.scope.workspace, of.id);
    found.await.expect("answered")
}

async fn decide(
    stores: &Stores,
    of: &Watched,
    watch: Watch,
    until: Option<DateTime<Utc>>,
) -> PortResult<()> {
    let decided = Watched {
        version: of.version + 1,
        decision: Some(Decision {
            watch,
            by: Actor::system(),
            at: now(),
            reason: Some("because".to_owned()),
            until,
            change_set: None,
        }),
        ..of.clone()
    };
    let entry = audit_entry(of.opportunity.scope.workspace, "opportunity.decide");
    stores
        .opportunities
        .decide_opportunity(&decided, &entry)
        .await
}

async fn listed(
    stores: &Stores,
    scope: StoreScope,
    filter: &OpportunityFilter,
    when: DateTime<Utc>,
) -> Vec<String> {
    let (mut page, mut seen) = (PageRequest::first(2), Vec::new());
    loop {
        let found = stores
            .opportunities
            .opportunities(scope, filter, when, &page)
            .await;
        let found = found.expect("a page");
        seen.extend(found.items.into_iter().map(|w| w.opportunity.title));
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            assert_eq!(found.total, Some(seen.len() as u64));
            return seen;
        }
    }
}

pub async fn figures_are_set_anew_and_decisions_stay(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let first = save(&stores, here, &offer_row(1, 10)).await;
    let found = find(&stores, &first).await.expect("it is there");
    assert_eq!((found.version, &found.decision), (0, &None));
    assert_eq!(found.discovered_at, now());
    assert_eq!(found.opportunity, first);
    decide(&stores, &found, Watch::Rejected, None)
        .await
        .expect("decided");
    let mut again = first.clone();
    again.computed_at = now() + chrono::Duration::hours(1);
    again.completeness = 1;
    let saved =
        stores
            .opportunities
            .save_opportunities(here, round(2), std::slice::from_ref(&again));
    saved.await.expect("saved");
    let found = find(&stores, &first).await.expect("it is there");
    assert_eq!(found.opportunity, again);
    assert_eq!(found.discovered_at, now(), "when it was found first");
    assert_eq!(found.watch(now()), Watch::Rejected);
    let elsewhere = scope(2, 1).workspace;
    let other = stores.opportunities.opportunity(elsewhere, first.id).await;
    assert_eq!(other.expect("answered"), None);
}

pub async fn the_best_come_first_by_what_is_certain(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let beside = connected(&stores, 1, 2).await;
    // Of 20: 55 %, 25 %, 45 %, 75 %.
    for (number, cost) in [(1, 9), (2, 15), (3, 11), (4, 5)] {
        save(&stores, here, &offer_row(number, cost)).await;
    }
    let to_us = OfferRow {
        supplier: Some("Zeta".to_owned()),
        ship_to: vec!["US".to_owned()],
        ..offer_row(5, 16)
    };
    save(&stores, here, &to_us).await;
    let all = OpportunityFilter::default();
    let order = listed(&stores, here, &all, now()).await;
    assert_eq!(order[..1], ["Lamp 4"]);
    assert_eq!(order.len(), 5);
    assert_eq!(listed(&stores, beside, &all, now()).await, [""; 0]);
    let enough = OpportunityFilter {
        margin: Some(4_500),
        ..all.clone()
    };
    let mut found = listed(&stores, here, &enough, now()).await;
    found.sort();
    assert_eq!(found, ["Lamp 1", "Lamp 3", "Lamp 4"]);
    let high = OpportunityFilter {
        score: Some(10_000),
        ..all.clone()
    };
    assert_eq!(listed(&stores, here, &high, now()).await, ["Lamp 4"]);
    for (country, count) in [("us", 5), ("DE", 4)] {
        let to = OpportunityFilter {
            ships_to: Some(country.to_owned()),
            ..all.clone()
        };
        assert_eq!(listed(&stores, here, &to, now()).await.len(), count);
    }
    let of = OpportunityFilter {
        supplier: Some("ZETA".to_owned()),
        ..all
    };
    assert_eq!(listed(&stores, here, &of, now()).await, ["Lamp 5"]);
}

pub async fn of_many_decisions_on_one_version_one_is_stored(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let made = save(&stores, here, &offer_row(1, 10)).await;
    let seen = find(&stores, &made).await.expect("it is there");
    let results = race(|n| {
        let (port, mut decided) = (stores.opportunities.clone(), seen.clone());
        decided.version = 1;
        decided.decision = Some(Decision {
            watch: Watch::Approved,
            by: Actor::system(),
            at: now(),
            reason: Some(format!("Racer {n}")),
            until: None,
            change_set: None,
        });
        async move {
            let entry = audit_entry(here.workspace, "opportunity.approve");
            port.decide_opportunity(&decided, &entry).await
        }
    })
    .await;
    one_wins(&results);
    assert_eq!(
        actions(&stores, here.workspace).await,
        ["opportunity.approve"]
    );
    refused(
        decide(&stores, &seen, Watch::Rejected, None).await,
        Kind::Conflict,
    );
    let mut borrowed = find(&stores, &made).await.expect("it is there");
    borrowed.opportunity.scope.workspace = scope(2, 1).workspace;
    refused(
        decide(&stores, &borrowed, Watch::Rejected, None).await,
        Kind::Conflict,
    );
    let events = stores.events.since(here.workspace, 0, 100).await;
    let events = events.expect("read").into_iter();
    assert_eq!(
        events
            .filter(|e| e.event.kind == OPPORTUNITIES_CHANGED)
            .count(),
        1
    );
}

pub async fn what_is_snoozed_waits_again_when_its_time_has_come(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let until = now() + chrono::Duration::days(7);
    for (number, watch) in [
        (1, Watch::Snoozed),
        (2, Watch::Approved),
        (3, Watch::Rejected),
        (4, Watch::Proposed),
    ] {
        let made = save(&stores, here, &offer_row(number, 5)).await;
        let seen = find(&stores, &made).await.expect("it is there");
        if watch != Watch::Proposed {
            let until = (watch == Watch::Snoozed).then_some(until);
            decide(&stores, &seen, watch, until).await.expect("decided");
        }
    }
    let of = |watch| OpportunityFilter {
        watch: Some(watch),
        ..OpportunityFilter::default()
    };
    let (waiting, snoozed) = (of(Watch::Proposed), of(Watch::Snoozed));
    assert_eq!(listed(&stores, here, &waiting, now()).await, ["Lamp 4"]);
    assert_eq!(listed(&stores, here, &snoozed, now()).await, ["Lamp 1"]);
    let mut both = listed(&stores, here, &waiting, until).await;
    both.sort();
    assert_eq!(both, ["Lamp 1", "Lamp 4"]);
    assert_eq!(listed(&stores, here, &snoozed, until).await, [""; 0]);
    assert_eq!(
        listed(&stores, here, &of(Watch::Approved), now()).await,
        ["Lamp 2"]
    );
    let sums = |when, since| {
        let port = stores.opportunities.clone();
        async move {
            let s = port
                .opportunity_sums(here, when, since)
                .await
                .expect("answered");
            (s.waiting, s.high, s.approved, s.discovered)
        }
    };
    assert_eq!(sums(now(), now()).await, (1, 1, 1, 4));
    assert_eq!(sums(until, until).await, (2, 2, 1, 0));
}

pub async fn what_nobody_offers_any_more_is_forgotten_unless_it_was_decided_on(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let beside = connected(&stores, 1, 2).await;
    let decided = save(&stores, here, &offer_row(1, 10)).await;
    let open = save(&stores, here, &offer_row(2, 10)).await;
    let elsewhere = save(&stores, beside, &offer_row(3, 10)).await;
    let seen = find(&stores, &decided).await.expect("it is there");
    decide(&stores, &seen, Watch::Approved, None)
        .await
        .expect("decided");
    let port = &stores.opportunities;
    let settle = |n| port.settle_opportunities(here, round(n), now());
    settle(1).await.expect("settled");
    assert!(find(&stores, &open).await.is_some(), "it is of this round");
    settle(2).await.expect("settled");
    assert_eq!(find(&stores, &open).await, None);
    let kept = find(&stores, &decided).await.expect("it is there");
    assert!(kept.gone);
    assert!(find(&stores, &elsewhere).await.is_some_and(|w| !w.gone));
    save(&stores, here, &offer_row(1, 10)).await;
    assert!(find(&stores, &decided).await.is_some_and(|w| !w.gone));
}

pub async fn settings_follow_one_another_and_all_goes_with_its_store(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let port = &stores.opportunities;
    let settings = |version| OpportunitySettings {
        scope: here,
        version,
        settings: ScoreSettings::default(),
        updated_at: now(),
        updated_by: Actor::system(),
    };
    let entry = audit_entry(here.workspace, "opportunities.set");
    assert_eq!(
        port.opportunity_settings(here).await.expect("answered"),
        None
    );
    refused(
        port.set_opportunity_settings(&settings(2), &entry).await,
        Kind::Conflict,
    );
    let set = port.set_opportunity_settings(&settings(1), &entry).await;
    set.expect("set");
    let results = race(|_| {
        let (port, settings, entry) = (port.clone(), settings(2), entry.clone());
        async move { port.set_opportunity_settings(&settings, &entry).await }
    })
    .await;
    one_wins(&results);
    let found = port.opportunity_settings(here).await.expect("answered");
    assert_eq!(found, Some(settings(2)));
    assert_eq!(actions(&stores, here.workspace).await.len(), 2);
    let made = save(&stores, here, &offer_row(1, 10)).await;
    let connection = connection(1, 1);
    let removed = stores
        .connections
        .remove(here.workspace, connection.id, Some(connection.store))
        .await;
    removed.expect("removed");
    assert_eq!(find(&stores, &made).await, None);
    assert_eq!(
        port.opportunity_settings(here).await.expect("answered"),
        None
    );
}

pub async fn trends_are_one_a_term_and_go_with_their_store(stores: Stores) {
    let (here, beside) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    let port = &stores.opportunities;
    let series = |scope, text: &str, index| trend_series(scope, text, index);
    let entry = audit_entry(here.workspace, "trends.import");
    let told = |scope| {
        let port = port.clone();
        async move {
            let mut found = port.trends(scope).await.expect("read");
            found.sort_by_key(|s| s.about.text().to_lowercase());
            found
        }
    };
    assert_eq!(told(here).await, []);
    let all = [
        series(here, "Tent", 10),
        series(here, "lamp", 20),
        series(beside, "stove", 1),
    ];
    port.save_trends(here, &all, &entry).await.expect("saved");
    assert_eq!(told(here).await, [all[1].clone(), all[0].clone()]);
    assert_eq!(told(beside).await, [], "a store writes only its own");
    // The same term is the same series.
    let newer = series(here, "TENT", 30);
    assert_eq!(newer.id, all[0].id);
    let saved = port.save_trends(here, std::slice::from_ref(&newer), &entry);
    saved.await.expect("saved");
    assert_eq!(told(here).await, [all[1].clone(), newer.clone()]);
    let gone = port.forget_trend(beside, newer.id, &entry).await;
    refused(gone, Kind::NotFound);
    let gone = port.forget_trend(here, newer.id, &entry).await;
    gone.expect("forgotten");
    refused(
        port.forget_trend(here, newer.id, &entry).await,
        Kind::NotFound,
    );
    assert_eq!(told(here).await, std::slice::from_ref(&all[1]));
    assert_eq!(actions(&stores, here.workspace).await.len(), 3);
    let connection = connection(1, 1);
    let removed = stores
        .connections
        .remove(here.workspace, connection.id, Some(connection.store))
        .await;
    removed.expect("removed");
    assert_eq!(told(here).await, []);
}

#[macro_export]
macro_rules! opportunity_laws {
    ($make:ident) => {
        $crate::laws!(
            opportunities,
            $make,
            [
                figures_are_set_anew_and_decisions_stay,
                the_best_come_first_by_what_is_certain,
                of_many_decisions_on_one_version_one_is_stored,
                what_is_snoozed_waits_again_when_its_time_has_come,
                what_nobody_offers_any_more_is_forgotten_unless_it_was_decided_on,
                settings_follow_one_another_and_all_goes_with_its_store,
                trends_are_one_a_term_and_go_with_their_store,
            ]
        );
    };
}
