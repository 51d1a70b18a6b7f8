//! The store's own laws: agreements, totals and truth are three ways to the same figures, for any store and whatever
//! happens to its orders.

use proptest::prelude::*;

use crate::generate::actions::{self, Refund};
use crate::generate::sale::place_order;
use crate::generate::{Plan, shop};
use crate::random::Random;
use crate::store::ledger::agreements;
use crate::store::totals::totals;
use crate::store::{StepKind, Store};
use crate::truth::{By, Day, tally};

const NOW: i64 = 1_795_000_000;

fn store(seed: u64, orders: usize, currency: &'static str) -> Store {
    shop(&Plan {
        seed,
        orders,
        days: 90,
        currency,
        zone: chrono_tz::America::New_York,
        now: NOW,
    })
}

/// Sums of the sales of one order, by what they are.
fn assert_adds_up(store: &Store) {
    for order in &store.orders {
        let t = totals(order);
        let sales: Vec<_> = agreements(store, order)
            .into_iter()
            .flat_map(|a| a.sales)
            .collect();
        let sum = |kinds: &[&str], f: fn(&crate::store::ledger::Sale) -> i64| -> i64 {
            sales
                .iter()
                .filter(|s| kinds.is_empty() || kinds.contains(&s.line_type))
                .map(f)
                .sum()
        };
        assert_eq!(sum(&[], |s| s.total), t.current, "total of {order:#?}");
        assert_eq!(
            sum(&[], crate::store::ledger::Sale::tax),
            t.current_tax,
            "tax of {}",
            order.name
        );
        let with_tax = |s: &crate::store::ledger::Sale| s.total;
        let own_tax = if order.taxes_included {
            0
        } else {
            sum(&["SHIPPING"], crate::store::ledger::Sale::tax)
        };
        assert_eq!(
            sum(&["SHIPPING"], with_tax) - own_tax,
            t.current_shipping,
            "shipping of {}",
            order.name
        );
        let goods: i64 = sales
            .iter()
            .filter(|s| matches!(s.line_type, "PRODUCT" | "GIFT_CARD"))
            .filter_map(|s| s.quantity)
            .map(i64::from)
            .sum();
        assert_eq!(goods, t.current_quantity, "units of {}", order.name);
        for sale in sales.iter().filter(|s| s.action == "RETURN") {
            assert!(
                sale.total <= 0 && sale.quantity.is_none_or(|q| q <= 0),
                "what is taken off is negative: {sale:?}"
            );
        }
        assert!(
            t.refunded <= t.received,
            "no more is given back than came in: {}",
            order.name
        );
        for (n, line) in order.lines.iter().enumerate() {
            assert!(
                (0..=line.quantity).contains(&line.removed),
                "line {n} of {}",
                order.name
            );
        }
    }
}

/// The ledger of all orders counts the same as the truth does.
fn assert_truth(store: &Store) {
    let mut seen = Day::default();
    for order in store.live_orders().filter(|o| !o.test) {
        seen.orders += 1;
        for sale in agreements(store, order).into_iter().flat_map(|a| a.sales) {
            let net = sale.total - sale.tax();
            match (sale.line_type, sale.action) {
                ("PRODUCT", "RETURN") => seen.returns -= net,
                ("PRODUCT", _) => {
                    seen.gross_sales += net + sale.discount_before_taxes;
                    seen.discounts += sale.discount_before_taxes;
                }
                ("SHIPPING", _) => seen.shipping += net,
                ("TIP", _) => seen.tips += net,
                ("GIFT_CARD", _) => seen.gift_cards += net,
                ("FEE", _) => seen.fees_charged += net,
                ("ADJUSTMENT", _) => seen.adjustments += net,
                other => panic!("a sale of no known kind: {other:?}"),
            }
            seen.taxes += sale.tax();
        }
    }
    let truth =
        tally(store, By::Day, None, None)
            .into_values()
            .fold(Day::default(), |mut sum, day| {
                sum.add(&day);
                sum
            });
    let figures = |d: &Day| {
        [
            d.orders,
            d.gross_sales,
            d.discounts,
            d.returns,
            d.shipping,
            d.taxes,
            d.tips,
            d.gift_cards,
            d.fees_charged,
            d.adjustments,
        ]
    };
    assert_eq!(figures(&seen), figures(&truth));
}

#[test]
fn the_store_has_everything_that_happens_to_shops() {
    let store = store(1, 4_000, "USD");
    assert_adds_up(&store);
    assert_truth(&store);
    let count = |wanted: fn(&StepKind) -> bool| {
        store
            .orders
            .iter()
            .flat_map(|o| &o.steps)
            .filter(|s| wanted(&s.kind))
            .count()
    };
    let seen = [
        count(|k| matches!(k, StepKind::Edit { removed } if removed.is_empty())),
        count(|k| matches!(k, StepKind::Edit { removed } if !removed.is_empty())),
        count(|k| matches!(k, StepKind::Refund { cancel: true, .. })),
        count(|k| matches!(k, StepKind::Refund { extra, .. } if *extra > 0)),
        count(|k| matches!(k, StepKind::Return { fee: 0, .. })),
        count(|k| matches!(k, StepKind::Return { fee, .. } if *fee > 0)),
        store.orders.iter().filter(|o| o.test).count(),
        store.orders.iter().filter(|o| o.deleted.is_some()).count(),
        store
            .orders
            .iter()
            .filter(|o| {
                o.lines
                    .iter()
                    .any(|l| l.line_discount > 0 && l.order_discount > 0)
            })
            .count(),
        store.orders.iter().filter(|o| o.customer.is_none()).count(),
        store.customers.iter().filter(|c| c.orders > 1).count(),
        store.variants.iter().filter(|v| v.cost().is_none()).count(),
    ];
    assert!(seen.iter().all(|n| *n > 0), "{seen:?}");
    let countries: std::collections::BTreeSet<_> = store
        .orders
        .iter()
        .map(|o| store.place(o).country_code)
        .collect();
    assert!(countries.len() >= 6, "{countries:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn agreements_totals_and_truth_agree_under_any_events(
        seed in any::<u64>(),
        currency in prop_oneof![Just("USD"), Just("JPY"), Just("KWD")],
        events in proptest::collection::vec((0usize..40, 0u8..8), 0..120),
    ) {
        let mut store = store(seed, 40, currency);
        let mut random = Random::new(seed ^ 7);
        for (n, (order, kind)) in events.into_iter().enumerate() {
            let at = NOW + 60 * i64::try_from(n).unwrap();
            match kind {
                0 => actions::refund(&mut store, &mut random, order, at, Refund::Partial),
                1 => actions::refund(&mut store, &mut random, order, at, Refund::Full),
                2 => actions::refund(&mut store, &mut random, order, at, Refund::AmountOnly),
                3 => actions::edit(&mut store, &mut random, order, at, true),
                4 => actions::edit(&mut store, &mut random, order, at, false),
                5 => actions::cancel(&mut store, order, at),
                6 => actions::take_return(&mut store, &mut random, order, at, n % 2 == 0),
                _ => place_order(&mut store, &mut random, at) > 0,
            };
        }
        assert_adds_up(&store);
        assert_truth(&store);
    }
}

/// Walks over everything that can be reached from the root and asks each thing for every field of its type.
#[test]
fn every_field_of_the_excerpt_is_answered_and_never_null_where_it_must_not_be() {
    use crate::graphql::argument::Arguments;
    use crate::graphql::resolve::{Context, resolve};
    use crate::graphql::schema;
    use crate::graphql::value::{Object, Value};

    let store = store(3, 1_500, "USD");
    let scopes: Vec<String> = crate::SCOPES.map(str::to_owned).into();
    let context = Context {
        store: &store,
        now: NOW,
        scopes: &scopes,
        bulk: Vec::new(),
        subscriptions: Vec::new(),
        null_rate: 0.0,
        strange_rate: 0.0,
        cancels: Vec::new(),
        discounts_used: 0,
        warnings: std::cell::RefCell::default(),
    };
    let arguments = Arguments::for_tests([("names", serde_json::json!(["available"]))]);
    let (mut waiting, mut visited) = (
        std::collections::VecDeque::from([Object::Query]),
        std::collections::BTreeMap::<&str, usize>::new(),
    );
    let mut missing = Vec::new();
    while let Some(object) = waiting.pop_front() {
        let ty = object.type_name();
        let count = visited.entry(ty).or_default();
        *count += 1;
        if *count > 2_000 {
            continue;
        }
        let definition = schema()
            .get_object(ty)
            .unwrap_or_else(|| panic!("{ty} is not in the schema"));
        for (name, field) in &definition.fields {
            if field
                .arguments
                .iter()
                .any(|a| a.is_required() && a.name != "names")
                || (ty == "InventoryItem" && name == "inventoryLevel")
            {
                continue;
            }
            match resolve(&context, &object, name, &arguments) {
                Value::Unknown => missing.push(format!("{ty}.{name} is not answered")),
                Value::Null if field.ty.is_non_null() => {
                    missing.push(format!("{ty}.{name} is null"))
                }
                Value::Object(o) => waiting.push_back(o),
                Value::List(items) => waiting.extend(items.into_iter().filter_map(|v| {
                    if let Value::Object(o) = v {
                        Some(o)
                    } else {
                        None
                    }
                })),
                Value::Connection(all) => {
                    // Some of long lists, all of short ones.
                    let step = (all.nodes.len() / 700).max(1);
                    waiting.extend(all.nodes.into_iter().map(|n| n.object).step_by(step));
                }
                _ => {}
            }
        }
    }
    missing.sort();
    missing.dedup();
    assert!(missing.is_empty(), "{missing:#?}");
    let expected = [
        "Order",
        "LineItem",
        "ProductSale",
        "TipSale",
        "GiftCardSale",
        "ShippingLineSale",
        "AdjustmentSale",
        "FeeSale",
        "Refund",
        "RefundLineItem",
        "Return",
        "ReturnLineItem",
        "ExchangeLineItem",
        "OrderTransaction",
        "TransactionFee",
        "InventoryLevel",
        "ShopifyPaymentsPayout",
        "BasicEvent",
    ];
    for ty in expected {
        assert!(visited.contains_key(ty), "no {ty} was met");
    }
}
