//! Reading ad accounts: their days, what they mean for the store's profit, and what happens when they change.

use crate::world::World;
use application::ads::{AdError, Campaigns, ConnectAd, MarginSource, NewAdAccount};
use application::reports::{CurrencyChoice, ReportQuery, Reports, Split, StoreChoice};
use domain::ads::{AccountState, AdAccount, AdEntity, AdLevel, AdPlatform, AdStatus, AdSyncRun};
use domain::audit::Actor;
use domain::calendar::DayRange;
use domain::inputs::{AdSpend, Input, InputChange, Origin};
use domain::money::Currency;
use domain::sync::SyncStatus;
use ports::Kind;
use ports::ad_platforms::AdAuth;
use ports::inputs::OnMismatch;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use testkit::builders::{day, insight};
use tokio_util::sync::CancellationToken;

fn campaign(id: &str, name: &str) -> AdEntity {
    AdEntity {
        level: AdLevel::Campaign,
        id: id.to_owned(),
        parent: None,
        name: name.to_owned(),
        status: AdStatus::Active,
        delivery: None,
        objective: None,
        budget: None,
        created_at: None,
    }
}

fn wanted(world: &World) -> NewAdAccount {
    NewAdAccount {
        workspace: world.workspace,
        store: None,
        connect: ConnectAd {
            platform: AdPlatform::Meta,
            external_id: "act_1001".to_owned(),
            login_account: None,
            base_url: None,
            api_version: None,
            auth: AdAuth::Token {
                token: "secret".to_owned().into(),
                app_secret: None,
            },
        },
        from_environment: false,
        actor: Actor::system(),
    }
}

async fn world() -> (World, AdAccount) {
    let world = World::new().await;
    world.connected().await;
    {
        let mut told = world.ad_platforms.told();
        told.entities = vec![campaign("1", "Prospecting"), campaign("2", "Brand")];
        told.days = vec![
            insight(AdLevel::Campaign, "1", "2026-05-01", 10_000_000),
            insight(AdLevel::Campaign, "1", "2026-06-20", 12_345_678),
            insight(AdLevel::Campaign, "2", "2026-06-20", 1_111_111),
            insight(AdLevel::Campaign, "1", "2026-06-30", 20_000_000),
        ];
    }
    let account = world.ads.connect(wanted(&world)).await.unwrap();
    (world, account)
}

async fn read(world: &World, account: &AdAccount) -> AdSyncRun {
    let run = world.ads.start(world.workspace, account.id).await.unwrap();
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (ads, stop) = (world.ads.clone(), stop.clone());
        async move { ads.run_worker(stop).await }
    });
    let ended = loop {
        let run = world.ads.run(world.workspace, run.id).await.unwrap();
        if !run.status.is_open() {
            break run;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    stop.cancel();
    worker.await.unwrap();
    ended
}

fn all() -> DayRange {
    DayRange::new(day("2026-01-01"), day("2026-07-01")).unwrap()
}

async fn spend(world: &World) -> BTreeMap<String, i64> {
    let scope = world.scope().await;
    let rows = world.ports.inputs.spend_by_day(scope, all()).await.unwrap();
    let told = rows.iter().filter(|r| r.amount != 0);
    told.map(|r| (r.day.to_string(), r.amount)).collect()
}

#[tokio::test]
async fn spend_of_an_account_stands_among_the_stores_costs_to_the_cent() {
    let (world, account) = world().await;
    let run = read(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    assert_eq!((run.campaigns, run.rows_written), (2, 4));
    // 12.345678 + 1.111111 is rounded once, after it was added up.
    let told = BTreeMap::from([
        ("2026-05-01".to_owned(), 1_000),
        ("2026-06-20".to_owned(), 1_346),
        ("2026-06-30".to_owned(), 2_000),
    ]);
    assert_eq!(spend(&world).await, told);
    // The same again changes nothing, and asks for nothing that is final.
    world.ad_platforms.told().asked.clear();
    let run = read(&world, &account).await;
    assert_eq!((run.rows_written, run.rows_removed), (0, 0));
    let asked = world.ad_platforms.told().asked.clone();
    let oldest = asked.iter().map(|(_, range)| range.from).min();
    assert_eq!(oldest, Some(day("2026-06-03")));
}

#[tokio::test]
async fn the_account_stands_for_what_people_told_and_leaves_it_when_it_goes() {
    let (world, account) = world().await;
    let scope = world.scope().await;
    let typed = Input::AdSpend(AdSpend {
        day: day("2026-06-20"),
        channel: "meta".to_owned(),
        campaign: None,
        account: None,
        amount: 99,
        currency: Currency::parse("USD").unwrap(),
    });
    let typed = InputChange::put(typed, Origin::person(None, world.now()));
    let inputs = &world.ports.inputs;
    inputs
        .apply(scope, &[typed], OnMismatch::Refuse, None, None)
        .await
        .unwrap();
    assert_eq!(spend(&world).await["2026-06-20"], 99);
    read(&world, &account).await;
    assert_eq!(spend(&world).await["2026-06-20"], 1_346);
    world
        .ads
        .disconnect(world.workspace, account.id, Actor::system())
        .await
        .unwrap();
    assert_eq!(
        spend(&world).await,
        BTreeMap::from([("2026-06-20".to_owned(), 99)])
    );
    let gone = world.ads.account(world.workspace, account.id).await;
    assert!(matches!(gone, Err(AdError::UnknownAccount)));
}

#[tokio::test]
async fn late_conversions_come_and_rows_that_vanish_go_with_their_spend() {
    let (world, account) = world().await;
    read(&world, &account).await;
    {
        let mut told = world.ad_platforms.told();
        // The row of the second campaign vanishes, one of the first costs more; what is final is not asked for.
        told.days.remove(2);
        told.days[2].spend = 25_000_000;
        told.days[0].spend = 1;
        told.entities = vec![campaign("1", "Prospecting, renamed")];
    }
    world.clock.advance(chrono::Duration::days(1));
    let run = read(&world, &account).await;
    assert_eq!((run.rows_written, run.rows_removed), (1, 1));
    let told = spend(&world).await;
    assert_eq!(
        (told["2026-06-20"], told["2026-06-30"], told["2026-05-01"]),
        (1_235, 2_500, 1_000)
    );
    let asked = Campaigns {
        workspace: world.workspace,
        store: None,
        range: Some(all()),
    };
    let view = world.ads.campaigns(&asked).await.unwrap();
    let first = view
        .rows
        .iter()
        .find(|r| r.stored.entity.id == "1")
        .unwrap();
    assert_eq!(first.stored.earlier_names[0].name, "Prospecting");
    assert!(first.is_provisional);
    // The deleted one has no day any more, and is not in the way.
    assert_eq!(view.rows.len(), 1);
    assert_eq!(first.purchases_by.as_deref(), Some("omni_purchase"));
    assert_eq!(first.sums.purchases, 3_000_000);
}

#[tokio::test]
async fn another_currency_begins_a_series_and_a_missing_rate_is_told_by_name() {
    let (world, account) = world().await;
    read(&world, &account).await;
    {
        let mut told = world.ad_platforms.told();
        told.identity.currency = Currency::parse("GBP").unwrap();
        told.identity.zone = "Europe/London".to_owned();
        told.days
            .push(insight(AdLevel::Campaign, "1", "2026-07-01", 5_000_000));
    }
    let run = read(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    assert_eq!(run.warnings[0].code, "series_began");
    let account = world
        .ads
        .account(world.workspace, account.id)
        .await
        .unwrap();
    assert_eq!(account.series.len(), 2);
    let asked = Campaigns {
        workspace: world.workspace,
        store: None,
        range: Some(all()),
    };
    let view = world.ads.campaigns(&asked).await.unwrap();
    assert_eq!(view.spent, None);
    assert!(
        view.unavailable["total_spent"].contains("GBP"),
        "{:?}",
        view.unavailable
    );
    // Only days of now are in a row of now.
    assert_eq!(view.rows[0].spent, 500);
    assert_eq!(view.rows[0].currency.code(), "GBP");
}

#[tokio::test]
async fn a_token_that_ended_stops_the_account_until_somebody_grants_again() {
    let (world, account) = world().await;
    world.ad_platforms.told().failing = Some(Kind::Unauthorized);
    let run = read(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Failed);
    let known = world
        .ads
        .account(world.workspace, account.id)
        .await
        .unwrap();
    assert_eq!(known.state, AccountState::Reauthorize);
    world.clock.advance(chrono::Duration::days(3));
    assert_eq!(
        world
            .ads
            .start_due(chrono::Duration::hours(1))
            .await
            .unwrap(),
        0
    );
    world.ad_platforms.told().failing = None;
    read(&world, &account).await;
    world.clock.advance(chrono::Duration::hours(2));
    assert_eq!(
        world
            .ads
            .start_due(chrono::Duration::hours(1))
            .await
            .unwrap(),
        1
    );
    // One at a time.
    let second = world.ads.start(world.workspace, account.id).await;
    assert!(matches!(second, Err(AdError::AlreadyRunning(Some(_)))));
}

#[tokio::test]
async fn an_account_is_connected_once_and_only_if_it_answers() {
    let (world, _) = world().await;
    let again = world.ads.connect(wanted(&world)).await;
    assert!(matches!(again, Err(AdError::AlreadyConnected)));
    world.ad_platforms.told().failing = Some(Kind::Unauthorized);
    let refused = world.ads.connect(wanted(&world)).await;
    assert!(matches!(refused, Err(AdError::BadCredentials(_))));
}

#[tokio::test]
async fn profit_of_ads_is_that_of_an_independent_sum() {
    let world = World::new().await;
    for order in (1..=20).map(|id| crate::world::order(id, id % 10 + 1)) {
        world.shop.put(order);
    }
    world.shop.put(crate::world::product("4.00"));
    world.synced().await;
    world.ad_platforms.told().entities = vec![campaign("1", "Prospecting")];
    world.ad_platforms.told().days = vec![
        insight(AdLevel::Campaign, "1", "2026-06-25", 7_770_000),
        insight(AdLevel::Campaign, "1", "2026-06-28", 2_225_000),
    ];
    let account = world.ads.connect(wanted(&world)).await.unwrap();
    read(&world, &account).await;
    let asked = Campaigns {
        workspace: world.workspace,
        store: None,
        range: None,
    };
    let view = world.ads.campaigns(&asked).await.unwrap();
    let MarginSource::Own { cm2, revenue } = view.margin.source else {
        panic!("{:?}", view.margin);
    };
    // Spend 7.77 + 2.225 is 10.00 to the cent once added; two purchases of 40.00 are claimed.
    let row = &view.rows[0];
    assert_eq!(row.sums.spend, 9_995_000);
    let roas = Decimal::from(80) / Decimal::new(9_995, 3);
    assert_eq!(row.figures.roas, Some(roas));
    let share = Decimal::from(cm2) / Decimal::from(revenue);
    assert_eq!(row.figures.poas, Some(roas * share));
    // By day: 7.77 and 2.23.
    assert_eq!(view.spent, Some(777 + 223));
    let reports = Reports::new(world.ports.clone());
    let query = ReportQuery {
        workspace: world.workspace,
        store: StoreChoice::First,
        currency: CurrencyChoice::Usual,
        from: Some(view.range.from),
        to: Some(view.range.to),
        compare: None,
    };
    let report = reports
        .profit(&query, Split::Period(domain::calendar::Grain::Day))
        .await
        .unwrap();
    assert_eq!(report.total.figures.ad_spend, Some(1_000));
    assert_eq!(report.total.figures.net_profit, Some(cm2 - 1_000));
}

#[tokio::test]
async fn todays_half_day_grows_is_never_added_twice_and_is_not_final() {
    let (world, account) = world().await;
    let today = |spend| insight(AdLevel::Campaign, "1", "2026-07-01", spend);
    world.ad_platforms.told().days.push(today(5_000_000));
    read(&world, &account).await;
    let half = spend(&world).await["2026-07-01"];
    assert_eq!(half, 500);
    world.ad_platforms.told().days.pop();
    world.ad_platforms.told().days.push(today(11_000_000));
    let run = read(&world, &account).await;
    assert_eq!((run.rows_written, run.rows_removed), (1, 0));
    assert_eq!(spend(&world).await["2026-07-01"], 1_100);
    let account = world
        .ads
        .account(world.workspace, account.id)
        .await
        .unwrap();
    assert_eq!(account.read_through, Some(day("2026-07-01")));
    assert!(account.is_provisional(day("2026-07-01")));
}

#[tokio::test]
async fn a_renamed_campaign_keeps_its_days_and_a_deleted_one_its_spend() {
    let (world, account) = world().await;
    read(&world, &account).await;
    let before = spend(&world).await;
    {
        let mut told = world.ad_platforms.told();
        told.entities[0].name = "Cold audiences".to_owned();
        told.entities.remove(1);
    }
    read(&world, &account).await;
    assert_eq!(spend(&world).await, before, "what was spent stays spent");
    let asked = Campaigns {
        workspace: world.workspace,
        store: None,
        range: Some(all()),
    };
    let view = world.ads.campaigns(&asked).await.unwrap();
    let of = |id: &str| {
        let mut rows = view.rows.iter();
        rows.find(|r| r.stored.entity.id == id).unwrap()
    };
    let renamed = &of("1").stored;
    assert_eq!(renamed.entity.name, "Cold audiences");
    assert_eq!(renamed.earlier_names[0].name, "Prospecting");
    let gone = of("2");
    assert_eq!(gone.stored.entity.status, AdStatus::Deleted);
    assert!(gone.stored.vanished_at.is_some());
    assert_eq!(gone.spent, 111);
}
