//! Changes against a store that speaks Shopify's protocol: each kind, and what becomes of it when something goes wrong on the way.

use crate::support::{all, export, open_with, settings, token};
use domain::catalog::{Product, Variant};
use domain::changes::{Action, HoldReason, Seen, Tagged, Target, Verdict};
use domain::ids::{InventoryItemId, LocationId, OrderId, ProductId, VariantId};
use domain::sync::FactKind;
use ports::source::{Fact, FactRef, Fetched, StoreSources as _};
use ports::writer::StoreWriter;
use ports::{Kind, PortResult, Retry};
use sandbox::{Options, Running, SCOPES, start};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// The sandbox's first location and order.
const LOCATION: LocationId = LocationId(86_000_000_000);
pub(crate) const FIRST_ORDER: i64 = 5_600_000_000_000;

pub(crate) struct World {
    shop: Running,
    pub(crate) opened: crate::support::Opened,
    pub(crate) writer: Arc<dyn StoreWriter>,
}

pub(crate) async fn world_with(change: impl FnOnce(&mut Options)) -> World {
    let mut options = Options {
        orders: 1_200,
        days: 120,
        now: Some(1_795_000_000),
        bulk_ms: 10,
        bucket: 20_000,
        restore: 10_000,
        ..Options::default()
    };
    change(&mut options);
    let shop = start(options).await.unwrap();
    let opened = open_with(&shop.base_url, token("shpat_sandbox"), |_| {});
    let writer = opened
        .sources
        .writer(&settings(&shop.base_url, token("shpat_sandbox")))
        .unwrap();
    World {
        shop,
        opened,
        writer,
    }
}

pub(crate) async fn world() -> World {
    world_with(|_| {}).await
}

fn key(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn kind(result: PortResult<()>) -> Result<(), Kind> {
    result.map_err(|e| e.kind)
}

impl World {
    pub(crate) async fn product(&self) -> Product {
        let exported = export(&*self.opened.source, all(FactKind::Products), None).await;
        let found = exported.facts.into_iter().find_map(|f| match f {
            Fact::Product(product) if product.variants.len() > 1 => Some(*product),
            _ => None,
        });
        found.unwrap()
    }

    pub(crate) async fn read_product(&self, id: ProductId) -> Product {
        let found = self.opened.source.fetch(&[FactRef::Product(id)]).await;
        match found.unwrap().remove(0) {
            Fetched::Found(Fact::Product(product)) => *product,
            other => panic!("{other:?}"),
        }
    }

    async fn price(&self, after: i64) -> Action {
        let product = self.product().await;
        let Variant { id, price, .. } = product.variants[0];
        Action::Price {
            product: product.id,
            variant: id,
            before: price,
            after,
        }
    }

    pub(crate) async fn look(&self, target: Target) -> Seen {
        self.writer.look(&[target]).await.unwrap().remove(0)
    }

    pub(crate) async fn verdict(&self, action: &Action) -> Verdict {
        action.verdict(&self.look(action.target()).await)
    }

    pub(crate) async fn apply(&self, action: &Action, n: u128) -> PortResult<()> {
        self.writer.apply(action, key(n)).await
    }

    /// What the store did, as (kind, before, after).
    pub(crate) fn made(&self) -> Vec<(String, Value, Value)> {
        let all = self.shop.writes()["writes"].as_array().unwrap().clone();
        all.into_iter()
            .map(|w| {
                let kind = w["kind"].as_str().unwrap().to_owned();
                (kind, w["before"].clone(), w["after"].clone())
            })
            .collect()
    }

    pub(crate) fn fault(&self, faults: &[(&str, f64)]) {
        for (name, rate) in faults {
            self.shop.fault(name, *rate).unwrap();
        }
    }

    /// An order that can be held, sent in so many parts: every fifth one with several goods lies in two places.
    pub(crate) async fn open_order(&self, parts: usize) -> OrderId {
        let ids: Vec<_> = (0..1_200).map(|n| OrderId(FIRST_ORDER + n)).collect();
        let targets: Vec<_> = ids.iter().copied().map(Target::Holds).collect();
        let seen = self.writer.look(&targets).await.unwrap();
        let exported = export(&*self.opened.source, all(FactKind::Orders), None).await;
        let goods = |id: OrderId| {
            let orders = exported.orders();
            let order = orders.iter().find(|o| o.id == id);
            order.map_or(0, |o| {
                o.lines.iter().filter(|l| l.variant.is_some()).count()
            })
        };
        let mut open = ids.into_iter().zip(seen).filter_map(|(id, seen)| {
            matches!(seen, Seen::Holds { can_hold: true, .. }).then_some(id)
        });
        let fits = |id: &OrderId| match parts {
            1 => (id.0 - FIRST_ORDER) % 5 != 0,
            _ => (id.0 - FIRST_ORDER) % 5 == 0 && goods(*id) > 1,
        };
        open.find(fits).expect("an order of that kind is open")
    }
}

fn hold(order: OrderId, handle: &str) -> Action {
    Action::HoldOrder {
        order,
        handle: handle.to_owned(),
        reason: HoldReason::HighRiskOfFraud,
        note: "Address and card differ".to_owned(),
    }
}

fn add_tags(target: Tagged, tags: &[&str]) -> Action {
    Action::AddTags {
        target,
        tags: tags.iter().map(|t| (*t).to_owned()).collect(),
    }
}

async fn stock(world: &World, change: i64) -> Action {
    let product = world.product().await;
    let item = product.variants[0].inventory_item.unwrap();
    let Seen::Stock { available } = world.look(Target::Stock(item, LOCATION)).await else {
        panic!("the item is stocked");
    };
    Action::Inventory {
        item,
        location: LOCATION,
        before: available,
        after: available + change,
    }
}

#[tokio::test]
async fn prices_change_once_and_come_back() {
    let world = world().await;
    let price = world.price(12_345).await;
    let Action::Price {
        product,
        variant,
        before,
        ..
    } = price
    else {
        unreachable!()
    };
    let compare_at = |before, after| Action::CompareAtPrice {
        product,
        variant,
        before,
        after,
    };
    let ways = [
        price.clone(),
        compare_at(None, Some(15_000)),
        compare_at(Some(15_000), None),
        price.inverse().unwrap(),
    ];
    for (n, action) in ways.iter().enumerate() {
        assert_eq!(world.verdict(action).await, Verdict::Ready, "{action:?}");
        // Sent twice: the second time it is so already.
        for _ in 0..2 {
            world.apply(action, n as u128).await.unwrap();
        }
        assert_eq!(world.verdict(action).await, Verdict::Done, "{action:?}");
    }
    let seen = world.look(price.target()).await;
    let compare_at = None;
    let price = before;
    assert_eq!(seen, Seen::Variant { price, compare_at });
    assert_eq!(world.made().len(), 4, "{:?}", world.made());
}

#[tokio::test]
async fn what_somebody_else_changed_is_left_alone() {
    let world = world().await;
    let price = world.price(12_345).await;
    world.apply(&price, 1).await.unwrap();
    let made = world.made();
    let late = world.price(11_000).await;
    let stale = match (price.clone(), late) {
        (
            Action::Price { before, .. },
            Action::Price {
                product,
                variant,
                after,
                ..
            },
        ) => Action::Price {
            product,
            variant,
            before,
            after,
        },
        _ => unreachable!(),
    };
    assert_eq!(world.verdict(&stale).await, Verdict::Drifted);
    let error = world.apply(&stale, 2).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (Kind::Conflict, Retry::Never));
    assert!(error.detail.contains("123.45"), "{error}");
    assert_eq!(world.made(), made);
}

#[tokio::test]
async fn stock_is_changed_from_what_was_planned_on_and_a_lost_answer_is_given_again() {
    let world = world().await;
    let more = stock(&world, 7).await;
    world.fault(&[("write_lost", 1.0), ("limit", 1.0)]);
    world.apply(&more, 1).await.unwrap();
    assert_eq!(world.made().len(), 1, "the repeat had no effect");
    let replays = world.shop.writes()["replays"].clone();
    assert_eq!(replays[0]["key"], key(1).to_string());
    assert_eq!(world.verdict(&more).await, Verdict::Done);
    // The same key with another change, another key with the same change, and a change from what is not there.
    let other = more.inverse().unwrap();
    let error = world.apply(&other, 1).await.unwrap_err();
    assert_eq!(error.kind, Kind::Rejected);
    assert!(
        error.detail.contains("IDEMPOTENCY_KEY_PARAMETER_MISMATCH"),
        "{error}"
    );
    world.apply(&more, 2).await.unwrap();
    let Action::Inventory {
        item,
        location,
        before,
        after,
    } = more
    else {
        unreachable!()
    };
    let stale = Action::Inventory {
        item,
        location,
        before,
        after: after + 1,
    };
    let error = world.apply(&stale, 3).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (Kind::Conflict, Retry::Never));
    world.apply(&other, 4).await.unwrap();
    let available = before;
    assert_eq!(world.look(other.target()).await, Seen::Stock { available });
    assert_eq!(world.made().len(), 2);
}

#[tokio::test]
async fn tags_are_added_to_those_of_others_and_taken_away_alone() {
    let world = world().await;
    let product = world.product().await;
    for target in [
        Tagged::Order(OrderId(FIRST_ORDER + 3)),
        Tagged::Product(product.id),
    ] {
        let Seen::Tags { tags: before } = world.look(Target::Tags(target)).await else {
            panic!("it has tags");
        };
        let add = add_tags(target, &["Royal-Review", " royal late "]);
        world.apply(&add, 1).await.unwrap();
        world.apply(&add, 1).await.unwrap();
        let Seen::Tags { tags } = world.look(Target::Tags(target)).await else {
            unreachable!()
        };
        assert_eq!(tags.len(), before.len() + 2, "{tags:?}");
        assert!(before.iter().all(|t| tags.contains(t)));
        world
            .apply(&add_tags(target, &["ROYAL-review"]).inverse().unwrap(), 2)
            .await
            .unwrap();
        world.apply(&add.inverse().unwrap(), 3).await.unwrap();
        let there = world.look(Target::Tags(target)).await;
        assert_eq!(there, Seen::Tags { tags: before });
    }
    assert_eq!(world.made().len(), 6);
    let comma = add_tags(Tagged::Product(product.id), &["a,b"]);
    assert_eq!(kind(world.apply(&comma, 9).await), Err(Kind::Rejected));
}

#[tokio::test]
async fn an_order_is_held_in_all_its_parts_and_released_from_our_hold_alone() {
    let world = world().await;
    for parts in [1, 2] {
        let order = world.open_order(parts).await;
        let ours = hold(order, "royal-1");
        let before = world.made().len();
        assert_eq!(world.verdict(&ours).await, Verdict::Ready);
        world.apply(&ours, 1).await.unwrap();
        world.apply(&ours, 1).await.unwrap();
        let holds = |can_hold| Seen::Holds {
            handles: vec!["royal-1".to_owned()],
            can_hold,
        };
        assert_eq!(world.look(ours.target()).await, holds(false));
        assert_eq!(world.made().len(), before + parts);
        // A hold of another handle is not taken away with it.
        let others = hold(order, "royal-2").inverse().unwrap();
        world.apply(&others, 2).await.unwrap();
        assert_eq!(world.look(ours.target()).await, holds(false));
        world.apply(&ours.inverse().unwrap(), 3).await.unwrap();
        assert_eq!(world.verdict(&ours).await, Verdict::Ready);
        assert_eq!(world.made().len(), before + 2 * parts);
    }
}

#[tokio::test]
async fn a_hold_that_one_part_refuses_leaves_no_part_held() {
    let world = world().await;
    let order = world.open_order(2).await;
    world.fault(&[("write_refused", 1.0), ("write_nth", 2.0)]);
    let error = world.apply(&hold(order, "h"), 1).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (Kind::Rejected, Retry::Never));
    let kinds: Vec<_> = world.made().into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(
        kinds,
        ["fulfillmentOrderHold", "fulfillmentOrderReleaseHold"]
    );
    let handles = Vec::new();
    let can_hold = true;
    let seen = world.look(Target::Holds(order)).await;
    assert_eq!(seen, Seen::Holds { handles, can_hold });
}

#[tokio::test]
async fn a_hold_that_was_lost_halfway_is_seen_as_unfinished_and_finished_by_a_repeat() {
    let world = world().await;
    let order = world.open_order(2).await;
    let hold = hold(order, "h");
    world.fault(&[("write_unsent", 1.0), ("write_nth", 2.0)]);
    let error = world.apply(&hold, 1).await.unwrap_err();
    assert_eq!(error.retry, Retry::Reconcile, "{error}");
    assert_eq!(world.verdict(&hold).await, Verdict::Ready);
    world.apply(&hold, 1).await.unwrap();
    assert_eq!(world.verdict(&hold).await, Verdict::Done);
    assert_eq!(world.made().len(), 2, "{:?}", world.made());
}

#[tokio::test]
async fn whoever_lost_an_answer_looks_and_repeats_without_a_second_effect() {
    let world = world().await;
    let order = world.open_order(1).await;
    let actions = [
        world.price(12_345).await,
        add_tags(Tagged::Order(order), &["royal"]),
        hold(order, "h"),
        hold(order, "h").inverse().unwrap(),
    ];
    for (fault, there) in [
        ("write_unsent", Verdict::Ready),
        ("write_lost", Verdict::Done),
    ] {
        for (n, action) in actions.iter().enumerate() {
            // The second round undoes what the first one did.
            let action = match (fault, n) {
                ("write_lost", 0 | 1) => action.inverse().unwrap(),
                _ => action.clone(),
            };
            let before = world.made().len();
            world.fault(&[(fault, 1.0), ("limit", 1.0)]);
            let error = world.apply(&action, 1).await.unwrap_err();
            assert_eq!(error.retry, Retry::Reconcile, "{action:?}: {error}");
            assert_eq!(world.verdict(&action).await, there, "{action:?}");
            world.apply(&action, 1).await.unwrap();
            assert_eq!(world.verdict(&action).await, Verdict::Done, "{action:?}");
            assert_eq!(world.made().len(), before + 1, "{action:?}");
            world.fault(&[(fault, 0.0), ("limit", 0.0)]);
        }
    }
}

#[tokio::test]
async fn what_the_shop_refuses_is_told_in_its_words_and_changes_nothing() {
    let world = world().await;
    let negative = world.price(-100).await;
    let error = world.apply(&negative, 1).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (Kind::Rejected, Retry::Never));
    for word in ["greater than or equal to 0", "variants.0.price"] {
        assert!(error.detail.contains(word), "{error}");
    }
    let order = world.open_order(1).await;
    let long = hold(order, &"h".repeat(65));
    assert_eq!(kind(world.apply(&long, 2).await), Err(Kind::Rejected));
    world.fault(&[("write_throttle", 1.0), ("limit", 1.0)]);
    let error = world
        .apply(&world.price(12_345).await, 3)
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::RateLimited, "{error}");
    assert!(matches!(error.retry, Retry::After(_)));
    assert_eq!(world.made(), []);
}

#[tokio::test]
async fn a_scope_that_is_not_granted_is_named_and_reading_misses_nothing() {
    let world = world_with(|o| {
        o.scopes = SCOPES.map(str::to_owned).into();
        o.scopes.retain(|s| !s.starts_with("write_"));
        let reading = "read_merchant_managed_fulfillment_orders";
        o.scopes.push(reading.to_owned());
    })
    .await;
    let identity = world.opened.source.identify().await.unwrap();
    assert_eq!(identity.warnings, []);
    let missing = &identity.scopes.missing;
    assert_eq!(missing.len(), 5, "{missing:?}");
    assert!(missing.iter().all(|m| m.for_changes && !m.required));
    let (order, product) = (world.open_order(1).await, world.product().await);
    let wanted = [
        (world.price(12_345).await, "write_products"),
        (stock(&world, 1).await, "write_inventory"),
        (add_tags(Tagged::Order(order), &["a"]), "write_orders"),
        (
            add_tags(Tagged::Product(product.id), &["a"]),
            "write_products",
        ),
        (
            hold(order, "h"),
            "write_merchant_managed_fulfillment_orders",
        ),
    ];
    for (action, scope) in wanted {
        let error = world.apply(&action, 1).await.unwrap_err();
        assert_eq!(
            (error.kind, error.retry),
            (Kind::Forbidden, Retry::Never),
            "{error}"
        );
        assert!(error.detail.contains(scope), "{scope}: {error}");
    }
    assert_eq!(world.made(), []);
}

#[tokio::test]
async fn many_things_are_looked_at_in_their_order_and_what_is_unknown_is_gone() {
    let world = world().await;
    let product = world.product().await;
    let variant = product.variants[0].id;
    let item = product.variants[0].inventory_item.unwrap();
    let known = [
        Target::Tags(Tagged::Product(product.id)),
        Target::Variant(product.id, variant),
        Target::Stock(item, LOCATION),
        Target::Holds(OrderId(FIRST_ORDER + 1)),
        Target::Variant(product.id, variant),
    ];
    let unknown = [
        Target::Tags(Tagged::Order(OrderId(1))),
        Target::Variant(ProductId(1), VariantId(1)),
        Target::Stock(InventoryItemId(1), LOCATION),
        Target::Stock(item, LocationId(1)),
        Target::Holds(OrderId(1)),
    ];
    let mixed: Vec<_> = known
        .into_iter()
        .zip(unknown)
        .flat_map(|(k, u)| [k, u])
        .collect();
    let seen = world.writer.look(&mixed).await.unwrap();
    for (n, (target, seen)) in mixed.iter().zip(&seen).enumerate() {
        let fits = matches!(
            (n % 2, target, seen),
            (1, _, Seen::Gone)
                | (0, Target::Tags(_), Seen::Tags { .. })
                | (0, Target::Variant(..), Seen::Variant { .. })
                | (0, Target::Stock(..), Seen::Stock { .. })
                | (0, Target::Holds(_), Seen::Holds { .. })
        );
        assert!(fits, "{target:?}: {seen:?}");
    }
    let gone = hold(OrderId(1), "h");
    assert_eq!(kind(world.apply(&gone, 1).await), Err(Kind::Conflict));
    assert_eq!(world.writer.look(&[]).await.unwrap(), []);
}
