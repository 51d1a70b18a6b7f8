//! `PUT /v1/rates`

use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::rates::NewRate;
use chrono::NaiveDate;
use domain::money::{Currency, parse_decimal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// At most so many at once; a whole table is a file to import.
const MOST: usize = 1000;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRate)]
pub(crate) struct OneRate {
    day: NaiveDate,
    /// Code of ISO 4217.
    base: String,
    quote: String,
    /// Units of `quote` for one of `base`, as a decimal.
    value: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRates)]
pub(crate) struct Body {
    /// 1 to 1000; all are kept, or none.
    rates: Vec<OneRate>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SavedRates)]
pub(crate) struct Saved {
    saved: usize,
    /// Those of them that replaced a rate that was entered before.
    replaced: usize,
}

#[utoipa::path(
    put, path = "/v1/rates", operation_id = "enter_rates", tag = "rates",
    summary = "Enters exchange rates; what a person enters counts before files and the published series of the same day",
    request_body = Body,
    responses((status = 200, body = Saved))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<Saved>, Problem> {
    if body.rates.is_empty() || body.rates.len() > MOST {
        let message = format!("must be 1 to {MOST} rates");
        return Err(Problem::invalid(vec![FieldError::new("rates", message)]));
    }
    let (mut rates, mut wrong) = (Vec::new(), Vec::new());
    for (at, one) in body.rates.iter().enumerate() {
        match one.parsed() {
            Ok(rate) => rates.push(rate),
            Err((field, message)) => {
                wrong.push(FieldError::new(&format!("rates[{at}].{field}"), message));
            }
        }
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    let replaced = app
        .rates
        .enter(
            who.workspace.id,
            who.actor(),
            who.user.email.as_str(),
            &rates,
        )
        .await?;
    Ok(web::Json(Saved {
        saved: rates.len(),
        replaced,
    }))
}

impl OneRate {
    fn parsed(&self) -> Result<NewRate, (&'static str, String)> {
        let code = |field, text: &str| Currency::parse(text).map_err(|e| (field, e.to_string()));
        Ok(NewRate {
            day: self.day,
            base: code("base", &self.base)?,
            quote: code("quote", &self.quote)?,
            value: parse_decimal(&self.value).map_err(|e| ("value", e.to_string()))?,
        })
    }
}
