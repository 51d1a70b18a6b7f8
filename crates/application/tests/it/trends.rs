//! Files of trends, and what the score makes of them.

use crate::offers::Shop;
use application::opportunities::OpportunityError;
use chrono::{Days, NaiveDate};
use domain::audit::Actor;
use domain::opportunity::{FactorName, FactorScore};
use ports::PageRequest;
use ports::audit::AuditFilter;
use ports::opportunities::OpportunityFilter;
use std::fmt::Write as _;

const OFFERS: &str = "Product ID,Supplier,Title,Variant SKU,Variant,You Pay,Currency,Stock,Shipping Cost,Shipping Time,Suggested Price\nP1,Acme,Camping lamp,L1,,10,USD,5,2,3-5,30\nP2,Acme,Mug,M1,,4,USD,5,2,3-5,12\n";

/// Weeks as a search engine exports them, the last one over; `recent` for the last eight, 40 before.
fn export(last: NaiveDate, header: &str, recent: u32) -> String {
    let mut text = format!("Category: All categories\n\n{header}\n");
    for ago in (0..104_u64).rev() {
        let week = last - Days::new(7 * ago);
        let index = if ago < 8 { recent } else { 40 };
        let _ = writeln!(text, "{week},{index}");
    }
    text
}

async fn trend(shop: &Shop, title: &str) -> FactorScore {
    let page = PageRequest::first(9);
    let any = OpportunityFilter::default();
    let found = shop.opportunities.list(&shop.store, &any, &page).await;
    let found = found.unwrap().items.into_iter();
    let mut of = found.filter(|w| w.opportunity.title == title);
    let factors = of.next().unwrap().opportunity.factors;
    let mut trend = factors.into_iter().filter(|f| f.name == FactorName::Trend);
    trend.next().unwrap()
}

async fn told(
    shop: &Shop,
    text: &str,
    apply: bool,
) -> Result<application::opportunities::TrendsTold, OpportunityError> {
    let file = (text.as_bytes().to_vec(), "Search export");
    let by = Actor::system();
    let opportunities = &shop.opportunities;
    opportunities
        .trends_from_file(&shop.store, file, apply, &by)
        .await
}

#[tokio::test]
async fn a_file_moves_the_score_of_what_it_is_about_and_of_nothing_else() {
    let shop = Shop::new().await;
    shop.imported(OFFERS, "part", false).await;
    let before = trend(&shop, "Camping lamp").await;
    assert_eq!(before.points.why, "no source of trends is connected");
    let last = shop.world.ports.clock.now().date_naive() - Days::new(9);
    let file = export(last, "Week,camping lamp: (Worldwide)", 60);
    let looked = told(&shop, &file, false).await.unwrap();
    assert_eq!((looked.series.len(), looked.applied), (1, false));
    assert_eq!(shop.opportunities.trends(&shop.store).await.unwrap(), []);
    let taken = told(&shop, &file, true).await.unwrap();
    assert!(taken.applied && !taken.series[0].replaces);
    let lamp = trend(&shop, "Camping lamp").await;
    assert_eq!(lamp.points.value.unwrap().value, 75);
    assert_eq!(
        lamp.found.as_deref(),
        Some("+50 % against the same weeks of the year before")
    );
    assert!(
        lamp.points.why.contains("Search export, weeks until"),
        "{}",
        lamp.points.why
    );
    let mug = trend(&shop, "Mug").await;
    assert_eq!(mug.points.value, None);
    assert!(
        mug.points.why.contains("no trend file has"),
        "{}",
        mug.points.why
    );

    // A newer file of the same term stands in its place.
    let newer = told(&shop, &export(last, "Week,Camping Lamp", 20), true)
        .await
        .unwrap();
    assert!(newer.series[0].replaces);
    let lamp = trend(&shop, "Camping lamp").await;
    assert_eq!(lamp.points.value.unwrap().value, 25);
    let id = newer.series[0].series.id;
    let by = Actor::system();
    shop.opportunities
        .forget_trend(&shop.store, id, &by)
        .await
        .unwrap();
    let lamp = trend(&shop, "Camping lamp").await;
    assert_eq!(lamp.points, before.points);
    let again = shop.opportunities.forget_trend(&shop.store, id, &by).await;
    assert!(matches!(again, Err(OpportunityError::UnknownTrend)));
    let page = PageRequest::first(99);
    let audit = &shop.world.ports.audit;
    let entries = audit
        .entries(shop.world.workspace, &AuditFilter::default(), &page)
        .await;
    let words: Vec<String> = entries
        .unwrap()
        .items
        .into_iter()
        .map(|e| e.entry.action.clone())
        .collect();
    let count = |word: &str| words.iter().filter(|w| *w == word).count();
    assert_eq!((count("trends.import"), count("trends.forget")), (2, 1));
}

#[tokio::test]
async fn what_cannot_be_read_is_named_by_its_line_and_changes_nothing() {
    let shop = Shop::new().await;
    let broken = "Category: All\n\nweek,lamp,mug\n2026-01-05,10,many\n2026-01-12,11,5\n";
    let looked = told(&shop, broken, false).await.unwrap();
    assert_eq!(looked.refused[0].0, 4, "counted with the title: {looked:?}");
    assert!(looked.left_out.contains("mug"));
    for (text, field) in [("lamp\n5\n", "file"), ("week,lamp\n2026-01-05,x\n", "file")] {
        match told(&shop, text, true).await {
            Err(OpportunityError::Invalid(faults)) => assert_eq!(faults[0].field, field),
            other => panic!("{text}: {other:?}"),
        }
    }
    let nobody = (b"week,lamp\n2026-01-05,1\n".to_vec(), " ");
    let by = Actor::system();
    let unnamed = shop
        .opportunities
        .trends_from_file(&shop.store, nobody, true, &by)
        .await;
    assert!(matches!(unnamed, Err(OpportunityError::Invalid(f)) if f[0].field == "source"));
    assert_eq!(shop.opportunities.trends(&shop.store).await.unwrap(), []);
}
