//! How people call the figures of [`crate::passport`].

/// A phrase may name more than one figure: which one is meant has to be asked.
pub(super) type Names = &'static [&'static str];

pub(super) const FIGURES: &[(&str, Names)] = &[
    ("net profit", &["net_profit"]),
    ("profit", &["net_profit"]),
    ("profits", &["net_profit"]),
    ("profitable", &["net_profit"]),
    ("profitability", &["net_profit"]),
    ("net income", &["net_profit"]),
    ("bottom line", &["net_profit"]),
    ("earnings", &["net_profit"]),
    ("true profit", &["net_profit"]),
    ("real profit", &["net_profit"]),
    ("make money", &["net_profit"]),
    ("making money", &["net_profit"]),
    ("made money", &["net_profit"]),
    ("make any money", &["net_profit"]),
    ("lose money", &["net_profit"]),
    ("losing money", &["net_profit"]),
    ("lost money", &["net_profit"]),
    ("money did we make", &["net_profit"]),
    ("money did i make", &["net_profit"]),
    ("much did we make", &["net_profit"]),
    ("much did i make", &["net_profit"]),
    ("much did we earn", &["net_profit"]),
    ("much did i earn", &["net_profit"]),
    ("did we earn", &["net_profit"]),
    ("did i earn", &["net_profit"]),
    ("net sales", &["net_sales"]),
    ("sales", &["net_sales"]),
    ("gross sales", &["gross_sales"]),
    ("total sales", &["total_sales"]),
    ("revenue", &["net_revenue"]),
    ("net revenue", &["net_revenue"]),
    ("turnover", &["net_revenue"]),
    ("orders", &["orders"]),
    ("order count", &["orders"]),
    ("number of orders", &["orders"]),
    ("units", &["units"]),
    ("units sold", &["units"]),
    ("items sold", &["units"]),
    ("pieces", &["units"]),
    ("pieces sold", &["units"]),
    ("quantity sold", &["units"]),
    ("discounts", &["discounts"]),
    ("discount", &["discounts"]),
    ("discounting", &["discounts"]),
    ("returns", &["returns"]),
    ("refunds", &["returns"]),
    ("refunded", &["returns"]),
    ("taxes", &["taxes"]),
    ("tax", &["taxes"]),
    ("vat", &["taxes"]),
    ("duties", &["duties"]),
    ("tips", &["tips"]),
    ("gift cards", &["gift_cards"]),
    ("gift card sales", &["gift_cards"]),
    ("shipping revenue", &["shipping"]),
    ("shipping charges", &["shipping"]),
    ("shipping income", &["shipping"]),
    ("shipping", &["shipping", "shipping_cost"]),
    ("shipping cost", &["shipping_cost"]),
    ("shipping costs", &["shipping_cost"]),
    ("cost of shipping", &["shipping_cost"]),
    ("cost of goods", &["cost_of_goods"]),
    ("cost of goods sold", &["cost_of_goods"]),
    ("cogs", &["cost_of_goods"]),
    ("product cost", &["cost_of_goods"]),
    ("product costs", &["cost_of_goods"]),
    ("revenue without cost", &["net_revenue_without_cost"]),
    ("gross profit", &["cm1"]),
    ("cm1", &["cm1"]),
    ("contribution margin 1", &["cm1"]),
    ("cm2", &["cm2"]),
    ("contribution margin 2", &["cm2"]),
    ("cm3", &["cm3"]),
    ("contribution margin 3", &["cm3"]),
    ("contribution margin", &["cm3"]),
    ("contribution", &["cm3"]),
    ("payment fees", &["payment_fees"]),
    ("transaction fees", &["payment_fees"]),
    ("processing fees", &["payment_fees"]),
    ("fees", &["payment_fees"]),
    ("ad spend", &["ad_spend"]),
    ("adspend", &["ad_spend"]),
    ("ads spend", &["ad_spend"]),
    ("ad cost", &["ad_spend"]),
    ("ad costs", &["ad_spend"]),
    ("advertising", &["ad_spend"]),
    ("advertising spend", &["ad_spend"]),
    ("advertising cost", &["ad_spend"]),
    ("marketing spend", &["ad_spend"]),
    ("marketing cost", &["ad_spend"]),
    ("marketing costs", &["ad_spend"]),
    ("spend on ads", &["ad_spend"]),
    ("spent on ads", &["ad_spend"]),
    ("spend on advertising", &["ad_spend"]),
    ("spend on marketing", &["ad_spend"]),
    ("fixed costs", &["fixed_costs"]),
    ("fixed cost", &["fixed_costs"]),
    ("overhead", &["fixed_costs"]),
    ("overheads", &["fixed_costs"]),
    ("average order value", &["average_order_value"]),
    ("average order", &["average_order_value"]),
    ("average basket", &["average_order_value"]),
    ("basket size", &["average_order_value"]),
    ("aov", &["average_order_value"]),
    ("gross margin", &["gross_margin"]),
    ("profit margin", &["profit_margin"]),
    ("net margin", &["profit_margin"]),
    ("net profit margin", &["profit_margin"]),
    ("margin", &["profit_margin", "gross_margin"]),
    ("margins", &["profit_margin", "gross_margin"]),
    ("refund rate", &["refund_rate"]),
    ("return rate", &["refund_rate"]),
    ("refund rates", &["refund_rate"]),
    ("mer", &["mer"]),
    ("marketing efficiency ratio", &["mer"]),
    ("marketing efficiency", &["mer"]),
    ("ad spend ratio", &["ad_spend_ratio"]),
    ("acos", &["ad_spend_ratio"]),
    ("poas", &["poas"]),
    ("profit on ad spend", &["poas"]),
    ("roas", &["roas"]),
    ("return on ad spend", &["roas"]),
    ("new customers", &["new_customers"]),
    ("first time customers", &["new_customers"]),
    ("first time buyers", &["new_customers"]),
    ("customers", &["customers"]),
    ("buyers", &["customers"]),
    ("returning customers", &["returning_customers"]),
    ("repeat customers", &["returning_customers"]),
    ("returning customer rate", &["returning_customer_rate"]),
    ("repeat rate", &["returning_customer_rate"]),
    ("repeat purchase rate", &["returning_customer_rate"]),
    ("cac", &["cac", "ncac"]),
    ("customer acquisition cost", &["cac", "ncac"]),
    ("blended cac", &["cac"]),
    ("ncac", &["ncac"]),
    ("new customer acquisition cost", &["ncac"]),
    ("ltv", LTV),
    ("clv", LTV),
    ("lifetime value", LTV),
    ("customer lifetime value", LTV),
    ("30 day ltv", &["ltv_30"]),
    ("60 day ltv", &["ltv_60"]),
    ("90 day ltv", &["ltv_90"]),
    ("180 day ltv", &["ltv_180"]),
    ("365 day ltv", &["ltv_365"]),
    ("payback", &["payback_day"]),
    ("payback day", &["payback_day"]),
    ("payback period", &["payback_day"]),
];

const LTV: Names = &["ltv_30", "ltv_60", "ltv_90", "ltv_180", "ltv_365"];

/// A phrase that means this figure and no other; its name where there is none.
#[must_use]
pub fn called(figure: &str) -> String {
    let alone = FIGURES.iter().find(|(_, names)| *names == [figure]);
    alone.map_or_else(
        || figure.replace('_', " "),
        |(phrase, _)| (*phrase).to_owned(),
    )
}

/// Less of these is better, so that the best is the lowest.
pub(super) fn is_better_low(figure: &str) -> bool {
    matches!(
        figure,
        "returns"
            | "refund_rate"
            | "discounts"
            | "cost_of_goods"
            | "shipping_cost"
            | "payment_fees"
            | "ad_spend"
            | "ad_spend_ratio"
            | "fixed_costs"
            | "cac"
            | "ncac"
            | "payback_day"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passport;
    use std::collections::BTreeSet;

    #[test]
    fn every_phrase_names_figures_that_there_are_and_stands_once() {
        let mut seen = BTreeSet::new();
        for (phrase, names) in FIGURES {
            assert!(seen.insert(phrase), "{phrase} twice");
            for name in *names {
                assert!(passport::find(name).is_some(), "{phrase}: {name}");
            }
        }
    }

    #[test]
    fn figures_that_a_person_would_ask_for_can_be_named() {
        let named: BTreeSet<_> = FIGURES.iter().flat_map(|(_, names)| *names).collect();
        let unnamed: Vec<_> = passport::all()
            .map(|d| d.name)
            .filter(|name| !named.contains(name))
            .collect();
        // Only parts of other figures have no name of their own.
        assert_eq!(
            unnamed,
            [
                "orders_containing",
                "fees_charged",
                "payment_fees_without_cost",
                "shipping_cost_without_cost"
            ]
        );
    }
}
