//! What is not known, why, and what it would take.

use super::{ReportError, ReportRow, Reports, Split, View};
use domain::money::{Currency, in_words};
use std::collections::BTreeMap;

/// Figure → the reason why it is not (wholly) known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unavailable {
    /// Figures that are `null`.
    pub fields: BTreeMap<&'static str, String>,
    /// What a reader has to know about figures that are there.
    pub notes: Vec<Note>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub code: &'static str,
    pub message: String,
}

/// Profit figure → the costs that are not in it because nobody told them yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excludes(pub BTreeMap<&'static str, Vec<&'static str>>);

impl Excludes {
    pub(super) fn of(total: &ReportRow) -> Self {
        let f = &total.figures;
        let missing = [
            (
                "shipping_cost",
                f.measures.shipping_missing != 0 || f.shipping_cost.is_none(),
            ),
            ("ad_spend", f.ad_spend.is_none()),
            ("fixed_costs", f.fixed_costs.is_none()),
        ];
        let of = |costs: &[(&'static str, bool)]| -> Vec<&'static str> {
            let missing = costs.iter().filter(|(_, missing)| *missing);
            missing.map(|(name, _)| *name).collect()
        };
        let figures = [("cm2", 1), ("cm3", 2), ("net_profit", 3)];
        let excluded = figures.map(|(figure, so_many)| (figure, of(&missing[..so_many])));
        let some = excluded.into_iter().filter(|(_, costs)| !costs.is_empty());
        Self(some.collect())
    }
}

/// Figures of a row that are money of stores, and so are withheld without an exchange rate.
const CONVERTED: [&str; 23] = [
    "gross_sales",
    "discounts",
    "returns",
    "net_sales",
    "shipping",
    "taxes",
    "duties",
    "fees_charged",
    "tips",
    "total_sales",
    "net_revenue",
    "net_revenue_without_cost",
    "gift_cards",
    "cost_of_goods",
    "cm1",
    "shipping_cost",
    "payment_fees",
    "payment_fees_without_cost",
    "cm2",
    "ad_spend",
    "cm3",
    "fixed_costs",
    "net_profit",
];

impl Reports {
    pub(super) async fn unavailable(
        &self,
        view: &View,
        split: Split,
        total: &ReportRow,
    ) -> Result<Unavailable, ReportError> {
        let mut out = Unavailable::default();
        out.missing_costs(split, total);
        let figures = &total.figures;
        if figures.cost_of_goods.is_none() {
            let reason =
                "None of the products sold has a cost. Enter the cost per item in your store.";
            out.fields.insert("cost_of_goods", reason.to_owned());
        }
        for (field, value) in [
            ("cm1", figures.cm1),
            ("cm2", figures.cm2),
            ("cm3", figures.cm3),
            ("net_profit", figures.net_profit),
        ] {
            if value.is_none() {
                let reason = "The cost of every product sold is missing.";
                out.fields.insert(field, reason.to_owned());
            }
        }
        if let Some(reason) = &total.withheld {
            for field in CONVERTED {
                out.fields.insert(field, reason.clone());
            }
        }
        out.missing_parts(view.currency, total);
        for reason in self.day_costs_without_rate(view).await? {
            out.note("day_costs_without_rate", reason);
        }
        for store in &view.stores {
            let others = self
                .ports
                .reports
                .other_currencies(store.scope, store.currency)
                .await?;
            for (currency, orders) in others {
                out.note(
                    "other_currency",
                    format!(
                        "{orders} orders in {currency} are left out: the currency of {} is {}.",
                        store.name, store.currency
                    ),
                );
            }
        }
        Ok(out)
    }
}

impl Unavailable {
    fn missing_costs(&mut self, split: Split, total: &ReportRow) {
        let figures = &total.figures;
        if figures.shipping_cost.is_none() {
            let reason = "What you pay for shipping is not recorded yet. Enter a shipping table under Costs.";
            self.fields.insert("shipping_cost", reason.to_owned());
        }
        for (field, told, untold) in [
            (
                "ad_spend",
                figures.ad_spend.is_some(),
                "No ad spend is recorded for these days. Enter or import it under Costs.",
            ),
            (
                "fixed_costs",
                figures.fixed_costs.is_some(),
                "No fixed costs are recorded for these days. Enter them under Costs.",
            ),
        ] {
            let reason = match (told, split) {
                (false, _) => untold,
                (true, Split::Period(_) | Split::Store) => continue,
                (true, _) => {
                    "It belongs to days, not to single rows: it stands in a row of its own."
                }
            };
            self.fields.insert(field, reason.to_owned());
        }
    }

    /// Parts of figures that are there, which nobody told.
    fn missing_parts(&mut self, currency: Currency, total: &ReportRow) {
        let figures = &total.figures;
        let amount = |minor| in_words(minor, currency);
        let measures = &figures.measures;
        if measures.cost_missing != 0 && figures.net_profit.is_some() {
            self.note(
                "cost_missing",
                format!(
                    "{} of net sales have no product cost and are not part of any profit.",
                    amount(measures.cost_missing)
                ),
            );
        }
        if measures.fees_missing != 0 {
            self.note("fees_missing", format!("Payment fees are unknown for {} of net sales: their gateway does not tell them.", amount(measures.fees_missing)));
        }
        if measures.shipping_missing != 0 && figures.shipping_cost.is_some() {
            self.note(
                "shipping_missing",
                format!(
                    "What sending costs is unknown for {} of net sales.",
                    amount(measures.shipping_missing)
                ),
            );
        }
        if measures.unclassified != 0 {
            self.note(
                "unclassified",
                format!(
                    "{} are of a kind that this version does not know and are left out.",
                    amount(measures.unclassified)
                ),
            );
        }
    }

    fn note(&mut self, code: &'static str, message: String) {
        self.notes.push(Note { code, message });
    }
}
