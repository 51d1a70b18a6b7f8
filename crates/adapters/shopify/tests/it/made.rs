//! What is made or called off for good against a store that speaks Shopify's protocol: cancellations, discounts, drafts.

use crate::writer::{FIRST_ORDER, World, kind, world, world_with};
use chrono::DateTime;
use domain::changes::{
    Action, CancelReason, Cancellation, Discount, DiscountKey, DiscountScope, DraftImage,
    DraftOption, DraftVariant, ProductDraft, Seen, Target, Terms, Verdict,
};
use domain::ids::{CollectionId, OrderId, ProductId};
use ports::{Kind, Retry};
use sandbox::SCOPES;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl World {
    async fn cancellation(&self) -> Cancellation {
        let order = self.open_order(1).await;
        let Seen::Order { total, .. } = self.look(Target::Order(order)).await else {
            panic!("the order is there");
        };
        Cancellation {
            order,
            reason: CancelReason::Customer,
            restock: true,
            refund: true,
            notify_customer: false,
            note: "asked by mail".into(),
            total,
        }
    }

    fn kinds(&self) -> Vec<String> {
        self.made().into_iter().map(|(kind, ..)| kind).collect()
    }

    /// What is read back is what was asked for, however it was sent.
    async fn is_made_once(&self, action: &Action, n: u128) {
        assert_eq!(self.verdict(action).await, Verdict::Ready, "{action:?}");
        let before = self.made().len();
        for _ in 0..2 {
            self.apply(action, n).await.unwrap();
        }
        assert_eq!(self.verdict(action).await, Verdict::Done, "{action:?}");
        assert_eq!(self.made().len(), before + 1, "{:?}", self.made());
    }
}

fn discount(key: DiscountKey, on: DiscountScope) -> Discount {
    Discount {
        title: "Spring".into(),
        key,
        terms: Terms {
            share: 1_250,
            starts_at: DateTime::from_timestamp(1_795_000_100, 0).unwrap(),
            ends_at: DateTime::from_timestamp(1_796_000_000, 0),
            on,
        },
    }
}

fn code(text: &str) -> DiscountKey {
    DiscountKey::Code(text.to_owned())
}

fn draft(handle: &str) -> ProductDraft {
    let variant = |size: &str, price| DraftVariant {
        values: vec![size.to_owned()],
        price,
        compare_at: Some(2_500),
        unit_cost: Some(700),
        sku: Some(format!("{handle}-{size}")),
    };
    ProductDraft {
        handle: handle.to_owned(),
        title: "Blue mug".into(),
        description_html: "<p>Holds tea.</p>".into(),
        product_type: "Mugs".into(),
        vendor: "Royal".into(),
        options: vec![DraftOption {
            name: "Size".into(),
            values: vec!["S".into(), "L".into()],
        }],
        variants: vec![variant("S", 1_900), variant("L", 2_200)],
        images: vec![DraftImage {
            url: "https://example.com/mug.jpg".into(),
            alt: "A blue mug".into(),
        }],
        opportunity: None,
    }
}

#[tokio::test]
async fn an_order_is_cancelled_once_by_a_job_that_is_waited_for() {
    let world = world_with(|o| o.bulk_ms = 400).await;
    let cancellation = world.cancellation().await;
    let action = Action::CancelOrder(cancellation.clone());
    world.is_made_once(&action, 1).await;
    let (kind, _, after) = world.made().remove(0);
    assert_eq!(kind, "orderCancel");
    assert_eq!(
        (&after["reason"], &after["refund"], &after["restock"]),
        (&json!("CUSTOMER"), &json!(true), &json!(true))
    );
    let seen = world.look(Target::Order(cancellation.order)).await;
    let Seen::Order { is_cancelled, .. } = seen else {
        panic!("{seen:?}");
    };
    assert!(is_cancelled);
}

#[tokio::test]
async fn an_order_that_is_not_as_planned_is_not_cancelled() {
    let world = world().await;
    let planned = world.cancellation().await;
    let other = Cancellation {
        total: planned.total + 1,
        ..planned.clone()
    };
    let error = world
        .apply(&Action::CancelOrder(other), 1)
        .await
        .unwrap_err();
    assert_eq!((error.kind, error.retry), (Kind::Conflict, Retry::Never));
    let mut sent = None;
    for n in 0..50 {
        let target = Target::Order(OrderId(FIRST_ORDER + n));
        if let Seen::Order {
            is_sent: true,
            is_cancelled: false,
            total,
        } = world.look(target).await
        {
            sent = Some((OrderId(FIRST_ORDER + n), total));
            break;
        }
    }
    let (order, total) = sent.expect("an order was sent");
    let sent = Action::CancelOrder(Cancellation {
        order,
        total,
        ..planned
    });
    assert_eq!(world.verdict(&sent).await, Verdict::Drifted);
    let error = world.apply(&sent, 2).await.unwrap_err();
    assert!(error.detail.contains("sent"), "{error}");
    assert_eq!(world.made(), []);
}

#[tokio::test]
async fn a_lost_cancellation_is_looked_for_and_never_sent_again_by_itself() {
    let world = world_with(|o| o.bulk_ms = 400).await;
    let action = Action::CancelOrder(world.cancellation().await);
    assert!(!action.is_harmless_again());
    world.fault(&[("write_unsent", 1.0), ("limit", 1.0)]);
    let error = world.apply(&action, 1).await.unwrap_err();
    assert_eq!(error.retry, Retry::Reconcile, "{error}");
    assert_eq!(world.verdict(&action).await, Verdict::Ready);
    assert_eq!(world.made(), []);
    // Made, and its answer lost: it is seen when the job is done.
    world.fault(&[("write_unsent", 0.0), ("write_lost", 1.0), ("limit", 1.0)]);
    world.apply(&action, 1).await.unwrap();
    assert_eq!(world.verdict(&action).await, Verdict::Done);
    assert_eq!(world.kinds(), ["orderCancel"]);
    world.fault(&[("write_lost", 0.0), ("write_refused", 1.0), ("limit", 1.0)]);
    let other = Action::CancelOrder(world.cancellation().await);
    assert_eq!(kind(world.apply(&other, 2).await), Err(Kind::Rejected));
}

#[tokio::test]
async fn a_discount_has_a_code_or_a_tag_and_is_removed_again() {
    let world = world().await;
    let product = world.product().await.id;
    let products = DiscountScope::Products(BTreeSet::from([product]));
    for (n, discount) in [
        discount(code("SPRING-10"), products.clone()),
        discount(code("ALL"), DiscountScope::All),
        discount(DiscountKey::Tag("royal-1".into()), products),
        discount(DiscountKey::Tag("royal-2".into()), DiscountScope::All),
    ]
    .into_iter()
    .enumerate()
    {
        let action = Action::Discount(discount);
        world.is_made_once(&action, n as u128).await;
        let end = action.inverse().unwrap();
        world.is_made_once(&end, 100 + n as u128).await;
        assert_eq!(world.look(action.target()).await, Seen::Gone);
    }
}

#[tokio::test]
async fn a_used_discount_is_ended_and_stays() {
    let world = world().await;
    world.fault(&[("discounts_used", 3.0)]);
    for (n, key) in [code("ALL"), DiscountKey::Tag("royal-1".into())]
        .into_iter()
        .enumerate()
    {
        let action = Action::Discount(discount(key, DiscountScope::All));
        world.apply(&action, n as u128).await.unwrap();
        let end = action.inverse().unwrap();
        world.is_made_once(&end, 100 + n as u128).await;
        let seen = world.look(action.target()).await;
        let is_over = matches!(
            seen,
            Seen::Discount {
                has_ended: true,
                is_used: true,
                ..
            }
        );
        assert!(is_over, "{seen:?}");
        assert_eq!(world.verdict(&action).await, Verdict::Drifted);
    }
}

#[tokio::test]
async fn a_code_of_somebody_else_is_left_alone_and_ours_is_known_again() {
    let world = world().await;
    let ours = discount(code("SPRING"), DiscountScope::All);
    world.fault(&[("write_lost", 1.0), ("limit", 1.0)]);
    let action = Action::Discount(ours.clone());
    let error = world.apply(&action, 1).await.unwrap_err();
    assert_eq!(error.retry, Retry::Reconcile);
    world.apply(&action, 1).await.unwrap();
    assert_eq!(world.made().len(), 1);
    let mut other = ours;
    other.terms.share = 2_000;
    let other = Action::Discount(other);
    assert_eq!(world.verdict(&other).await, Verdict::Drifted);
    assert_eq!(kind(world.apply(&other, 2).await), Err(Kind::Conflict));
    let end = other.inverse().unwrap();
    assert_eq!(kind(world.apply(&end, 3).await), Err(Kind::Conflict));
    let strange = |on| Action::Discount(discount(code("X"), on));
    for on in [
        DiscountScope::Products([ProductId(1)].into()),
        DiscountScope::Collections([CollectionId(1)].into()),
    ] {
        let error = world.apply(&strange(on), 4).await.unwrap_err();
        assert_eq!(error.kind, Kind::Rejected);
        assert!(error.detail.contains("is invalid"), "{error}");
    }
    assert_eq!(world.made().len(), 1);
}

#[tokio::test]
async fn one_that_applies_by_itself_is_found_by_its_tag_by_whoever_did_not_make_it() {
    let world = world().await;
    let action = Action::Discount(discount(
        DiscountKey::Tag("royal-7".into()),
        DiscountScope::All,
    ));
    assert!(!action.is_harmless_again());
    world.fault(&[("write_lost", 1.0), ("limit", 1.0)]);
    let error = world.apply(&action, 1).await.unwrap_err();
    assert_eq!(error.retry, Retry::Reconcile);
    // The answer with its id was lost.
    assert_eq!(world.verdict(&action).await, Verdict::Done);
    world.is_made_once(&action.inverse().unwrap(), 2).await;
}

#[tokio::test]
async fn a_product_is_made_as_a_draft_once_and_removed_while_it_is_one() {
    let world = world().await;
    let action = Action::ProductDraft(draft("blue-mug"));
    world.is_made_once(&action, 1).await;
    let (_, _, after) = world.made().remove(0);
    assert_eq!(after["status"], "DRAFT");
    assert_eq!(
        after["files"][0]["originalSource"],
        "https://example.com/mug.jpg"
    );
    let Seen::Product { product, .. } = world.look(action.target()).await else {
        panic!("it was made");
    };
    let read = world.read_product(product).await;
    let first = &read.variants[0];
    assert_eq!((read.status.as_str(), first.price), ("draft", 1_900));
    assert_eq!(first.compare_at_price, Some(2_500));
    assert_eq!(first.sku.as_deref(), Some("blue-mug-S"));
    assert!(first.unit_cost.is_some(), "{first:?}");
    world.is_made_once(&action.inverse().unwrap(), 2).await;
    assert_eq!(world.look(action.target()).await, Seen::Gone);

    let plain = ProductDraft {
        options: vec![],
        variants: vec![DraftVariant {
            values: vec![],
            price: 900,
            compare_at: None,
            unit_cost: None,
            sku: None,
        }],
        ..draft("plain-mug")
    };
    world.is_made_once(&Action::ProductDraft(plain), 3).await;
}

#[tokio::test]
async fn the_product_of_somebody_else_is_neither_written_over_nor_removed() {
    let world = world().await;
    let theirs = world.product().await;
    let action = Action::ProductDraft(draft(&theirs.handle));
    assert_eq!(world.verdict(&action).await, Verdict::Drifted);
    assert_eq!(kind(world.apply(&action, 1).await), Err(Kind::Conflict));
    let removal = action.inverse().unwrap();
    assert_eq!(world.verdict(&removal).await, Verdict::Drifted);
    assert_eq!(kind(world.apply(&removal, 2).await), Err(Kind::Conflict));
    // A draft with the SKU of something that was sold stays.
    let mut sold = draft("sold-mug");
    let sku = theirs.variants.iter().find_map(|v| v.sku.clone());
    sold.variants[0].sku = sku;
    let sold = Action::ProductDraft(sold);
    world.apply(&sold, 3).await.unwrap();
    let seen = world.look(sold.target()).await;
    assert!(
        matches!(seen, Seen::Product { is_sold: true, .. }),
        "{seen:?}"
    );
    let removal = sold.inverse().unwrap();
    assert_eq!(kind(world.apply(&removal, 4).await), Err(Kind::Conflict));
    // Lost on its way, and made without an answer.
    let mug = Action::ProductDraft(draft("lost-mug"));
    for (fault, there) in [
        ("write_unsent", Verdict::Ready),
        ("write_lost", Verdict::Done),
    ] {
        world.fault(&[(fault, 1.0), ("limit", 1.0)]);
        let error = world.apply(&mug, 5).await.unwrap_err();
        assert_eq!(error.retry, Retry::Reconcile, "{error}");
        assert_eq!(world.verdict(&mug).await, there);
        world.fault(&[(fault, 0.0)]);
    }
    assert_eq!(world.kinds(), ["productSet", "productSet"]);
}

#[tokio::test]
async fn what_is_not_granted_is_named_and_never_taken_for_gone() {
    let world = world_with(|o| {
        let scopes = SCOPES.into_iter().map(str::to_owned);
        o.scopes = scopes.filter(|s| !s.ends_with("_discounts")).collect();
    })
    .await;
    let action = Action::Discount(discount(code("X"), DiscountScope::All));
    let error = world.writer.look(&[action.target()]).await.unwrap_err();
    assert_eq!(error.kind, Kind::Forbidden, "{error}");
    assert!(error.detail.contains("discounts"), "{error}");
    let error = world
        .apply(&action.inverse().unwrap(), 1)
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Forbidden, "{error}");
    let none: Vec<(String, Value, Value)> = vec![];
    assert_eq!(world.made(), none);
}
