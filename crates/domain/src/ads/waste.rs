//! What of a spend was wasted, as far as final days can tell.
//!
//! * *Below break-even*: all that a campaign spent on its final days, where the margin of what it claims on these days is less than
//!   that spend (POAS below 1, which is ROAS below 1 / share of margin). Days that may still move say nothing yet.
//! * *Without stock*: each day's spend is split over the products that the campaign sells, by the weights that are given (net revenue of
//!   our own orders); the part of a product that had nothing to sell on the whole of that day is spent for nothing.
//!
//! A campaign below break-even counts once: in the sum of both its days without stock are not added again. All money is minor units of the
//! store's currency.

use crate::ids::ProductId;
use crate::money::allocate;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// One day of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpentDay {
    pub day: NaiveDate,
    pub spend: i64,
    /// Claimed revenue × the store's share of margin; `None` while no margin is known.
    pub earned: Option<i64>,
    pub is_final: bool,
}

/// A campaign with what our own orders say that it sells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CampaignSpend {
    pub days: Vec<SpentDay>,
    /// Weights above nothing, each product once; empty: no order names the campaign.
    pub products: Vec<(ProductId, i64)>,
}

/// Whether there was anything to sell of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    Stocked,
    /// Nothing, from the end of the day before to the end of the day.
    Empty,
    /// Nobody looked.
    Unknown,
}

/// A campaign whose final days left less than they cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Losing {
    /// Its place among those that were given.
    pub campaign: usize,
    pub spend: i64,
    /// Spend less claimed margin.
    pub lost: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waste {
    /// Of all campaigns on their final days.
    pub final_spend: i64,
    /// The largest loss first; `None`: no margin is known.
    pub losing: Option<Vec<Losing>>,
    /// Spend for products without stock on final days; `None`: of no product that was advertised anybody looked at the stock.
    pub empty: Option<BTreeMap<ProductId, i64>>,
    /// Both, nothing twice; `None` where either is not known.
    pub total: Option<i64>,
}

impl Waste {
    #[must_use]
    pub fn losing_spend(&self) -> Option<i64> {
        let losing = self.losing.as_ref()?;
        Some(losing.iter().map(|l| l.spend).sum())
    }

    #[must_use]
    pub fn lost(&self) -> Option<i64> {
        let losing = self.losing.as_ref()?;
        Some(losing.iter().map(|l| l.lost).sum())
    }

    #[must_use]
    pub fn empty_spend(&self) -> Option<i64> {
        self.empty.as_ref().map(|empty| empty.values().sum())
    }
}

/// Splits a spend over what it advertises; `None` where nothing is known to be advertised.
#[must_use]
pub fn by_product(spend: i64, products: &[(ProductId, i64)]) -> Option<Vec<(ProductId, i64)>> {
    let weights: Vec<i64> = products.iter().map(|(_, weight)| *weight).collect();
    if weights.iter().all(|weight| *weight <= 0) {
        return None;
    }
    let parts = allocate(spend, &weights).into_iter();
    Some(products.iter().map(|(id, _)| *id).zip(parts).collect())
}

/// `shelf` is asked for final days only.
#[must_use]
pub fn waste(campaigns: &[CampaignSpend], shelf: impl Fn(ProductId, NaiveDate) -> Shelf) -> Waste {
    let mut waste = Waste::default();
    let (mut losing, mut is_known) = (Vec::new(), true);
    let (mut empty, mut looked, mut total) = (BTreeMap::new(), false, 0);
    for (campaign, of) in campaigns.iter().enumerate() {
        let days = || of.days.iter().filter(|day| day.is_final);
        let spend: i64 = days().map(|day| day.spend).sum();
        waste.final_spend += spend;
        let earned: Option<i64> = days().map(|day| day.earned).sum();
        let lost = earned.map(|earned| spend - earned);
        is_known &= lost.is_some();
        let is_losing = lost.is_some_and(|lost| spend > 0 && lost > 0);
        if let Some(lost) = lost.filter(|_| is_losing) {
            losing.push(Losing {
                campaign,
                spend,
                lost,
            });
            total += spend;
        }
        for day in days() {
            for (product, part) in by_product(day.spend, &of.products).unwrap_or_default() {
                match shelf(product, day.day) {
                    Shelf::Stocked => looked = true,
                    Shelf::Unknown => {}
                    Shelf::Empty => {
                        looked = true;
                        *empty.entry(product).or_default() += part;
                        total += if is_losing { 0 } else { part };
                    }
                }
            }
        }
    }
    losing.sort_by_key(|l| (std::cmp::Reverse(l.lost), l.campaign));
    waste.losing = is_known.then_some(losing);
    waste.empty = looked.then_some(empty);
    waste.total = (is_known && looked).then_some(total);
    waste
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, n).unwrap()
    }

    fn spent(n: u32, spend: i64, earned: i64, is_final: bool) -> SpentDay {
        SpentDay {
            day: day(n),
            spend,
            earned: Some(earned),
            is_final,
        }
    }

    fn of(days: Vec<SpentDay>, products: &[(i64, i64)]) -> CampaignSpend {
        let products = products.iter().map(|(id, w)| (ProductId(*id), *w));
        CampaignSpend {
            days,
            products: products.collect(),
        }
    }

    #[test]
    fn only_final_days_below_break_even_are_wasted_and_days_without_stock_are_not_counted_twice() {
        let campaigns = [
            // Loses 30 of 100; its last day would turn that, but may still move.
            of(
                vec![
                    spent(1, 60, 50, true),
                    spent(2, 40, 20, true),
                    spent(3, 10, 900, false),
                ],
                &[(1, 1)],
            ),
            // Earns; half of what it sells had run out on the second.
            of(
                vec![spent(1, 50, 90, true), spent(2, 31, 40, true)],
                &[(1, 5), (2, 5)],
            ),
            // Exactly at break-even.
            of(vec![spent(1, 7, 7, true)], &[]),
        ];
        let shelf = |product: ProductId, on: NaiveDate| match (product.0, on == day(2)) {
            (1, true) => Shelf::Empty,
            (1, false) => Shelf::Stocked,
            _ => Shelf::Unknown,
        };
        let found = waste(&campaigns, shelf);
        assert_eq!(found.final_spend, 188);
        let losing = Losing {
            campaign: 0,
            spend: 100,
            lost: 30,
        };
        assert_eq!(found.losing.as_deref(), Some(&[losing][..]));
        // 40 of the first, 16 of the second (the odd unit goes to the first product).
        assert_eq!(found.empty_spend(), Some(56));
        assert_eq!(found.total, Some(116));
    }

    #[test]
    fn what_nobody_knows_is_not_told_as_nothing() {
        let unknown = SpentDay {
            earned: None,
            ..spent(1, 60, 0, true)
        };
        let found = waste(&[of(vec![unknown], &[(1, 1)])], |_, _| Shelf::Unknown);
        assert_eq!((found.losing, found.empty, found.total), (None, None, None));
        assert_eq!(by_product(10, &[]), None);
        assert_eq!(by_product(10, &[(ProductId(1), 0)]), None);
    }

    proptest! {
        #[test]
        fn a_split_adds_up_and_waste_is_never_more_than_was_spent(
            rows in prop::collection::vec((prop::collection::vec((1_u32..28, 0_i64..10_000, 0_i64..10_000, any::<bool>()), 0..8), prop::collection::vec(0_i64..50, 0..4)), 0..6),
            gone in prop::collection::vec(any::<bool>(), 4),
        ) {
            let campaigns: Vec<CampaignSpend> = rows.iter().map(|(days, weights)| {
                let days = days.iter().map(|(n, spend, earned, is_final)| spent(*n, *spend, *earned, *is_final)).collect();
                let products: Vec<(i64, i64)> = (0_i64..).zip(weights.iter().copied()).collect();
                of(days, &products)
            }).collect();
            let found = waste(&campaigns, |id, _| if gone[usize::try_from(id.0).unwrap()] { Shelf::Empty } else { Shelf::Stocked });
            let all: i64 = campaigns.iter().flat_map(|c| &c.days).filter(|d| d.is_final).map(|d| d.spend).sum();
            prop_assert_eq!(found.final_spend, all);
            prop_assert!(found.total.unwrap_or(0) <= all);
            prop_assert!(found.losing_spend().unwrap() <= all);
            for campaign in &campaigns {
                for day in &campaign.days {
                    if let Some(parts) = by_product(day.spend, &campaign.products) {
                        prop_assert_eq!(parts.iter().map(|(_, part)| part).sum::<i64>(), day.spend);
                    }
                }
            }
        }
    }
}
