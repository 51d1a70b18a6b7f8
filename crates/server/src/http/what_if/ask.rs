//! `GET /v1/what-if`

use super::view::{AdsBody, AnswerBody, CampaignBody, ChoiceBody, VariantBody};
use crate::auth::Caller;
use crate::http::changes::view::EffectBody;
use crate::http::ids::own_id;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::agents::{LessOf, Question};
use chrono::{DateTime, Utc};
use domain::agents::pricing::Levers;
use domain::ids::{AdAccountId, VariantId};
use domain::money::{Currency, Money};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const MOST_SEARCHED: usize = 200;

/// Amounts are decimal strings in the store's currency; what is left out stays as it is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// The first one when left out.
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    /// Of the names of variants that are shown to choose from.
    #[param(max_length = 200)]
    search: Option<String>,
    /// Of which price, cost and sending are moved.
    variant_id: Option<String>,
    price: Option<String>,
    unit_cost: Option<String>,
    /// Of sending one unit.
    shipping: Option<String>,
    /// An ad account and a campaign of it, of which the spend is moved.
    account_id: Option<String>,
    campaign_id: Option<String>,
    /// Percent of what it spends, from -100 (paused) to 100.
    spend_change: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WhatIf)]
pub(crate) struct Body {
    store_id: String,
    currency: String,
    /// When the newest of the facts behind it was observed.
    as_of: Option<DateTime<Utc>>,
    /// When they were gathered; they are kept for two minutes.
    gathered_at: DateTime<Utc>,
    /// Days over which everything is told.
    days: u32,
    /// At most 30 that are offered, what was sold most first.
    choices: Vec<ChoiceBody>,
    /// Null: none was asked for, or it is not offered.
    variant: Option<VariantBody>,
    /// Null: nothing of the variant was moved.
    answer: Option<AnswerBody>,
    /// Those that run, the largest spend first.
    campaigns: Vec<CampaignBody>,
    ads: Option<AdsBody>,
    /// Of all that was moved, as if the errors were independent of each other; null: nothing was, or something cannot be told.
    change: Option<EffectBody>,
}

#[utoipa::path(
    get, path = "/v1/what-if", operation_id = "what_if", tag = "analysis",
    summary = "What another price, unit cost, cost of sending or ad spend would mean for the contribution margin of 28 days",
    description = "By the models of the agents over prices and advertisements, with intervals of 80 %. What they cannot tell (no change of price was seen \
        yet, more ad spend) is not guessed: `why` says so. It changes nothing; a price or a budget is then proposed as a change-set.",
    params(Query),
    responses(
        (status = 200, body = Body), (status = 400, response = crate::openapi::ProblemResponse),
        (status = 404, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let id = store_id(query.store_id.as_deref())?;
    let store = app.stores.pick(who.workspace.id, id).await?;
    let searched = query.search.as_deref().unwrap_or_default();
    if searched.chars().count() > MOST_SEARCHED {
        return Err(Problem::bad_request("`search` has at most 200 characters"));
    }
    let question = query.question(store.currency)?;
    let prospect = app.agents.prospect(&store).await?;
    let asked = query.variant_id.as_deref().filter(|id| !id.is_empty());
    let asked: Option<VariantId> = asked.map(|id| own_id(id, "variant")).transpose()?;
    let told = prospect.told(&question);
    let currency = store.currency;
    let campaigns = prospect.campaigns();
    let choices = prospect.choices(searched, MOST_CHOICES);
    let standing = asked.map(|id| (id, prospect.variant(id)));
    Ok(web::Json(Body {
        store_id: store.scope.store.to_string(),
        currency: currency.to_string(),
        as_of: prospect.as_of(),
        gathered_at: prospect.made_at,
        days: DAYS,
        choices: choices.iter().map(ChoiceBody::of).collect(),
        variant: standing.and_then(|(id, s)| Some(VariantBody::of(id, &s?, currency))),
        answer: told.variant.as_ref().map(|a| AnswerBody::of(a, currency)),
        campaigns: campaigns
            .iter()
            .map(|c| CampaignBody::of(c, currency))
            .collect(),
        ads: told.ads.as_ref().map(|a| AdsBody::of(a, currency)),
        change: told.change.as_ref().map(|e| EffectBody::of(e, currency)),
    }))
}

const DAYS: u32 = 28;
const MOST_CHOICES: usize = 30;

impl Query {
    fn question(&self, currency: Currency) -> Result<Question, Problem> {
        let mut errors = Vec::new();
        let mut amount = |field: &str, text: &Option<String>| {
            let text = text.as_deref().filter(|text| !text.is_empty())?;
            match Money::parse(text, currency) {
                Ok(money) if money.minor >= 0 => Some(money.minor),
                Ok(_) => {
                    errors.push(FieldError::new(field, "is not below nothing"));
                    None
                }
                Err(error) => {
                    errors.push(FieldError::new(field, error.to_string()));
                    None
                }
            }
        };
        let levers = Levers {
            price: amount("price", &self.price),
            unit_cost: amount("unit_cost", &self.unit_cost),
            shipping: amount("shipping", &self.shipping),
        };
        let variant = self.variant_id.as_deref().filter(|id| !id.is_empty());
        let variant: Option<VariantId> = variant.map(|id| own_id(id, "variant")).transpose()?;
        if levers != Levers::default() && variant.is_none() {
            errors.push(FieldError::new("variant_id", "is needed, to know of what"));
        }
        let share = self.spend_change.as_deref().filter(|text| !text.is_empty());
        let share = share.and_then(|text| {
            let read = hundredths(text);
            if read.is_none() {
                let message = "is a percentage from -100 to 100, with at most two decimals";
                errors.push(FieldError::new("spend_change", message));
            }
            read
        });
        let account = self.account_id.as_deref().filter(|id| !id.is_empty());
        let campaign = self.campaign_id.as_deref().filter(|id| !id.is_empty());
        let ads = match (account, campaign, share.filter(|share| *share != 0)) {
            (Some(account), Some(campaign), Some(share)) => Some(LessOf {
                account: own_id::<AdAccountId>(account, "ad account")?,
                campaign: campaign.to_owned(),
                share: -share,
            }),
            (_, _, Some(_)) => {
                let message = "is needed with `account_id`, to know of what";
                errors.push(FieldError::new("campaign_id", message));
                None
            }
            _ => None,
        };
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        Ok(Question {
            variant: variant
                .filter(|_| levers != Levers::default())
                .map(|id| (id, levers)),
            ads,
        })
    }
}

/// `-12.5` percent in ten-thousandths.
fn hundredths(text: &str) -> Option<i64> {
    let percent = Decimal::from_str_exact(text.trim()).ok()?;
    let scaled = percent.checked_mul(Decimal::ONE_HUNDRED)?;
    let whole = scaled
        .fract()
        .is_zero()
        .then(|| scaled.to_i64())
        .flatten()?;
    (-10_000..=10_000).contains(&whole).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::hundredths;

    #[test]
    fn percentages_are_read_exactly_and_within_what_can_be_asked() {
        assert_eq!(hundredths("-12.5"), Some(-1_250));
        assert_eq!(hundredths("100"), Some(10_000));
        assert_eq!(hundredths("0.01"), Some(1));
        for text in ["100.01", "-101", "0.001", "ten", ""] {
            assert_eq!(hundredths(text), None, "{text}");
        }
    }
}
