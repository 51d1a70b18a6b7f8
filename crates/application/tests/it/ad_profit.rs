//! What is spent for nothing, when a customer has paid for itself, and what the spend sold: against sums that are made here by hand.

use crate::world::World;
use application::ads::{AdProfit, ConnectAd, NewAdAccount, ProfitQuery};
use chrono::{DateTime, Utc};
use domain::ads::waste::Shelf;
use domain::ads::{AdEntity, AdLevel, AdPlatform, AdStatus, AdSyncRun};
use domain::attribution::{Journey, Visit};
use domain::audit::Actor;
use domain::calendar::DayRange;
use domain::customers::Payback;
use domain::inputs::{AdSpend, Input, InputChange, Origin};
use domain::sync::SyncStatus;
use ports::ad_platforms::AdAuth;
use ports::inputs::OnMismatch;
use ports::source::Fact;
use rust_decimal::Decimal;
use testkit::builders::{
    LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at, day, insight,
};
use tokio_util::sync::CancellationToken;

fn visit(at: DateTime<Utc>, source: &str, campaign: Option<&str>) -> Visit {
    Visit {
        at,
        source: source.to_owned(),
        medium: None,
        campaign: campaign.map(str::to_owned),
        landing: None,
        link: None,
    }
}

/// One unit at 10.00 of product `product`, which costs 4.00; no fees.
pub(crate) fn sale(
    id: i64,
    customer: i64,
    on: &str,
    product: i64,
    source: &str,
    campaign: Option<&str>,
) -> Fact {
    let sold = at(on);
    let mut order = OrderBuilder::new(id)
        .sold_at(sold)
        .updated_at(sold)
        .customer(customer)
        .line(LineBuilder::new(product, 1, 1_000).product(product))
        .paid(Some(0))
        .build();
    order.journey = Some(Journey {
        first: None,
        last: Some(visit(sold, source, campaign)),
    });
    Fact::Order(Box::new(order))
}

fn product(id: i64, title: &str) -> Fact {
    let product = ProductBuilder::new(id)
        .titled(title)
        .variant(VariantBuilder::new(id, 1_000).cost("4.00", "USD"));
    Fact::Product(Box::new(product.build()))
}

pub(crate) fn campaign(id: &str, name: &str) -> AdEntity {
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

pub(crate) async fn read(world: &World) -> AdSyncRun {
    let new = NewAdAccount {
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
    };
    let account = world.ads.connect(new).await.unwrap();
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

async fn profit(world: &World, from: &str, to: &str) -> AdProfit {
    let asked = ProfitQuery {
        workspace: world.workspace,
        store: None,
        range: Some(DayRange::new(day(from), day(to)).unwrap()),
    };
    world.ads.profit(&asked).await.unwrap()
}

/// In May, of which everything is final on the first of July: tents are sold by campaign 1, tents and bags by campaign 2.
async fn world() -> World {
    world_with([]).await
}

async fn world_with(more: impl IntoIterator<Item = Fact>) -> World {
    let world = World::new().await;
    world.shop.put(product(1, "Tent"));
    world.shop.put(product(2, "Bag"));
    more.into_iter().for_each(|fact| world.shop.put(fact));
    for (id, customer, on, product, source, campaign) in [
        (1, 1, "2026-05-02T15:00:00Z", 1, "meta", Some("1")),
        (
            2,
            2,
            "2026-05-03T15:00:00Z",
            1,
            "meta",
            Some("Bags+and+tents"),
        ),
        (3, 3, "2026-05-04T15:00:00Z", 2, "meta", Some("2")),
        (4, 3, "2026-05-20T15:00:00Z", 2, "meta", Some("2")),
        (5, 4, "2026-05-05T15:00:00Z", 2, "direct", None),
        // Of another source, whatever the name.
        (6, 5, "2026-05-06T15:00:00Z", 1, "google", Some("1")),
    ] {
        world
            .shop
            .put(sale(id, customer, on, product, source, campaign));
    }
    world.synced().await;
    {
        let mut told = world.ad_platforms.told();
        told.entities = vec![
            campaign("1", "Tents"),
            campaign("2", "Bags and tents"),
            campaign("3", "Nothing"),
        ];
        // Each row claims 40.00, of which the store keeps 24.00.
        told.days = vec![
            insight(AdLevel::Campaign, "1", "2026-05-02", 50_000_000),
            insight(AdLevel::Campaign, "2", "2026-05-03", 9_010_000),
            insight(AdLevel::Campaign, "2", "2026-05-04", 3_000_000),
            insight(AdLevel::Campaign, "3", "2026-05-04", 1_000_000),
        ];
    }
    let run = read(&world).await;
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    world
}

#[tokio::test]
async fn waste_payback_and_products_are_those_of_an_independent_sum() {
    let world = world().await;
    let told = profit(&world, "2026-05-01", "2026-05-31").await;
    assert_eq!(told.margin.share, Some(Decimal::new(6, 1)));
    assert_eq!(told.final_through, Some(day("2026-06-02")));
    // Campaign 1 spent 50.00 for 24.00; the others left more than they cost.
    assert_eq!(told.waste.final_spend, 6_301);
    assert_eq!(told.losing.len(), 1);
    let losing = &told.losing[0];
    assert_eq!(
        (losing.campaign.name.as_str(), losing.spend, losing.lost),
        ("Tents", 5_000, 2_600)
    );
    assert_eq!(told.waste.losing_spend(), Some(5_000));
    // Nobody looked at the stock of May.
    assert_eq!((told.waste.empty_spend(), told.waste.total), (None, None));

    // Campaign 2 sold one tent and two bags: 12.01 are 4.00 and 8.01 (the odd cent to the larger rest).
    let products: Vec<_> = told
        .products
        .iter()
        .map(|of| {
            (
                of.title.as_deref().unwrap(),
                of.spend,
                of.own.net_revenue,
                of.own.cm2,
            )
        })
        .collect();
    assert_eq!(
        products,
        [
            ("Tent", 5_000 + 400, 2_000, Some(1_200)),
            ("Bag", 801, 2_000, Some(1_200))
        ]
    );
    assert_eq!(
        told.products[1].poas,
        Some(Decimal::from(1_200) / Decimal::from(801))
    );
    assert_eq!(told.unattributed, 100);
    let spent: i64 = told.products.iter().map(|of| of.spend).sum();
    assert_eq!(spent + told.unattributed, told.waste.final_spend);

    // The first order of three people came by campaign 2, by one of them again.
    let of = |name: &str| {
        let mut all = told.campaigns.iter();
        all.find(|c| c.campaign.name == name).unwrap()
    };
    let bags = of("Bags and tents");
    assert_eq!((bags.own.unwrap().orders, bags.new_customers), (3, 2));
    assert_eq!(bags.cac, Some(601));
    // A customer leaves 6.00 with the first order.
    assert!(
        matches!(bags.payback, Payback::Day(day) if day > 0),
        "{:?}",
        bags.payback
    );
    assert_eq!(of("Tents").cac, Some(5_000));
    assert!(matches!(of("Tents").payback, Payback::NotWithin { .. }));
    let nothing = of("Nothing");
    assert!(nothing.own.is_none() && nothing.poas.is_none() && nothing.cac.is_none());

    // By day: the whole store's revenue, and everybody who was new.
    let third = told
        .days
        .iter()
        .find(|d| d.day == day("2026-05-03"))
        .unwrap();
    assert_eq!(
        (third.spend, third.net_revenue, third.new_customers),
        (901, 1_000, 1)
    );
    assert_eq!(third.mer, Some(Decimal::from(1_000) / Decimal::from(901)));
    assert!(!third.is_provisional);
}

#[tokio::test]
async fn products_whose_ads_run_without_stock_are_listed_and_provisional_days_are_no_waste() {
    let mut bag = ProductBuilder::new(2)
        .titled("Bag")
        .variant(VariantBuilder::new(2, 1_000).cost("4.00", "USD"))
        .build();
    bag.variants[0].inventory_quantity = Some(0);
    let world = world_with([Fact::Product(Box::new(bag))]).await;
    let told = profit(&world, "2026-05-01", "2026-05-31").await;
    let empty: Vec<_> = told
        .without_stock
        .iter()
        .map(|of| {
            (
                of.title.as_deref().unwrap(),
                of.spend,
                of.campaigns[0].name.as_str(),
            )
        })
        .collect();
    assert_eq!(empty, [("Bag", 801, "Bags and tents")]);
    let shelf = |title: &str| {
        let mut all = told.products.iter();
        all.find(|p| p.title.as_deref() == Some(title))
            .unwrap()
            .shelf
    };
    assert_eq!(
        (shelf("Bag"), shelf("Tent")),
        (Shelf::Empty, Shelf::Stocked)
    );
    // The last days may still move: they are not judged, however much they cost.
    world
        .ad_platforms
        .told()
        .days
        .push(insight(AdLevel::Campaign, "1", "2026-06-28", 900_000_000));
    let account = world
        .ads
        .accounts(world.workspace, None)
        .await
        .unwrap()
        .remove(0);
    world
        .ads
        .disconnect(world.workspace, account.id, Actor::system())
        .await
        .unwrap();
    read(&world).await;
    let told = profit(&world, "2026-06-01", "2026-06-30").await;
    assert_eq!(told.waste.final_spend, 0);
    assert!(told.losing.is_empty());
    assert_eq!(told.campaigns[0].spend, 90_000);
}

#[tokio::test]
async fn campaigns_of_other_channels_come_from_files_and_never_twice() {
    let seventh = "2026-05-07T15:00:00Z";
    let summer = sale(7, 9, seventh, 1, "tiktok", Some("Summer_tents"));
    let world = world_with([summer]).await;
    let scope = world.scope().await;
    let spend = |channel: &str, campaign: Option<&str>, on: &str, amount| {
        let spend = AdSpend {
            day: day(on),
            channel: channel.to_owned(),
            campaign: campaign.map(str::to_owned),
            account: None,
            amount,
            currency: "USD".parse().unwrap(),
        };
        InputChange::put(Input::AdSpend(spend), Origin::person(None, world.now()))
    };
    let changes = [
        spend("tiktok", Some("Summer tents"), "2026-05-06", 300),
        spend("tiktok", Some("Summer tents"), "2026-05-07", 200),
        spend("tiktok", None, "2026-05-07", 50),
        // The account tells this day itself.
        spend("meta", Some("Tents"), "2026-05-02", 5_000),
    ];
    let applied = world
        .ports
        .inputs
        .apply(scope, &changes, OnMismatch::Skip, None, None)
        .await;
    applied.unwrap();
    let told = profit(&world, "2026-05-01", "2026-05-31").await;
    let others: Vec<_> = told
        .others
        .iter()
        .map(|of| {
            (
                of.channel.as_str(),
                of.campaign.as_deref(),
                of.spend,
                of.days,
            )
        })
        .collect();
    assert_eq!(
        others,
        [
            ("tiktok", Some("Summer tents"), 500, 2),
            ("tiktok", None, 50, 1)
        ]
    );
    let summer = &told.others[0];
    assert_eq!(summer.own.unwrap().orders, 1);
    assert_eq!(summer.poas, Some(Decimal::from(600) / Decimal::from(500)));
    assert_eq!((summer.new_customers, summer.cac), (1, Some(500)));
    // They are spend of the store as any other.
    let seventh = told
        .days
        .iter()
        .find(|d| d.day == day("2026-05-07"))
        .unwrap();
    assert_eq!(seventh.spend, 250);
}
