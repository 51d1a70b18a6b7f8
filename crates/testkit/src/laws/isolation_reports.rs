//! Nothing of one store can be seen in the reports of another, or changed through them.

use super::isolation::{fill, from_outside, three};
use crate::Stores;
use crate::builders::{currency, day};
use domain::calendar::DayRange;
use domain::rollup::{Dimension, Rollups};

fn january() -> DayRange {
    DayRange {
        from: day("2026-01-01"),
        to: day("2026-01-31"),
    }
}

pub async fn reports_of_another_store_are_not_seen(stores: Stores) {
    let (filled, others) = three(&stores).await;
    fill(&stores, filled).await;
    let (usd, eur) = (currency("USD"), currency("EUR"));
    for other in from_outside(filled, others) {
        let reports = &stores.reports;
        let days = reports
            .by_day(other, usd, january(), Dimension::Total, "")
            .await;
        assert!(days.expect("rows").is_empty());
        for dimension in Dimension::ALL {
            let rows = reports.by_key(other, usd, january(), dimension).await;
            assert!(rows.expect("rows").is_empty());
        }
        let keys = [
            "1".to_owned(),
            "2".to_owned(),
            "10".to_owned(),
            "20".to_owned(),
        ];
        for dimension in [Dimension::Product, Dimension::Variant] {
            let labels = reports
                .labels(other, dimension, &keys)
                .await
                .expect("labels");
            assert!(labels.is_empty());
        }
        assert!(
            reports
                .other_currencies(other, eur)
                .await
                .expect("counted")
                .is_empty()
        );
        assert!(reports.all(other).await.expect("read").is_empty());
    }
}

pub async fn reports_of_another_store_are_not_replaced(stores: Stores) {
    let (filled, others) = three(&stores).await;
    fill(&stores, filled).await;
    let before = stores.reports.all(filled).await.expect("read");
    for other in from_outside(filled, others) {
        let replaced = stores.reports.replace_all(other, &Rollups::new()).await;
        replaced.expect("replaced");
    }
    for other in others {
        stores
            .reports
            .replace_all(other, &before)
            .await
            .expect("replaced");
        assert_eq!(stores.reports.all(other).await.expect("read"), before);
    }
    assert_eq!(stores.reports.all(filled).await.expect("read"), before);
}
