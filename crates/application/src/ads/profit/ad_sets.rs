//! What our own orders tell of the ad sets of one campaign: by what the link of the last visit says below the campaign.
//!
//! Spend is the platform's, of the days of each ad set, converted by each day's rate. A sale is an ad set's where the link decides it
//! ([`domain::attribution::ad_set_of`]); the others are told apart with the reason, so that all of them are what the campaign sold.

use super::sales::{OwnSales, sales};
use super::{CampaignRef, Known, MOST_DAYS, ratio, reference};
use crate::ads::attribution::{in_store, names};
use crate::ads::{AdError, Ads, margin, rates};
use domain::ads::{AdAccount, AdLevel, PurchaseDefinition, StoredEntity, purchases_by};
use domain::attribution::{Called, Link, NotTold, ad_set_of, plain};
use domain::calendar::DayRange;
use domain::ids::{AdAccountId, WorkspaceId};
use domain::rollup::Measures;
use domain::store::Store;
use ports::PortResult;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Money is minor units of the store's currency.
#[derive(Debug, Clone)]
pub struct AdSetProfit {
    pub stored: StoredEntity,
    /// `None`: it cannot be told in the store's currency.
    pub spend: Option<i64>,
    /// `None`: no link decides for it.
    pub own: Option<OwnSales>,
    /// Our contribution margin before ads for each unit of spend.
    pub poas: Option<Decimal>,
}

#[derive(Debug, Clone)]
pub struct CampaignAdSets {
    pub store: Store,
    pub range: DayRange,
    pub campaign: CampaignRef,
    /// Of the campaign, as the platform tells it.
    pub spend: Option<i64>,
    /// Of all last visits that name the campaign: those of the ad sets and what is not told add up to it, to the minor unit. `None`: no
    /// order of these days names it.
    pub own: Option<OwnSales>,
    pub poas: Option<Decimal>,
    /// The largest spend first.
    pub ad_sets: Vec<AdSetProfit>,
    /// In the order of [`NotTold::ALL`], those that there are.
    pub not_told: Vec<(NotTold, OwnSales)>,
    /// Orders whose visits were not read: they are no campaign's here.
    pub orders_not_read: u64,
    /// Why spend cannot be told.
    pub unavailable: Option<String>,
}

impl Ads {
    /// `UnknownCampaign` where the account has no such campaign; `TooLong` for a range of more than a year.
    pub async fn ad_sets_of(
        &self,
        workspace: WorkspaceId,
        account: AdAccountId,
        number: &str,
        range: Option<DayRange>,
    ) -> Result<CampaignAdSets, AdError> {
        let account = self.account(workspace, account).await?;
        let store = self
            .stores
            .pick(workspace, Some(account.scope.store))
            .await?;
        let range = self.range(&store, range)?;
        if range.len_days() > MOST_DAYS {
            return Err(AdError::TooLong(MOST_DAYS));
        }
        let campaigns = self
            .ports
            .ads
            .ad_entities(account.scope, account.id, AdLevel::Campaign);
        let campaigns = campaigns.await?.into_iter();
        let stored = campaigns
            .clone()
            .find(|one| one.entity.id == number)
            .ok_or(AdError::UnknownCampaign)?;
        let (known, unavailable) = self.own_names(&store, &account, &stored, range).await?;
        let mut sets = self
            .ports
            .ads
            .ad_entities(account.scope, account.id, AdLevel::AdSet)
            .await?;
        sets.retain(|set| set.entity.parent.as_deref() == Some(number));
        let spends = match unavailable {
            Some(why) => Err(why),
            None => self.spend_of_sets(&store, &account, range).await?,
        };
        let told = sales(&self.ports, &store, range, &BTreeMap::new()).await?;
        let own = told.own(known.called());
        let called: Vec<Called> = sets.iter().map(called).collect();
        let (by_set, not_told) = split(&told.links(known.called()), &called);
        let spends_of = spends.as_ref().ok();
        let rows = sets.into_iter().zip(by_set).map(|(stored, sold)| {
            let spend = spends_of.map(|of| of.get(&stored.entity.id).copied().unwrap_or(0));
            let own = sold.map(OwnSales::of);
            AdSetProfit {
                poas: own
                    .zip(spend)
                    .and_then(|(own, spend)| ratio(own.cm2, spend)),
                stored,
                spend,
                own,
            }
        });
        // What is long gone and has nothing to tell of these days is not in the way.
        let mut ad_sets: Vec<AdSetProfit> = rows
            .filter(|row| {
                row.stored.vanished_at.is_none() || row.own.is_some() || row.spend.unwrap_or(0) != 0
            })
            .collect();
        ad_sets.sort_by_key(|row| {
            std::cmp::Reverse((row.spend, row.own.map_or(0, |own| own.net_revenue)))
        });
        let spend = spends.is_ok().then(|| known.spend());
        Ok(CampaignAdSets {
            poas: own
                .zip(spend)
                .and_then(|(own, spend)| ratio(own.cm2, spend)),
            campaign: known.campaign,
            not_told: not_told
                .into_iter()
                .map(|(why, sold)| (why, OwnSales::of(sold)))
                .collect(),
            orders_not_read: told.not_read,
            unavailable: spends.err(),
            store,
            range,
            spend,
            own,
            ad_sets,
        })
    }

    /// The campaign with the names by which orders are its own, as in profit by campaign: of one that spent nothing in these days those that
    /// no other one has. With why spend cannot be told.
    async fn own_names(
        &self,
        store: &Store,
        account: &AdAccount,
        stored: &StoredEntity,
        range: DayRange,
    ) -> Result<(Known, Option<String>), AdError> {
        let accounts = self
            .accounts(store.scope.workspace, Some(store.scope.store))
            .await?;
        let (margin, _) = margin(&self.ports, store, range).await?;
        let (known, why) = match self.known(store, &accounts, range, &margin).await? {
            Ok(known) => (known, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        let is_it = |of: &Known| {
            of.campaign.account == account.id && of.campaign.number == stored.entity.id
        };
        let taken: BTreeSet<String> = known
            .iter()
            .filter(|of| of.campaign.platform == account.platform)
            .flat_map(|of| of.names.iter().map(|name| plain(name)))
            .collect();
        let found = known.into_iter().find(is_it);
        let of = found.unwrap_or_else(|| {
            let mut names = names(stored);
            names.retain(|name| !taken.contains(&plain(name)));
            Known {
                campaign: reference(account, stored.clone()),
                days: Vec::new(),
                names,
            }
        });
        Ok((of, why))
    }

    /// By the ad set's number. `Err`: why it cannot be told in the store's currency.
    async fn spend_of_sets(
        &self,
        store: &Store,
        account: &AdAccount,
        range: DayRange,
    ) -> PortResult<Result<BTreeMap<String, i64>, String>> {
        let rates = rates(&self.ports, store, std::slice::from_ref(account), range).await?;
        let definition = PurchaseDefinition::of(account.platform);
        let kind = purchases_by(&definition, &account.conversion_kinds);
        let ads = &self.ports.ads;
        let rows = ads.ad_days(account.scope, account.id, AdLevel::AdSet, None, range);
        let mut spends: BTreeMap<String, i64> = BTreeMap::new();
        for row in rows.await? {
            match in_store(&rates, account, store, row.day, &row.sums(kind)) {
                Ok((spend, _, _)) => *spends.entry(row.id).or_default() += spend,
                Err(why) => return Ok(Err(why)),
            }
        }
        Ok(Ok(spends))
    }
}

fn called(set: &StoredEntity) -> Called {
    Called {
        number: set.entity.id.clone(),
        names: names(set),
    }
}

/// By ad set, and what is none's by why: together all that there is.
fn split(
    links: &BTreeMap<Option<Link>, Measures>,
    sets: &[Called],
) -> (Vec<Option<Measures>>, BTreeMap<NotTold, Measures>) {
    let mut by_set: Vec<Option<Measures>> = vec![None; sets.len()];
    let mut not_told: BTreeMap<NotTold, Measures> = BTreeMap::new();
    for (link, sold) in links {
        let sum = match ad_set_of(link.as_ref(), sets) {
            Ok(at) => by_set[at].get_or_insert_default(),
            Err(why) => not_told.entry(why).or_default(),
        };
        *sum += *sold;
    }
    (by_set, not_told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn links() -> impl Strategy<Value = Option<Link>> {
        let word = || {
            let words = ["11", "12", "13", "Broad", "broad", "Twins", "shoes"];
            prop::option::of(prop::sample::select(words.to_vec()).prop_map(str::to_owned))
        };
        let link = (word(), word(), word(), word());
        prop::option::of(link.prop_map(|(ad_set, term, content, id)| Link {
            content,
            term,
            id,
            ad_set,
            ad: None,
        }))
    }

    fn measures() -> impl Strategy<Value = Measures> {
        let money = || -5_000_i64..50_000;
        let sold = (0_i64..3, money(), 0_i64..900, money(), 0_i64..400);
        (sold, any::<bool>()).prop_map(|((orders, gross, discounts, cost, fees), is_known)| {
            let net = gross - discounts;
            Measures {
                orders,
                units: orders,
                gross_sales: gross,
                discounts,
                payment_fees: fees,
                payment_fees_without_cost: if is_known { 0 } else { fees },
                cost_of_goods: if is_known { cost } else { 0 },
                cost_actual: if is_known { net } else { 0 },
                cost_missing: if is_known { 0 } else { net },
                ..Measures::default()
            }
        })
    }

    proptest! {
        /// Whatever links say, ad sets and what is not told are the campaign's total to the minor unit.
        #[test]
        fn rows_and_what_is_not_told_are_the_total(
            sold in prop::collection::vec((links(), measures()), 0..12)
        ) {
            let set = |number: &str, name: &str| Called {
                number: number.to_owned(),
                names: BTreeSet::from([name.to_owned()]),
            };
            let sets = [set("11", "Broad"), set("12", "Twins"), set("13", "Twins")];
            let mut links: BTreeMap<Option<Link>, Measures> = BTreeMap::new();
            let mut total = Measures::default();
            for (link, measures) in sold {
                *links.entry(link).or_default() += measures;
                total += measures;
            }
            let (by_set, not_told) = split(&links, &sets);
            let parts: Vec<OwnSales> = by_set
                .into_iter()
                .flatten()
                .chain(not_told.into_values())
                .map(OwnSales::of)
                .collect();
            let total = OwnSales::of(total);
            let sum = |of: fn(&OwnSales) -> i64| parts.iter().map(of).sum::<i64>();
            prop_assert_eq!(sum(|own| own.orders), total.orders);
            prop_assert_eq!(sum(|own| own.units), total.units);
            prop_assert_eq!(sum(|own| own.net_revenue), total.net_revenue);
            // A part of which no cost is known leaves nothing that is known.
            prop_assert_eq!(sum(|own| own.cm2.unwrap_or(0)), total.cm2.unwrap_or(0));
        }
    }
}
