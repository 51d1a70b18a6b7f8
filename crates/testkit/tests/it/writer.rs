//! The shop in memory that can be changed keeps the promises of its port.

use domain::changes::{Action, HoldReason, Seen, Tagged, Target, Verdict};
use domain::ids::{InventoryItemId, LocationId, OrderId, ProductId, VariantId};
use ports::writer::StoreWriter as _;
use ports::{Kind, Retry};
use testkit::fakes::{FakeWriter, WriteFailure};
use uuid::Uuid;

const ITEM: Target = Target::Stock(InventoryItemId(1), LocationId(2));

fn stock(before: i64, after: i64) -> Action {
    Action::Inventory {
        item: InventoryItemId(1),
        location: LocationId(2),
        before,
        after,
    }
}

fn price(before: i64, after: i64) -> Action {
    Action::Price {
        product: ProductId(1),
        variant: VariantId(2),
        before,
        after,
    }
}

fn key(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

#[tokio::test]
async fn a_key_has_its_effect_once_also_when_its_answer_was_lost() {
    let writer = FakeWriter::default();
    writer.put(ITEM, Seen::Stock { available: 5 });
    writer.fail_next(WriteFailure::LostBefore);
    writer.fail_next(WriteFailure::LostAfter);
    let mut ends = Vec::new();
    for _ in 0..3 {
        let end = writer.apply(&stock(5, 8), key(1)).await;
        ends.push((end.map_err(|e| e.retry), writer.effects().len()));
    }
    let lost = Err(Retry::Reconcile);
    assert_eq!(ends, [(lost, 0), (lost, 1), (Ok(()), 1)]);
    let mismatch = writer.apply(&stock(8, 9), key(1)).await;
    assert_eq!(mismatch.map_err(|e| e.kind), Err(Kind::Rejected));
    let drifted = writer.apply(&stock(5, 9), key(2)).await;
    assert_eq!(drifted.map_err(|e| e.kind), Err(Kind::Conflict));
    assert_eq!(writer.there(ITEM), Seen::Stock { available: 8 });
    assert_eq!(writer.writes().len(), 5);
}

#[tokio::test]
async fn what_is_unknown_is_gone_and_what_was_overtaken_has_drifted() {
    let writer = FakeWriter::default();
    let target = price(100, 120).target();
    assert_eq!(
        writer.look(std::slice::from_ref(&target)).await.unwrap(),
        [Seen::Gone]
    );
    let seen = |price| Seen::Variant {
        price,
        compare_at: Some(300),
    };
    writer.put(target.clone(), seen(100));
    writer.fail_nth(2, WriteFailure::Overtaken(seen(90)));
    writer.apply(&price(100, 120), key(1)).await.unwrap();
    assert_eq!(writer.there(target.clone()), seen(120));
    let late = writer.apply(&price(120, 130), key(2)).await;
    assert_eq!(late.map_err(|e| e.kind), Err(Kind::Conflict));
    assert_eq!(writer.there(target.clone()), seen(90));
}

#[tokio::test]
async fn holds_and_tags_come_and_go() {
    let writer = FakeWriter::default();
    let hold = Action::HoldOrder {
        order: OrderId(7),
        handle: "h".to_owned(),
        reason: HoldReason::Other,
        note: String::new(),
    };
    let tags = Action::AddTags {
        target: Tagged::Order(OrderId(7)),
        tags: vec![" VIP ".to_owned(), "review".to_owned()],
    };
    let open = Seen::Holds {
        handles: Vec::new(),
        can_hold: true,
    };
    let plain = Seen::Tags {
        tags: vec!["vip".to_owned()],
    };
    writer.put(hold.target(), open.clone());
    writer.put(tags.target(), plain);
    for (n, action) in [&hold, &tags].into_iter().enumerate() {
        writer.apply(action, key(n as u128)).await.unwrap();
        assert_eq!(
            action.verdict(&writer.there(action.target())),
            Verdict::Done
        );
    }
    let both = vec!["vip".to_owned(), "review".to_owned()];
    assert_eq!(writer.there(tags.target()), Seen::Tags { tags: both });
    writer
        .apply(&hold.inverse().unwrap(), key(10))
        .await
        .unwrap();
    assert_eq!(writer.there(hold.target()), open);
    writer.fail_look(Kind::Unavailable, Retry::Reconcile);
    assert!(writer.look(&[hold.target()]).await.is_err());
    assert_eq!(writer.look(&[hold.target()]).await.unwrap(), [open]);
}
