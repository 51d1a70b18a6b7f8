//! `POST /v1/segments/{id}/export`, `POST /v1/segments/{id}/send`

use super::list::{ChannelBody, ExportBody, pick, rule};
use crate::auth::Caller;
use crate::http::amounts::amount;
use crate::http::ids::own_id;
use crate::http::reports::csv::safe;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::outreach::{Named, Way};
use chrono::SecondsFormat;
use serde::Deserialize;
use std::borrow::Cow;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSegmentExport)]
pub(crate) struct Body {
    /// Whom of the segment: who agreed to mail, or to SMS.
    channel: ChannelBody,
    /// Of `bought`: which product.
    product_id: Option<String>,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SegmentSending)]
pub(crate) struct SendBody {
    channel: ChannelBody,
    /// A signed webhook among the notification channels.
    #[schema(format = "uuid")]
    to: String,
    product_id: Option<String>,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/segments/{id}/export", operation_id = "export_outreach_segment", tag = "segments",
    summary = "The people of a segment who agreed to be written to, as CSV for a mail tool",
    description = "Whether somebody agreed is asked of the shop now. Whom the file names counts as told: for the same cause they are never named again, and for others no more often than the settings let. `x-segment-export` names the export.",
    params(("id" = String, Path, description = "an id of /v1/segments")),
    request_body = Body,
    responses((status = 200, content((String = "text/csv"))))
)]
pub(crate) async fn file(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let rule = rule(&id, body.product_id.as_deref())?;
    let store = pick(&app, &who, body.store_id.as_deref()).await?;
    let way = Way {
        rule,
        channel: body.channel.into(),
        by: who.actor(),
    };
    let made = app.outreach.export(&store, &way).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"segment-{id}.csv\""),
        ))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-segment-export", made.export.id.to_string()))
        .body(write(&made.people, body.channel)))
}

/// No cell begins as a formula.
fn write(people: &[Named], channel: ChannelBody) -> Vec<u8> {
    let mut out = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let address = match channel {
        ChannelBody::Email => "email",
        ChannelBody::Sms => "phone",
    };
    let head = [
        "customer_id",
        address,
        "name",
        "agreed_since",
        "cause",
        "checkout_url",
        "checkout_total",
        "currency",
    ];
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(people.iter().map(|of| {
        let checkout = of.checkout.as_ref();
        let since = of.agreed_since;
        [
            of.customer.to_string(),
            of.address.clone(),
            of.name.clone().unwrap_or_default(),
            since
                .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
                .unwrap_or_default(),
            of.cause.to_string(),
            checkout.and_then(|c| c.url.clone()).unwrap_or_default(),
            checkout
                .map(|c| amount(c.total, c.currency))
                .unwrap_or_default(),
            checkout.map(|c| c.currency.to_string()).unwrap_or_default(),
        ]
    }));
    for line in lines {
        // Writing to memory cannot fail, and all records have the same length.
        let written = out.write_record(line.iter().map(|text| cell(text).into_owned()));
        debug_assert!(written.is_ok());
    }
    out.into_inner().unwrap_or_default()
}

/// `+` and digits alone run nothing in a spreadsheet, and who writes to telephones needs them as they are.
fn cell(text: &str) -> Cow<'_, str> {
    let is_phone = text
        .strip_prefix('+')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    if is_phone { text.into() } else { safe(text) }
}

#[utoipa::path(
    post, path = "/v1/segments/{id}/send", operation_id = "send_segment", tag = "segments",
    summary = "Sends the people of a segment who agreed to a signed webhook",
    description = "As an export to a file, but sent: one message of at most 2 000 people after Standard Webhooks. The first try is made at once; what is not taken is tried again, as `delivery` tells. Refused for good, nobody counts as told.",
    params(("id" = String, Path, description = "an id of /v1/segments")),
    request_body = SendBody,
    responses(
        (status = 200, body = ExportBody),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the channel cannot be used, or there are too many people"),
        (status = 502, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the other side did not take it, or nobody knows whether it did"),
    )
)]
pub(crate) async fn send(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<SendBody>,
) -> Result<web::Json<ExportBody>, Problem> {
    let rule = rule(&id, body.product_id.as_deref())?;
    let to = own_id(&body.to, "channel")?;
    let store = pick(&app, &who, body.store_id.as_deref()).await?;
    let way = Way {
        rule,
        channel: body.channel.into(),
        by: who.actor(),
    };
    let made = app.outreach.send(&store, &way, to).await?;
    Ok(web::Json(ExportBody::of(&made.export)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::CustomerId;
    use domain::outreach::Cause;

    #[test]
    fn no_cell_of_a_file_is_a_formula() {
        let person = Named {
            customer: CustomerId(7),
            name: Some("=HYPERLINK(\"http://x\")".to_owned()),
            address: "+cmd@example.com".to_owned(),
            agreed_since: None,
            cause: Cause("new:2026-11-01".to_owned()),
            checkout: None,
        };
        let text = String::from_utf8(write(&[person], ChannelBody::Email)).unwrap();
        let mut lines = text.lines();
        assert!(lines.next().unwrap().ends_with(
            "customer_id,email,name,agreed_since,cause,checkout_url,checkout_total,currency"
        ));
        let line = lines.next().unwrap();
        assert!(line.contains("'+cmd@example.com"), "{line}");
        assert!(line.contains("\"'=HYPERLINK("), "{line}");
    }

    #[test]
    fn telephones_stay_as_they_are_and_formulas_do_not() {
        assert_eq!(cell("+4917012345"), "+4917012345");
        assert_eq!(cell("+1+cmd|'/c calc'!A0"), "'+1+cmd|'/c calc'!A0");
        assert_eq!(cell("+"), "'+");
    }
}
