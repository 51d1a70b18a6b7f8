//! What if, as the API shows it.

use crate::http::amounts::{amount, optional_amount, share};
use crate::http::changes::view::EffectBody;
use chrono::NaiveDate;
use domain::agents::marketing::{AdStanding, BudgetAfter, LessSpend};
use domain::agents::pricing::{Answers, Standing, WhatIfAnswer};
use domain::ids::VariantId;
use domain::money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

/// Percent of units for one percent of price, with 80 %.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceElasticity)]
pub(crate) struct ElasticityBody {
    low: f64,
    mean: f64,
    high: f64,
    /// Changes of this price that it rests on.
    own_changes: u64,
    /// And of all prices of the store.
    changes: u64,
    /// The largest steps that were seen, as shares of the price before: -0.1 is a tenth less.
    seen_low: f64,
    seen_high: f64,
}

impl From<Answers> for ElasticityBody {
    fn from(of: Answers) -> Self {
        Self {
            low: of.low,
            mean: of.mean,
            high: of.high,
            own_changes: of.own as u64,
            changes: of.all as u64,
            seen_low: of.seen.0,
            seen_high: of.seen.1,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WhatIfChoice)]
pub(crate) struct ChoiceBody {
    variant_id: String,
    label: String,
}

impl ChoiceBody {
    pub(super) fn of((id, label): &(VariantId, &str)) -> Self {
        Self {
            variant_id: id.to_string(),
            label: (*label).to_owned(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WhatIfVariant)]
pub(crate) struct VariantBody {
    variant_id: String,
    label: String,
    price: String,
    unit_cost: Option<String>,
    /// Of sending one unit, the store's average; null: not known, and left out.
    shipping: Option<String>,
    /// Payment fees as a share of net revenue; null: not known, and left out.
    fee_share: Option<f64>,
    stock: Option<i64>,
    units_a_day: Option<f64>,
    /// Why nothing can be told; null: something can.
    why: Option<&'static str>,
    elasticity: Option<ElasticityBody>,
    /// Why no other price can be told.
    price_why: Option<&'static str>,
}

impl VariantBody {
    pub(super) fn of(id: VariantId, of: &Standing, currency: Currency) -> Self {
        Self {
            variant_id: id.to_string(),
            label: of.label.clone(),
            price: amount(of.price, currency),
            unit_cost: optional_amount(of.unit_cost, currency),
            shipping: optional_amount(of.shipping, currency),
            fee_share: of.fee_share.map(share),
            stock: of.stock,
            units_a_day: of.units_a_day,
            why: of.why,
            elasticity: of.answers.map(Into::into),
            price_why: of.price_why,
        }
    }
}

/// Contribution margin with intervals of 80 %.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WhatIfAnswer)]
pub(crate) struct AnswerBody {
    units_now: Option<f64>,
    units_after: Option<f64>,
    now: Option<EffectBody>,
    after: Option<EffectBody>,
    change: Option<EffectBody>,
    /// The probability that the other price brings more; null: the price stays, or a cost moves with it.
    confidence: Option<f64>,
    /// The price moves further than any that was seen.
    is_beyond_seen: bool,
    /// What lies there may be sold before the days are over.
    sells_out: bool,
    /// Why it cannot be told.
    why: Option<String>,
}

impl AnswerBody {
    pub(super) fn of(of: &Result<WhatIfAnswer, String>, currency: Currency) -> Self {
        let effect = |of: &domain::changes::Effect| Some(EffectBody::of(of, currency));
        match of {
            Ok(of) => Self {
                units_now: Some(of.units_now),
                units_after: Some(of.units_then),
                now: effect(&of.now),
                after: effect(&of.then),
                change: effect(&of.change),
                confidence: of.confidence.map(|c| f64::from(c) / 1_000.0),
                is_beyond_seen: of.is_beyond,
                sells_out: of.sells_out,
                why: None,
            },
            Err(why) => Self {
                units_now: None,
                units_after: None,
                now: None,
                after: None,
                change: None,
                confidence: None,
                is_beyond_seen: false,
                sells_out: false,
                why: Some(why.clone()),
            },
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WhatIfCampaign)]
pub(crate) struct CampaignBody {
    account_id: String,
    campaign_id: String,
    name: String,
    /// Over its final days.
    spend: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// Margin of what it claims over its spend.
    poas: Option<f64>,
    /// What it leaves over the next days if nothing changes.
    ahead: Option<EffectBody>,
    /// Claimed revenue that further spend has to bring for each of itself, so that nothing is lost.
    break_even_roas: Option<f64>,
    /// Why nothing can be told.
    why: Option<String>,
}

impl CampaignBody {
    pub(super) fn of(of: &AdStanding, currency: Currency) -> Self {
        Self {
            account_id: of.account.to_string(),
            campaign_id: of.id.clone(),
            name: of.name.clone(),
            spend: of.from.map(|_| amount(of.spend, currency)),
            from: of.from,
            to: of.to,
            poas: of.poas.map(ratio),
            ahead: of.ahead.as_ref().map(|e| EffectBody::of(e, currency)),
            break_even_roas: of.break_even.map(ratio),
            why: of.why.clone(),
        }
    }
}

/// In the account's currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WhatIfBudget)]
pub(crate) struct BudgetBody {
    level: &'static str,
    ad_id: String,
    name: String,
    currency: String,
    before: String,
    after: String,
}

impl From<&BudgetAfter> for BudgetBody {
    fn from(of: &BudgetAfter) -> Self {
        Self {
            level: of.level.as_str(),
            ad_id: of.id.clone(),
            name: of.name.clone(),
            currency: of.currency.to_string(),
            before: amount(of.before, of.currency),
            after: amount(of.after, of.currency),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WhatIfAds)]
pub(crate) struct AdsBody {
    change: Option<EffectBody>,
    /// What would be set; none where all of it falls away: then it is paused.
    budgets: Vec<BudgetBody>,
    /// Why no budget can be set.
    budgets_why: Option<String>,
    /// Why it cannot be told.
    why: Option<String>,
}

impl AdsBody {
    pub(super) fn of(of: &Result<LessSpend, String>, currency: Currency) -> Self {
        match of {
            Ok(of) => Self {
                change: Some(EffectBody::of(&of.change, currency)),
                budgets: of.budgets.iter().map(Into::into).collect(),
                budgets_why: of.budgets_why.clone(),
                why: None,
            },
            Err(why) => Self {
                change: None,
                budgets: Vec::new(),
                budgets_why: None,
                why: Some(why.clone()),
            },
        }
    }
}

/// Ten-thousandths as a number.
#[expect(clippy::cast_precision_loss, reason = "a ratio, not an amount")]
fn ratio(of: i64) -> f64 {
    of as f64 / 10_000.0
}
