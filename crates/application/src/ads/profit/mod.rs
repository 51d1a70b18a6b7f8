//! Profit on ads by campaign, product and day: what is spent for nothing, what acquiring a customer costs and when that is paid back, and
//! which advertised products have nothing to sell.
//!
//! Spend is the platforms', converted by each day's rate. Sales are our own orders of the days, with what has been taken back of them since,
//! by the last visit before each ([`domain::attribution`]); what the platforms claim judges only whether a campaign is below break-even, as
//! everywhere else. A campaign's spend is split over the products of its own orders by their net revenue: that says which product was sold,
//! not which one the advertisement showed, for the platforms do not tell that.

mod ad_sets;
mod live;
mod others;
mod sales;
mod shelves;

pub use ad_sets::{AdSetProfit, CampaignAdSets};
pub(crate) use live::live;
pub use live::{LiveAds, LiveCampaign};
pub use others::OtherChannel;
pub use sales::OwnSales;

use super::attribution::{OwnNames, in_store};
use super::{AdError, Ads, Margin, margin, rates};
use crate::customers::{Acquisition, Customers};
use chrono::NaiveDate;
use domain::ads::waste::{CampaignSpend, Shelf, SpentDay, Waste, by_product, waste};
use domain::ads::{
    AdAccount, AdLevel, AdPlatform, AdStatus, PurchaseDefinition, StoredEntity, mer, purchases_by,
    spend_share,
};
use domain::calendar::DayRange;
use domain::customers::{LtvPoint, Payback, payback};
use domain::ids::{AdAccountId, CustomerId, ProductId, StoreId, WorkspaceId};
use domain::report::Figures;
use domain::rollup::Dimension;
use domain::store::Store;
use others::FileSpend;
use ports::PortResult;
use ports::customers::CustomerQuery;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, customers::RangeCounts};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use sales::{Called, Sales, sales};
use shelves::Shelves;
use std::collections::{BTreeMap, BTreeSet};

/// Orders of longer ranges are too many to be read for an answer.
const MOST_DAYS: u64 = 366;

#[derive(Debug, Clone)]
pub struct ProfitQuery {
    pub workspace: WorkspaceId,
    /// `None`: the first store.
    pub store: Option<StoreId>,
    /// `None`: the last 30 days of the store.
    pub range: Option<DayRange>,
}

/// A campaign, to be named and linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRef {
    pub account: AdAccountId,
    pub platform: AdPlatform,
    pub number: String,
    pub name: String,
    pub status: AdStatus,
}

/// Money is minor units of the store's currency.
#[derive(Debug, Clone)]
pub struct CampaignProfit {
    pub campaign: CampaignRef,
    pub spend: i64,
    /// On days that do not move any more.
    pub final_spend: i64,
    /// Of the last visits that name it; `None`: no order of these days does.
    pub own: Option<OwnSales>,
    /// Our contribution margin before ads for each unit of spend.
    pub poas: Option<Decimal>,
    /// People whose first order it brought.
    pub new_customers: u64,
    pub cac: Option<i64>,
    pub payback: Payback,
}

#[derive(Debug, Clone)]
pub struct ProductProfit {
    pub product: ProductId,
    /// `None`: it is in no catalogue any more.
    pub title: Option<String>,
    /// The parts of its campaigns' spend.
    pub spend: i64,
    pub own: OwnSales,
    pub poas: Option<Decimal>,
    pub campaigns: Vec<CampaignRef>,
    pub shelf: Shelf,
}

/// An active campaign sells it, and there is nothing of it.
#[derive(Debug, Clone)]
pub struct Stockless {
    pub product: ProductId,
    pub title: Option<String>,
    /// Those of its campaigns that are active.
    pub campaigns: Vec<CampaignRef>,
    /// Their spend for it in these days.
    pub spend: i64,
}

/// A campaign below break-even on its final days.
#[derive(Debug, Clone)]
pub struct LosingCampaign {
    pub campaign: CampaignRef,
    pub spend: i64,
    /// Spend less claimed margin.
    pub lost: i64,
}

#[derive(Debug, Clone)]
pub struct DayProfit {
    pub day: NaiveDate,
    pub spend: i64,
    pub net_revenue: i64,
    /// Of the whole store, before ads.
    pub cm2: Option<i64>,
    pub mer: Option<Decimal>,
    pub spend_share: Option<Decimal>,
    pub new_customers: u64,
    pub cac: Option<i64>,
    pub is_provisional: bool,
}

#[derive(Debug, Clone)]
pub struct AdProfit {
    pub store: Store,
    pub range: DayRange,
    pub margin: Margin,
    /// The last day on which all accounts are final; `None`: none is.
    pub final_through: Option<NaiveDate>,
    pub waste: Waste,
    /// The largest loss first.
    pub losing: Vec<LosingCampaign>,
    /// The largest spend first.
    pub campaigns: Vec<CampaignProfit>,
    /// The largest spend first.
    pub products: Vec<ProductProfit>,
    /// Spend of campaigns that no order of these days names.
    pub unattributed: i64,
    /// Of channels whose spend people and files tell; the largest spend first.
    pub others: Vec<OtherChannel>,
    pub without_stock: Vec<Stockless>,
    /// Oldest first; days without spend and sales are left out.
    pub days: Vec<DayProfit>,
    pub acquisition: Acquisition,
    pub payback: Payback,
    /// Orders whose visits were not read: they are no campaign's here.
    pub orders_not_read: u64,
    /// Why nothing of spend can be told; lists are empty then.
    pub unavailable: Option<String>,
}

/// What is known of a campaign before orders are asked.
struct Known {
    campaign: CampaignRef,
    names: BTreeSet<String>,
    days: Vec<SpentDay>,
}

impl Known {
    fn spend(&self) -> i64 {
        self.days.iter().map(|day| day.spend).sum()
    }

    fn called(&self) -> Called<'_> {
        Called {
            source: self.campaign.platform.channel(),
            number: &self.campaign.number,
            names: &self.names,
        }
    }
}

impl Ads {
    /// `TooLong` for a range of more than a year.
    pub async fn profit(&self, asked: &ProfitQuery) -> Result<AdProfit, AdError> {
        let store = self.stores.pick(asked.workspace, asked.store).await?;
        let range = self.range(&store, asked.range)?;
        if range.len_days() > MOST_DAYS {
            return Err(AdError::TooLong(MOST_DAYS));
        }
        let accounts = self
            .accounts(asked.workspace, Some(store.scope.store))
            .await?;
        let (margin, _) = margin(&self.ports, &store, range).await?;
        let (known, unavailable) = match self.known(&store, &accounts, range, &margin).await? {
            Ok(known) => (known, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        let (files, unavailable) = match others::read(&self.ports, &store, range).await? {
            Ok(files) => (files, unavailable),
            Err(why) => (Vec::new(), unavailable.or(Some(why))),
        };
        let first_days = self.first_days(&store, range).await?;
        let told = sales(&self.ports, &store, range, &first_days).await?;
        let customers = Customers::new(self.ports.clone());
        let (_, analysed) = customers
            .report(asked.workspace, Some(store.scope.store))
            .await?;
        let ltv = analysed.analysis.ltv.points;
        let spends: Vec<CampaignSpend> = known
            .iter()
            .map(|of| CampaignSpend {
                days: of.days.clone(),
                products: told.products(of.called()),
            })
            .collect();
        let sold: BTreeSet<ProductId> = spends
            .iter()
            .flat_map(|of| &of.products)
            .map(|(id, _)| *id)
            .collect();
        let shelves = Shelves::read(&self.ports, &store, &sold, range).await?;
        let is_told = unavailable.is_none() && !(accounts.is_empty() && files.is_empty());
        let waste = if is_told {
            waste(&spends, |product, day| shelves.on(product, day))
        } else {
            Waste::default()
        };
        let losing = waste.losing.iter().flatten().map(|one| LosingCampaign {
            campaign: known[one.campaign].campaign.clone(),
            spend: one.spend,
            lost: one.lost,
        });
        let (products, without_stock) = self
            .by_product(&store, &known, &spends, &told, &shelves)
            .await?;
        let unattributed = known.iter().zip(&spends);
        let unattributed =
            unattributed.filter(|(of, sells)| by_product(of.spend(), &sells.products).is_none());
        let days = if is_told {
            let spent = (&*known, &*files);
            self.by_day(&store, &accounts, spent, &first_days, range)
                .await?
        } else {
            Vec::new()
        };
        let spend: i64 = known.iter().map(Known::spend).sum();
        let spend = spend + files.iter().map(FileSpend::spend).sum::<i64>();
        let counts = RangeCounts {
            new: first_days.len() as u64,
            ..RangeCounts::default()
        };
        let told_spend = is_told.then_some(spend);
        let acquisition = Acquisition::of(told_spend, &counts, range);
        let mut campaigns: Vec<CampaignProfit> =
            known.iter().map(|of| judged(of, &told, &ltv)).collect();
        campaigns.sort_by_key(|of| std::cmp::Reverse((of.spend, of.own.map(|o| o.net_revenue))));
        Ok(AdProfit {
            final_through: accounts
                .iter()
                .map(|account| account.final_through)
                .min()
                .flatten(),
            losing: losing.collect(),
            unattributed: unattributed.map(|(of, _)| of.spend()).sum(),
            payback: match acquisition {
                Acquisition::Known { cost, .. } => payback(&ltv, cost),
                _ => Payback::Unknown,
            },
            others: files.iter().map(|of| of.judged(&told, &ltv)).collect(),
            orders_not_read: told.not_read,
            store,
            range,
            margin,
            waste,
            campaigns,
            products,
            without_stock,
            days,
            acquisition,
            unavailable,
        })
    }

    /// Campaigns that spent in these days. `Err`: why their spend cannot be told in the store's currency.
    async fn known(
        &self,
        store: &Store,
        accounts: &[AdAccount],
        range: DayRange,
        margin: &Margin,
    ) -> PortResult<Result<Vec<Known>, String>> {
        let rates = rates(&self.ports, store, accounts, range).await?;
        let mut all = Vec::new();
        let mut own_names = OwnNames::default();
        for account in accounts {
            let definition = PurchaseDefinition::of(account.platform);
            let kind = purchases_by(&definition, &account.conversion_kinds);
            let ads = &self.ports.ads;
            let rows = ads.ad_days(account.scope, account.id, AdLevel::Campaign, None, range);
            let mut days: BTreeMap<String, Vec<SpentDay>> = BTreeMap::new();
            for row in rows.await? {
                let (spend, revenue, _) =
                    match in_store(&rates, account, store, row.day, &row.sums(kind)) {
                        Ok(told) => told,
                        Err(why) => return Ok(Err(why)),
                    };
                let earned = margin.share.and_then(|share| {
                    let earned = Decimal::from(revenue).checked_mul(share)?;
                    earned.round().to_i64()
                });
                days.entry(row.id).or_default().push(SpentDay {
                    day: row.day,
                    spend,
                    earned,
                    is_final: !account.is_provisional(row.day),
                });
            }
            let entities = ads.ad_entities(account.scope, account.id, AdLevel::Campaign);
            for stored in entities.await? {
                if let Some(days) = days.remove(&stored.entity.id) {
                    all.push(Known {
                        names: own_names.of(account.platform, &stored),
                        campaign: reference(account, stored),
                        days,
                    });
                }
            }
        }
        Ok(Ok(all))
    }

    /// The day of the first order of everybody who came in these days.
    async fn first_days(
        &self,
        store: &Store,
        range: DayRange,
    ) -> PortResult<BTreeMap<CustomerId, NaiveDate>> {
        let query = CustomerQuery {
            first_from: Some(range.from),
            first_to: Some(range.to),
            ..CustomerQuery::default()
        };
        let (mut page, mut days) = (PageRequest::first(MAX_LIMIT), BTreeMap::new());
        loop {
            let book = &self.ports.customers;
            let found = book
                .list(store.scope, store.currency, &query, &page)
                .await?;
            let told = found.items.iter().map(|row| row.standing);
            days.extend(told.map(|of| (of.customer, of.first_day)));
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(days);
            }
        }
    }

    async fn by_product(
        &self,
        store: &Store,
        known: &[Known],
        spends: &[CampaignSpend],
        told: &Sales,
        shelves: &Shelves,
    ) -> PortResult<(Vec<ProductProfit>, Vec<Stockless>)> {
        let mut products: BTreeMap<ProductId, ProductProfit> = BTreeMap::new();
        let mut without: BTreeMap<ProductId, Stockless> = BTreeMap::new();
        for (of, sells) in known.iter().zip(spends) {
            let parts = by_product(of.spend(), &sells.products).unwrap_or_default();
            let own = told.by_product(of.called());
            for (id, part) in parts {
                let shelf = shelves.now(id);
                let row = products.entry(id).or_insert_with(|| ProductProfit {
                    product: id,
                    title: None,
                    spend: 0,
                    own: OwnSales::NOTHING,
                    poas: None,
                    campaigns: Vec::new(),
                    shelf,
                });
                row.spend += part;
                row.campaigns.push(of.campaign.clone());
                if let Some(own) = own.get(&id) {
                    row.own.add(*own);
                }
                if shelf == Shelf::Empty && of.campaign.status == AdStatus::Active {
                    let row = without.entry(id).or_insert_with(|| Stockless {
                        product: id,
                        title: None,
                        campaigns: Vec::new(),
                        spend: 0,
                    });
                    row.campaigns.push(of.campaign.clone());
                    row.spend += part;
                }
            }
        }
        let keys: Vec<String> = products.keys().map(|id| id.0.to_string()).collect();
        let reports = &self.ports.reports;
        let mut titles = reports
            .labels(store.scope, Dimension::Product, &keys)
            .await?;
        for row in products.values_mut() {
            row.title = titles.remove(&row.product.0.to_string());
            row.poas = ratio(row.own.cm2, row.spend);
            if let Some(empty) = without.get_mut(&row.product) {
                empty.title.clone_from(&row.title);
            }
        }
        let mut products: Vec<_> = products.into_values().collect();
        products.sort_by_key(|row| std::cmp::Reverse((row.spend, row.own.net_revenue)));
        let mut without: Vec<_> = without.into_values().collect();
        without.sort_by_key(|row| std::cmp::Reverse(row.spend));
        Ok((products, without))
    }

    async fn by_day(
        &self,
        store: &Store,
        accounts: &[AdAccount],
        (known, files): (&[Known], &[FileSpend]),
        first_days: &BTreeMap<CustomerId, NaiveDate>,
        range: DayRange,
    ) -> PortResult<Vec<DayProfit>> {
        let mut spend: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        for day in known.iter().flat_map(|of| &of.days) {
            *spend.entry(day.day).or_default() += day.spend;
        }
        for (day, told) in files.iter().flat_map(|of| &of.days) {
            *spend.entry(*day).or_default() += told;
        }
        let mut new: BTreeMap<NaiveDate, u64> = BTreeMap::new();
        for day in first_days.values() {
            *new.entry(*day).or_default() += 1;
        }
        let reports = &self.ports.reports;
        let rows = reports
            .by_day(store.scope, store.currency, range, Dimension::Total, "")
            .await?;
        let figures: BTreeMap<NaiveDate, Figures> = rows
            .into_iter()
            .map(|row| (row.day, Figures::of(row.measures)))
            .collect();
        let days: BTreeSet<NaiveDate> = spend.keys().chain(figures.keys()).copied().collect();
        let days = days.into_iter().map(|day| {
            let spend = spend.get(&day).copied().unwrap_or(0);
            let new_customers = new.get(&day).copied().unwrap_or(0);
            let figures = figures.get(&day);
            let net_revenue = figures.map_or(0, |f| f.net_revenue);
            DayProfit {
                day,
                spend,
                net_revenue,
                cm2: figures.map_or(Some(0), |f| f.cm2),
                mer: mer(net_revenue, spend),
                spend_share: spend_share(net_revenue, spend),
                new_customers,
                cac: cost_each(spend, new_customers),
                is_provisional: accounts.iter().any(|account| account.is_provisional(day)),
            }
        });
        Ok(days.collect())
    }
}

fn reference(account: &AdAccount, stored: StoredEntity) -> CampaignRef {
    CampaignRef {
        account: account.id,
        platform: account.platform,
        number: stored.entity.id,
        name: stored.entity.name,
        status: stored.entity.status,
    }
}

fn judged(of: &Known, told: &Sales, ltv: &[LtvPoint]) -> CampaignProfit {
    let spend = of.spend();
    let own = told.own(of.called());
    let new_customers = told.new_customers(of.called());
    let cac = cost_each(spend, new_customers);
    CampaignProfit {
        campaign: of.campaign.clone(),
        spend,
        final_spend: of
            .days
            .iter()
            .filter(|day| day.is_final)
            .map(|day| day.spend)
            .sum(),
        poas: own.and_then(|own| ratio(own.cm2, spend)),
        own,
        new_customers,
        cac,
        payback: cac.map_or(Payback::Unknown, |cac| payback(ltv, cac)),
    }
}

fn ratio(of: Option<i64>, spend: i64) -> Option<Decimal> {
    Decimal::from(of?).checked_div(Decimal::from(spend))
}

/// Half up; `None` where nobody came.
fn cost_each(spend: i64, people: u64) -> Option<i64> {
    let people = i64::try_from(people).ok().filter(|n| *n > 0)?;
    Some(spend / people + i64::from(spend % people * 2 >= people))
}
