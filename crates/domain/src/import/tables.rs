//! Files in which every row stands for itself: costs, shipping tables, fee rules, ad spend, fixed costs, rates.

use super::cells::Cells;
use super::kinds::ImportKind;
use super::mapping::Layout;
use super::row::{Row, RowProblem};
use crate::ids::VariantId;
use crate::money::Currency;
use crate::supplier::OfferRow;
use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

/// A day, or a whole month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    pub from: NaiveDate,
    /// Included.
    pub to: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostRow {
    pub sku: Option<String>,
    pub variant: Option<VariantId>,
    pub cost: Decimal,
    pub currency: Currency,
    pub valid_from: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippingRow {
    /// ISO 3166-1 alpha-2; `None` is everywhere else.
    pub country: Option<String>,
    /// Grams.
    pub min_weight: Option<i64>,
    pub max_weight: Option<i64>,
    /// Minor units.
    pub min_order: Option<i64>,
    pub max_order: Option<i64>,
    pub cost: i64,
    pub currency: Currency,
    pub valid_from: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeRuleRow {
    pub gateway: String,
    pub percent: Option<Decimal>,
    pub fixed: Option<i64>,
    pub currency: Currency,
    pub valid_from: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdSpendRow {
    pub period: Period,
    pub channel: String,
    pub campaign: Option<String>,
    pub spend: i64,
    pub currency: Currency,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedCostRow {
    pub period: Period,
    pub name: String,
    pub amount: i64,
    pub currency: Currency,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateRow {
    pub day: NaiveDate,
    pub base: Currency,
    pub quote: Currency,
    pub rate: Decimal,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableRow {
    Cost(CostRow),
    Shipping(ShippingRow),
    Fee(FeeRuleRow),
    AdSpend(AdSpendRow),
    FixedCost(FixedCostRow),
    Rate(RateRow),
    Offer(Box<OfferRow>),
}

impl TableRow {
    /// Two rows with the same key say something about the same thing.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Cost(r) => {
                let item = r.sku.clone().or(r.variant.map(|v| v.to_string()));
                format!("{item:?} {:?}", r.valid_from)
            }
            Self::Shipping(r) => format!(
                "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                r.country,
                r.min_weight,
                r.max_weight,
                r.min_order,
                r.max_order,
                r.valid_from,
                r.currency
            ),
            Self::Fee(r) => format!("{} {:?} {}", r.gateway, r.valid_from, r.currency),
            Self::AdSpend(r) => format!("{:?} {} {:?}", r.period, r.channel, r.campaign),
            Self::FixedCost(r) => format!("{:?} {}", r.period, r.name),
            Self::Rate(r) => format!("{} {} {}", r.day, r.base, r.quote),
            Self::Offer(r) => format!(
                "{:?} {:?} {:?} {:?}",
                r.supplier,
                r.product_key(),
                r.variant_key(),
                r.ship_to
            ),
        }
    }

    #[must_use]
    pub const fn currency(&self) -> Option<Currency> {
        match self {
            Self::Cost(r) => Some(r.currency),
            Self::Shipping(r) => Some(r.currency),
            Self::Fee(r) => Some(r.currency),
            Self::AdSpend(r) => Some(r.currency),
            Self::FixedCost(r) => Some(r.currency),
            // An offer in another currency is converted where it is held against own prices.
            Self::Rate(_) | Self::Offer(_) => None,
        }
    }

    #[must_use]
    pub const fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::Cost(r) => r.valid_from,
            Self::Shipping(r) => r.valid_from,
            Self::Fee(r) => r.valid_from,
            Self::AdSpend(r) => Some(r.period.from),
            Self::FixedCost(r) => Some(r.period.from),
            Self::Rate(r) => Some(r.day),
            Self::Offer(_) => None,
        }
    }
}

/// A row of any kind but orders and products. `currency` is the store's, for rows that name none.
pub fn read_table_row(
    row: &Row,
    layout: &Layout,
    currency: Currency,
) -> Result<TableRow, Vec<RowProblem>> {
    let mut cells = Cells::new(row, layout);
    let read = match layout.mapping.kind {
        ImportKind::Costs => cost(&mut cells, currency).map(TableRow::Cost),
        ImportKind::ShippingCosts => shipping(&mut cells, currency).map(TableRow::Shipping),
        ImportKind::PaymentFees => fee(&mut cells, currency).map(TableRow::Fee),
        ImportKind::AdSpend => ad_spend(&mut cells, currency).map(TableRow::AdSpend),
        ImportKind::FixedCosts => fixed_cost(&mut cells, currency).map(TableRow::FixedCost),
        ImportKind::ExchangeRates => rate(&mut cells).map(TableRow::Rate),
        ImportKind::SupplierOffers => {
            super::offers::offer(&mut cells).map(|row| TableRow::Offer(Box::new(row)))
        }
        ImportKind::Orders | ImportKind::Products => None,
    };
    match read {
        Some(read) if cells.problems.is_empty() => Ok(read),
        _ => Err(cells.problems),
    }
}

fn cost(cells: &mut Cells<'_>, default: Currency) -> Option<CostRow> {
    let sku = cells.text("sku").map(str::to_owned);
    let variant = match cells.text("variant_id") {
        Some(text) => match text.parse::<VariantId>() {
            Ok(id) => Some(id),
            Err(_) if super::number::is_exponent(text) => {
                cells.refuse("variant_id", super::NotANumber::Exponent.to_string());
                None
            }
            Err(_) => {
                cells.refuse("variant_id", "is no variant id (a whole number)");
                None
            }
        },
        None => None,
    };
    if sku.is_none() && variant.is_none() && cells.problems.is_empty() {
        let field = if cells.layout.index("sku").is_some() {
            "sku"
        } else {
            "variant_id"
        };
        cells.refuse(field, "is empty");
    }
    let cost = cells.needed("cost").and_then(|_| cells.positive("cost"));
    let currency = cells.currency("currency", default);
    let valid_from = cells.day("valid_from");
    Some(CostRow {
        sku,
        variant,
        cost: cost?,
        currency: currency?,
        valid_from,
    })
}

fn shipping(cells: &mut Cells<'_>, default: Currency) -> Option<ShippingRow> {
    let country = cells.needed("country").map(str::to_ascii_uppercase);
    let everywhere = |c: &str| {
        matches!(
            c,
            "*" | "ALL" | "REST" | "OTHER" | "REST OF WORLD" | "WORLD"
        )
    };
    if let Some(code) = &country
        && !everywhere(code)
        && (code.len() != 2 || !code.bytes().all(|b| b.is_ascii_alphabetic()))
    {
        cells.refuse(
            "country",
            "is no country (two letters of ISO 3166), nor * for all others",
        );
    }
    let currency = cells.currency("currency", default)?;
    let cost = cells
        .needed("cost")
        .and_then(|_| cells.amount("cost", currency));
    let row = ShippingRow {
        country: country.filter(|c| !everywhere(c)),
        min_weight: cells.whole("min_weight"),
        max_weight: cells.whole("max_weight"),
        min_order: cells.amount("min_order", currency),
        max_order: cells.amount("max_order", currency),
        cost: cost?,
        currency,
        valid_from: cells.day("valid_from"),
    };
    let backwards = |from: Option<i64>, to: Option<i64>| from.zip(to).is_some_and(|(f, t)| f > t);
    if backwards(row.min_weight, row.max_weight) {
        cells.refuse("max_weight", "is less than where the weight begins");
    }
    if backwards(row.min_order, row.max_order) {
        cells.refuse("max_order", "is less than where the order value begins");
    }
    Some(row)
}

fn fee(cells: &mut Cells<'_>, default: Currency) -> Option<FeeRuleRow> {
    let gateway = cells
        .needed("gateway")
        .map(|g| g.to_lowercase().replace(' ', "_"));
    let currency = cells.currency("currency", default)?;
    let percent = cells.positive("percent");
    if percent.is_some_and(|p| p > Decimal::ONE_HUNDRED) {
        cells.refuse("percent", "is more than 100 percent");
    }
    if percent.is_some_and(|p| p.scale() > 2 && p.normalize().scale() > 2) {
        cells.refuse("percent", "has more than two decimals");
    }
    let fixed = cells.amount("fixed", currency);
    if percent.is_none() && fixed.is_none() && cells.problems.is_empty() {
        let field = if cells.layout.index("percent").is_some() {
            "percent"
        } else {
            "fixed"
        };
        cells.refuse(field, "is empty, and so is the other part of the fee");
    }
    Some(FeeRuleRow {
        gateway: gateway?,
        percent,
        fixed,
        currency,
        valid_from: cells.day("valid_from"),
    })
}

fn ad_spend(cells: &mut Cells<'_>, default: Currency) -> Option<AdSpendRow> {
    let period = period(cells);
    let channel = cells.needed("channel").map(str::to_owned);
    let currency = cells.currency("currency", default)?;
    let spend = cells
        .needed("spend")
        .and_then(|_| cells.amount("spend", currency));
    Some(AdSpendRow {
        period: period?,
        channel: channel?,
        campaign: cells.text("campaign").map(str::to_owned),
        spend: spend?,
        currency,
    })
}

fn fixed_cost(cells: &mut Cells<'_>, default: Currency) -> Option<FixedCostRow> {
    let period = period(cells);
    let name = cells.needed("name").map(str::to_owned);
    let currency = cells.currency("currency", default)?;
    let amount = cells
        .needed("amount")
        .and_then(|_| cells.amount("amount", currency));
    Some(FixedCostRow {
        period: period?,
        name: name?,
        amount: amount?,
        currency,
    })
}

fn rate(cells: &mut Cells<'_>) -> Option<RateRow> {
    let day = cells.needed("day").and_then(|_| cells.day("day"));
    let mut currency = |field: &str| {
        let text = cells.needed(field)?;
        match Currency::parse(text) {
            Ok(currency) => Some(currency),
            Err(_) => {
                cells.refuse(field, "is no currency (three letters of ISO 4217)");
                None
            }
        }
    };
    let (base, quote) = (currency("base"), currency("quote"));
    let rate = cells.needed("rate").and_then(|_| cells.positive("rate"));
    if rate.is_some_and(|r| r.is_zero()) {
        cells.refuse("rate", "is zero");
    }
    if base.is_some() && base == quote {
        cells.refuse("quote", "is the same currency as the one before");
    }
    Some(RateRow {
        day: day?,
        base: base?,
        quote: quote?,
        rate: rate?,
    })
}

/// `2026-03`, `03/2026`, `2026-03-14`, `14.03.2026`
fn period(cells: &mut Cells<'_>) -> Option<Period> {
    let text = cells.needed("day")?;
    if let Some(from) = month(text) {
        return Some(Period {
            from,
            to: last_of_month(from),
        });
    }
    let day = cells.day("day")?;
    Some(Period { from: day, to: day })
}

fn month(text: &str) -> Option<NaiveDate> {
    let (a, b) = text.split_once(['-', '/', '.'])?;
    let (year, month) = if a.len() == 4 { (a, b) } else { (b, a) };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|c| c.is_ascii_digit());
    if year.len() != 4 || month.len() > 2 || !digits(year) || !digits(month) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)
}

fn last_of_month(first: NaiveDate) -> NaiveDate {
    let next = if first.month() == 12 {
        NaiveDate::from_ymd_opt(first.year() + 1, 1, 1)
    } else {
        NaiveDate::from_ymd_opt(first.year(), first.month() + 1, 1)
    };
    next.and_then(|d| d.pred_opt()).unwrap_or(first)
}
