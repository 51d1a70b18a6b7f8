//! Sums of ledger entries by day × dimension, kept up with the entries themselves.

use crate::ids::{ProductId, VariantId};
use crate::ledger::{Basis, EntryKind, Ledger, LedgerEntry};
use crate::money::Currency;
use crate::order::Order;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By what a report can be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// One key, the empty string.
    Total,
    /// The product's number, or [`CUSTOM_ITEMS`], or [`WHOLE_ORDER`].
    Product,
    /// The variant's number, or [`CUSTOM_ITEMS`], or [`WHOLE_ORDER`].
    Variant,
    Channel,
    /// ISO 3166-1 alpha-2, or [`UNKNOWN`].
    Country,
    /// From where the buyer came first ([`crate::attribution::Touch::key`]); orders of which no visits were read are under no key.
    FirstTouch,
    /// From where the buyer came last.
    LastTouch,
}

impl Dimension {
    pub const ALL: [Self; 7] = [
        Self::Total,
        Self::Product,
        Self::Variant,
        Self::Channel,
        Self::Country,
        Self::FirstTouch,
        Self::LastTouch,
    ];
}

/// Key of lines without a product in the catalogue.
pub const CUSTOM_ITEMS: &str = "custom";
/// Key of amounts that belong to an order as a whole: shipping, tips, adjustments.
pub const WHOLE_ORDER: &str = "order";
/// Key where the provider says nothing.
pub const UNKNOWN: &str = "unknown";

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RollupKey {
    pub dimension: Dimension,
    pub key: String,
    pub day: NaiveDate,
    pub currency: Currency,
}

macro_rules! measures {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// Additive figures; money in minor units. What is taken off (`discounts`, `returns`, costs) is positive.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Measures { $($(#[$doc])* pub $name: i64),+ }

        impl Measures {
            /// Names in the order of [`Measures::values`]; also the column names of both SQL adapters.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            #[must_use]
            pub const fn values(&self) -> [i64; Self::NAMES.len()] {
                [$(self.$name),+]
            }

            #[must_use]
            pub const fn from_values(values: [i64; Self::NAMES.len()]) -> Self {
                let [$($name),+] = values;
                Self { $($name),+ }
            }
        }

        impl std::ops::AddAssign for Measures {
            fn add_assign(&mut self, other: Self) {
                $(self.$name += other.$name;)+
            }
        }

        impl std::ops::SubAssign for Measures {
            fn sub_assign(&mut self, other: Self) {
                $(self.$name -= other.$name;)+
            }
        }
    };
}

measures! {
    /// Each order once, on the day of its sale; by product and variant at its first line, so that rows add up.
    orders,
    /// By product and variant: orders with at least one such line.
    orders_containing,
    /// Units sold less units taken back.
    units,
    units_returned,
    gross_sales,
    discounts,
    returns,
    shipping,
    taxes,
    duties,
    fees_charged,
    tips,
    /// Gift cards sold: a liability.
    gift_cards,
    /// Amounts of kinds that this version does not know.
    unclassified,
    cost_of_goods,
    payment_fees,
    /// Part of `payment_fees`: on lines whose unit cost is missing, and so set apart from profit with their sales.
    payment_fees_without_cost,
    /// Part of `returns`: refunds that belong to no line.
    refund_adjustments,
    /// Net sales whose unit cost is actual, estimated, missing.
    cost_actual,
    cost_estimated,
    cost_missing,
    /// Net sales whose payment fees are actual, estimated, missing.
    fees_actual,
    fees_estimated,
    fees_missing,
    /// Entries behind these sums; 0 and nothing else means that the row can go.
    entries,
    shipping_cost,
    /// Part of `shipping_cost`: on lines whose unit cost is missing, and so set apart from profit with their sales.
    shipping_cost_without_cost,
    /// Net sales whose shipping cost is actual, estimated, missing.
    shipping_actual,
    shipping_estimated,
    shipping_missing,
}

impl Measures {
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    #[must_use]
    pub const fn net_sales(&self) -> i64 {
        self.gross_sales - self.discounts - self.returns
    }

    /// Net sales + shipping charged + tips, without tax.
    #[must_use]
    pub const fn net_revenue(&self) -> i64 {
        self.net_sales() + self.shipping + self.tips
    }

    /// Net sales + shipping + duties + taxes + fees charged, as Shopify defines it.
    #[must_use]
    pub const fn total_sales(&self) -> i64 {
        self.net_sales() + self.shipping + self.duties + self.taxes + self.fees_charged
    }

    fn of_entry(entry: &LedgerEntry, ledger: &Ledger) -> Self {
        let mut m = Self {
            entries: 1,
            ..Self::default()
        };
        let amount = entry.amount;
        match entry.kind {
            EntryKind::GrossSale => {
                m.gross_sales = amount;
                m.units = entry.quantity;
            }
            EntryKind::Discount => m.discounts = -amount,
            EntryKind::Return => {
                m.returns = -amount;
                m.units = entry.quantity;
                m.units_returned = -entry.quantity;
                if entry.line.is_none() {
                    m.refund_adjustments = -amount;
                }
            }
            EntryKind::Shipping => m.shipping = amount,
            EntryKind::Tax => m.taxes = amount,
            EntryKind::Duty => m.duties = amount,
            EntryKind::ChargedFee => m.fees_charged = amount,
            EntryKind::Tip => m.tips = amount,
            EntryKind::GiftCard => m.gift_cards = amount,
            EntryKind::Unclassified => m.unclassified = amount,
            EntryKind::CostOfGoods => m.cost_of_goods = -amount,
            EntryKind::ShippingCost => {
                m.shipping_cost = -amount;
                if entry.cost == Basis::Missing {
                    m.shipping_cost_without_cost = -amount;
                }
            }
            EntryKind::PaymentFee => {
                m.payment_fees = -amount;
                if entry.cost == Basis::Missing {
                    m.payment_fees_without_cost = -amount;
                }
            }
        }
        if entry.kind.is_net_sales() {
            match entry.cost {
                Basis::Actual => m.cost_actual = amount,
                Basis::Estimated => m.cost_estimated = amount,
                Basis::Missing => m.cost_missing = amount,
            }
            match ledger.fees {
                Basis::Actual => m.fees_actual = amount,
                Basis::Estimated => m.fees_estimated = amount,
                Basis::Missing => m.fees_missing = amount,
            }
            match ledger.shipping {
                Some(Basis::Actual) => m.shipping_actual = amount,
                Some(Basis::Estimated) => m.shipping_estimated = amount,
                Some(Basis::Missing) => m.shipping_missing = amount,
                None => {}
            }
        }
        m
    }
}

/// What of an order the rollups need beside its ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    pub currency: Currency,
    pub channel: String,
    pub country: Option<String>,
    /// Product and variant of each line, in the order's own order of lines.
    pub lines: Vec<(Option<ProductId>, Option<VariantId>)>,
    /// Keys of the first and the last touch; `None`: visits were not read.
    pub touches: Option<(String, String)>,
}

impl Placement {
    #[must_use]
    pub fn of(order: &Order) -> Self {
        Self {
            currency: order.currency,
            channel: order.channel.clone(),
            country: order.country.clone(),
            lines: order.lines.iter().map(|l| (l.product, l.variant)).collect(),
            touches: order
                .journey
                .as_ref()
                .map(|j| (j.first_touch().key(), j.last_touch().key())),
        }
    }
}

/// Sums by day × dimension.
pub type Rollups = BTreeMap<RollupKey, Measures>;

/// What one order adds to the rollups.
#[must_use]
pub fn fold(placement: &Placement, ledger: &Ledger) -> Rollups {
    let mut rollups = Rollups::new();
    if !ledger.counts {
        return rollups;
    }
    let mut add = |dimension, key: String, day, measures| {
        let key = RollupKey {
            dimension,
            key,
            day,
            currency: placement.currency,
        };
        *rollups.entry(key).or_default() += measures;
    };
    let channel = if placement.channel.is_empty() {
        UNKNOWN
    } else {
        &placement.channel
    };
    let country = placement.country.as_deref().unwrap_or(UNKNOWN);

    let counted = Measures {
        orders: 1,
        ..Measures::default()
    };
    add(Dimension::Total, String::new(), ledger.day, counted);
    add(Dimension::Channel, channel.to_owned(), ledger.day, counted);
    add(Dimension::Country, country.to_owned(), ledger.day, counted);
    if let Some((first, last)) = &placement.touches {
        add(Dimension::FirstTouch, first.clone(), ledger.day, counted);
        add(Dimension::LastTouch, last.clone(), ledger.day, counted);
    }
    count_lines(placement, ledger.day, &mut add);

    for entry in &ledger.entries {
        let measures = Measures::of_entry(entry, ledger);
        add(Dimension::Total, String::new(), entry.day, measures);
        add(Dimension::Channel, channel.to_owned(), entry.day, measures);
        add(Dimension::Country, country.to_owned(), entry.day, measures);
        if let Some((first, last)) = &placement.touches {
            add(Dimension::FirstTouch, first.clone(), entry.day, measures);
            add(Dimension::LastTouch, last.clone(), entry.day, measures);
        }
        add(
            Dimension::Product,
            line_key(entry.line.is_some(), entry.product.map(|p| p.0)),
            entry.day,
            measures,
        );
        add(
            Dimension::Variant,
            line_key(entry.line.is_some(), entry.variant.map(|v| v.0)),
            entry.day,
            measures,
        );
    }
    rollups
}

fn line_key(is_line: bool, id: Option<i64>) -> String {
    match (is_line, id) {
        (_, Some(id)) => id.to_string(),
        (true, None) => CUSTOM_ITEMS.to_owned(),
        (false, None) => WHOLE_ORDER.to_owned(),
    }
}

fn count_lines(
    placement: &Placement,
    day: NaiveDate,
    add: &mut impl FnMut(Dimension, String, NaiveDate, Measures),
) {
    let products: Vec<String> = placement
        .lines
        .iter()
        .map(|(p, _)| line_key(true, p.map(|p| p.0)))
        .collect();
    let variants: Vec<String> = placement
        .lines
        .iter()
        .map(|(_, v)| line_key(true, v.map(|v| v.0)))
        .collect();
    for (dimension, mut keys) in [
        (Dimension::Product, products),
        (Dimension::Variant, variants),
    ] {
        let first = keys
            .first()
            .cloned()
            .unwrap_or_else(|| WHOLE_ORDER.to_owned());
        add(
            dimension,
            first,
            day,
            Measures {
                orders: 1,
                ..Measures::default()
            },
        );
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            add(
                dimension,
                key,
                day,
                Measures {
                    orders_containing: 1,
                    ..Measures::default()
                },
            );
        }
    }
}

/// What has to be added so that the rollups change from `old` to `new`; nothing that stays.
#[must_use]
pub fn difference(old: Rollups, new: Rollups) -> Rollups {
    let mut delta = new;
    for (key, measures) in old {
        *delta.entry(key).or_default() -= measures;
    }
    delta.retain(|_, m| !m.is_zero());
    delta
}
