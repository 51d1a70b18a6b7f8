//! Lists of customers that are read to their end while orders come in.

use crate::world::World;
use application::customers::{CustomerFilter, Customers, SegmentName};
use chrono::{DateTime, Duration, Utc};
use domain::customers::Segment;
use ports::PageRequest;
use ports::source::Fact;
use testkit::builders::{LineBuilder, OrderBuilder, at};

/// The one order of a customer, who pays the more the later they come.
fn sale(customer: i64, on: &str, now: DateTime<Utc>) -> Fact {
    Fact::Order(Box::new(
        OrderBuilder::new(customer)
            .sold_at(at(on))
            .updated_at(now)
            .customer(customer)
            .line(LineBuilder::new(1, 1, 1_000 * customer).product(1))
            .paid(Some(50))
            .build(),
    ))
}

#[tokio::test(start_paused = true)]
async fn a_segment_is_read_to_its_end_while_its_bounds_move() {
    let world = World::new().await;
    for customer in 1..=25 {
        let on = format!("2026-05-{customer:02}T10:00:00Z");
        world.shop.put(sale(customer, &on, world.now()));
    }
    world.synced().await;
    let customers = Customers::new(world.ports.clone());
    let filter = CustomerFilter {
        segment: Some(SegmentName::Scored(Segment::PotentialLoyalists)),
        ..CustomerFilter::default()
    };
    let listing = customers.listing(world.workspace, None, &filter).await;
    let listing = listing.unwrap();
    let first = PageRequest::first(2);
    let begun = customers.page(&listing, &first).await.unwrap();
    let mut found: Vec<i64> = begun.items.iter().map(|r| r.standing.customer.0).collect();
    assert_eq!(found, [25, 24]);

    world.clock.advance(Duration::hours(1));
    for customer in 26..=50 {
        let on = format!("2026-06-{:02}T10:00:00Z", customer - 25);
        world.shop.put(sale(customer, &on, world.now()));
    }
    world.synced_again().await;
    let next = PageRequest {
        cursor: begun.next_cursor,
        limit: 2,
    };
    // Asked for anew, it goes on with those who fall into the segment now.
    let anew = customers.list(world.workspace, None, &filter, &next).await;
    let (_, anew, _) = anew.unwrap();
    assert!(anew.items.is_empty(), "{anew:?}");
    let mut cursor = next.cursor;
    while cursor.is_some() {
        let request = PageRequest { cursor, limit: 2 };
        let page = customers.page(&listing, &request).await.unwrap();
        found.extend(page.items.iter().map(|r| r.standing.customer.0));
        cursor = page.next_cursor;
    }
    assert_eq!(found, (16..=25).rev().collect::<Vec<i64>>());
}
