//! A rule as the API reads it.

use crate::problem::{FieldError, Problem};
use domain::agents::rules::Rule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// When, if, then.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Rule)]
pub(crate) struct DocumentBody {
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    about: AboutBody,
    when: WhenBody,
    #[serde(rename = "if")]
    #[schema(rename = "if")]
    given: ConditionsBody,
    then: OperationBody,
    /// At most 20 a run, a day's rest, valid for a day, when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<LimitsBody>,
}

impl DocumentBody {
    pub(crate) fn into_rule(self) -> Result<Rule, Problem> {
        let read = serde_json::to_value(self).and_then(serde_json::from_value);
        read.map_err(|error| Problem::invalid(vec![FieldError::new("rule", error.to_string())]))
    }
}

/// What it looks at.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleAbout)]
pub(crate) enum AboutBody {
    Variants,
    Orders,
}

/// What starts it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = RuleWhen)]
pub(crate) enum WhenBody {
    Schedule {
        /// A cron pattern of five fields in the store's zone.
        #[schema(max_length = 100)]
        schedule: String,
    },
    Event {
        /// `orders.changed`, `products.changed`, or a type that somebody tells by `POST /events`.
        #[schema(min_length = 1, max_length = 120)]
        event: String,
    },
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleMatch)]
pub(crate) enum MatchBody {
    All,
    Any,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RuleConditions)]
pub(crate) struct ConditionsBody {
    #[serde(rename = "match")]
    #[schema(rename = "match")]
    of: MatchBody,
    #[schema(min_items = 1, max_items = 20)]
    conditions: Vec<ConditionBody>,
}

/// A figure held against a value. What nobody knows is neither met nor not met.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RuleCondition)]
pub(crate) struct ConditionBody {
    figure: FigureBody,
    /// Of figures that count over the last whole days; others have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 365)]
    days: Option<u32>,
    is: ComparatorBody,
    value: OperandBody,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleFigure)]
pub(crate) enum FigureBody {
    Stock,
    Price,
    CostKnown,
    UnitMargin,
    UnitsSold,
    NetSales,
    Contribution,
    StockCover,
    DaysWithoutSale,
    DaysListed,
    ProductStatus,
    ProductType,
    Vendor,
    ProductTags,
    Total,
    Risk,
    AgeHours,
    PaidHours,
    PaymentState,
    FulfillmentState,
    Country,
    BilledElsewhere,
    Ships,
    EarlierOrders,
    OrdersInDay,
    OrderTags,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleComparator)]
pub(crate) enum ComparatorBody {
    AtLeast,
    AtMost,
    Above,
    Below,
    Equals,
    /// Of words: is one of them; of tags: has one of them.
    AnyOf,
    NoneOf,
}

/// A number as the figure's kind counts it (amounts in minor units, shares in ten-thousandths), a switch, or words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = RuleValue)]
pub(crate) enum OperandBody {
    Flag(bool),
    Number(i64),
    Words(Vec<String>),
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = RuleOperation)]
pub(crate) enum OperationBody {
    /// Moves the price of a variant by a share of itself.
    PricePercent {
        /// In ten-thousandths; below zero lowers it.
        #[schema(minimum = -2000, maximum = 2000)]
        percent: i64,
        rounding: RoundingBody,
    },
    /// Sets the price of a variant to the least one that leaves this share of it after the cost of the unit.
    PriceToMargin {
        /// In ten-thousandths.
        #[schema(minimum = 1500, maximum = 9000)]
        margin: i64,
        rounding: RoundingBody,
    },
    /// To the order, or to the product of a variant.
    AddTags {
        #[schema(min_items = 1, max_items = 10)]
        tags: Vec<String>,
    },
    RemoveTags {
        #[schema(min_items = 1, max_items = 10)]
        tags: Vec<String>,
    },
    HoldOrder {
        reason: HoldReasonBody,
        #[schema(max_length = 200)]
        note: String,
    },
    /// Takes holds of ours away.
    ReleaseOrder {},
    /// Is told in the run, and changes nothing.
    Notify {},
    /// Sends GitHub's `repository_dispatch` about the thing, once in each cool-down: a change like any other, which people approve, or the rule where
    /// it may act. `client_payload` has the rule's name, the thing with its number and label, the currency, and `figures`.
    Signal {
        /// What workflows listen for (`on: repository_dispatch: types`).
        #[schema(min_length = 1, max_length = 100)]
        event: String,
        #[schema(max_items = 20)]
        figures: Vec<SignalFigureBody>,
    },
}

/// A figure that leaves the house. Amounts and shares are decimal strings, counts, days and hours whole numbers; what nobody knows is null.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RuleSignalFigure)]
pub(crate) struct SignalFigureBody {
    figure: FigureBody,
    /// Of figures that count over the last whole days; others have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 365)]
    days: Option<u32>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleHoldReason)]
pub(crate) enum HoldReasonBody {
    HighRiskOfFraud,
    IncorrectAddress,
    InventoryOutOfStock,
    AwaitingPayment,
    Other,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleRounding)]
pub(crate) enum RoundingBody {
    /// To the last minor unit.
    Exact,
    /// No minor units.
    Whole,
    /// One minor unit below a whole one.
    Ending99,
    /// As most prices of the store end.
    Store,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RuleLimits)]
pub(crate) struct LimitsBody {
    /// Proposals that one run makes at most.
    #[schema(minimum = 1, maximum = 100)]
    per_run: u32,
    /// How long it leaves a thing alone after it changed it, or after people said no.
    #[schema(minimum = 0, maximum = 8760)]
    cool_down_hours: u32,
    /// Nobody's decision within this time is a no.
    #[schema(minimum = 1, maximum = 168)]
    valid_hours: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::agents::rules::Figure;
    use serde_json::{Value, json};

    fn document(figure: &Value, then: &Value) -> Value {
        json!({
            "name": "A rule", "about": "variants",
            "when": { "by": "schedule", "schedule": "0 6 * * *" },
            "if": { "match": "all", "conditions": [
                { "figure": figure, "days": 30, "is": "at_most", "value": 3 },
                { "figure": "cost_known", "is": "equals", "value": true },
                { "figure": "product_tags", "is": "none_of", "value": ["a"] },
            ] },
            "then": then,
            "limits": { "per_run": 5, "cool_down_hours": 48, "valid_hours": 12 },
        })
    }

    #[track_caller]
    fn check(document: &Value) {
        let body: DocumentBody = serde_json::from_value(document.clone()).unwrap();
        let rule = body.into_rule().unwrap();
        assert_eq!(serde_json::to_value(&rule).unwrap(), *document);
    }

    #[test]
    fn what_is_described_is_what_the_domain_reads_and_writes() {
        for figure in Figure::ALL {
            let figure = serde_json::to_value(figure).unwrap();
            check(&document(&figure, &json!({ "do": "notify" })));
        }
        for then in [
            json!({ "do": "price_percent", "percent": -500, "rounding": "ending99" }),
            json!({ "do": "price_to_margin", "margin": 3000, "rounding": "store" }),
            json!({ "do": "add_tags", "tags": ["x"] }),
            json!({ "do": "remove_tags", "tags": ["x"] }),
            json!({ "do": "hold_order", "reason": "awaiting_payment", "note": "" }),
            json!({ "do": "release_order" }),
        ] {
            check(&document(&json!("units_sold"), &then));
        }
        let mut event = document(&json!("stock"), &json!({ "do": "notify" }));
        event["when"] = json!({ "by": "event", "event": "orders.changed" });
        check(&event);
    }

    #[test]
    fn what_is_not_there_is_not_read_over() {
        let mut unknown = document(&json!("stock"), &json!({ "do": "notify" }));
        unknown["then"]["loud"] = json!(true);
        assert!(serde_json::from_value::<DocumentBody>(unknown).is_err());
        let figure = document(&json!("moon"), &json!({ "do": "notify" }));
        assert!(serde_json::from_value::<DocumentBody>(figure).is_err());
    }
}
