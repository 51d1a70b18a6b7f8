//! `GET /v1/inventory-settings`, `PUT /v1/inventory-settings`

use super::view::LeadTimeBody;
use crate::auth::Caller;
use crate::http::amounts::amount;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::inventory::SettingsChange;
use chrono::{DateTime, Utc};
use domain::holidays::{HolidayCountry, UnknownCountry};
use domain::ids::{SupplierId, VariantId};
use domain::inventory_plan::{Bundles, InventorySettings, PlanSettings, VariantSettings};
use domain::money::{Currency, Money};
use domain::store::Store;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

impl Query {
    pub(super) async fn pick(&self, app: &App, who: &Caller) -> Result<Store, Problem> {
        let id = store_id(self.store_id.as_deref())?;
        Ok(app.stores.pick(who.workspace.id, id).await?)
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VendorLeadTime)]
pub(crate) struct VendorBody {
    /// As products have it.
    vendor: String,
    lead_time: LeadTimeBody,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VariantOrderTerms)]
pub(crate) struct VariantBody {
    variant_id: String,
    lead_time: Option<LeadTimeBody>,
    /// It is bought in multiples of this.
    pack: Option<i64>,
    /// Never fewer in an order.
    minimum: Option<i64>,
    #[schema(format = "uuid")]
    supplier_id: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BundleComponent)]
pub(crate) struct ComponentBody {
    variant_id: String,
    /// Units of it in one bundle, from 1 to 10 000.
    quantity: i64,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Bundle)]
pub(crate) struct BundleBody {
    variant_id: String,
    /// None of them a bundle.
    components: Vec<ComponentBody>,
}

impl BundleBody {
    pub(super) fn of((id, parts): (&VariantId, &BTreeMap<VariantId, i64>)) -> Self {
        let component = |(id, quantity): (&VariantId, &i64)| ComponentBody {
            variant_id: id.to_string(),
            quantity: *quantity,
        };
        Self {
            variant_id: id.to_string(),
            components: parts.iter().map(component).collect(),
        }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InventorySettingsChange)]
pub(crate) struct ValuesBody {
    /// Of the settings that were looked at, 0 where nobody set anything; anything else is refused.
    version: i64,
    /// How often goods are there until the next ones come, from 0.5 to 0.999.
    service_level: f64,
    /// What an order costs, whatever is in it.
    order_cost: String,
    /// What it costs to keep goods for a year, as a share of their cost.
    holding_rate: f64,
    /// For how many days is ordered where the cost of a unit is not known.
    cover_days: u32,
    overstock_days: u32,
    dead_days: u32,
    /// Null: nobody said how long goods take.
    lead_time: Option<LeadTimeBody>,
    vendors: Vec<VendorBody>,
    variants: Vec<VariantBody>,
    /// Whose public holidays forecasts may count (ISO 3166-1 alpha-2); null: of the country in which all locations are.
    holidays: Option<String>,
    /// Variants that are put together from others; left out: as they are.
    bundles: Option<Vec<BundleBody>>,
    /// Orders above need somebody else's approval.
    approval_limit: String,
    /// Orders above need an admin's.
    admin_limit: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventorySettings)]
pub(crate) struct SettingsBody {
    #[schema(format = "uuid")]
    store_id: String,
    /// 0 where nobody set anything: what a change is made to.
    version: i64,
    service_level: f64,
    order_cost: String,
    holding_rate: f64,
    cover_days: u32,
    overstock_days: u32,
    dead_days: u32,
    lead_time: Option<LeadTimeBody>,
    vendors: Vec<VendorBody>,
    variants: Vec<VariantBody>,
    holidays: Option<String>,
    bundles: Vec<BundleBody>,
    approval_limit: String,
    admin_limit: String,
    currency: String,
    /// Null where nobody set anything.
    updated_at: Option<DateTime<Utc>>,
    updated_by: Option<String>,
}

/// Ten-thousandths; what is no number of that size is held outside all bounds.
#[expect(clippy::cast_possible_truncation, reason = "clamped before")]
fn ten_thousandths(share: f64) -> i64 {
    (share * 10_000.0).round().clamp(-1.0, 1e9) as i64
}

impl SettingsBody {
    fn of(set: &InventorySettings, currency: Currency) -> Self {
        let (s, is_set) = (&set.settings, set.version > 0);
        let share = crate::http::amounts::share;
        let vendors = s.vendors.iter().map(|(vendor, lead)| VendorBody {
            vendor: vendor.clone(),
            lead_time: (*lead).into(),
        });
        let variants = s.variants.iter().map(|(id, set)| VariantBody {
            variant_id: id.to_string(),
            lead_time: set.lead_time.map(Into::into),
            pack: set.pack,
            minimum: set.minimum,
            supplier_id: set.supplier.map(|id| id.to_string()),
        });
        let bundles = s.bundles.iter().map(BundleBody::of);
        Self {
            store_id: set.scope.store.to_string(),
            version: set.version,
            service_level: share(s.service_level),
            order_cost: amount(s.order_cost, currency),
            holding_rate: share(s.holding_rate),
            cover_days: s.cover_days,
            overstock_days: s.overstock_days,
            dead_days: s.dead_days,
            lead_time: s.lead_time.map(Into::into),
            vendors: vendors.collect(),
            variants: variants.collect(),
            holidays: s.holidays.map(String::from),
            bundles: bundles.collect(),
            approval_limit: amount(s.approval_limit, currency),
            admin_limit: amount(s.admin_limit, currency),
            currency: currency.to_string(),
            updated_at: is_set.then_some(set.updated_at),
            updated_by: is_set.then(|| set.updated_by.name.clone()),
        }
    }
}

/// Every value that cannot be read, by its field.
fn read(
    body: &ValuesBody,
    before: &PlanSettings,
    currency: Currency,
) -> Result<PlanSettings, Problem> {
    let mut errors = Vec::new();
    let mut money = |field: &str, text: &str| {
        let parsed = Money::parse(text, currency).map(|m| m.minor);
        parsed.unwrap_or_else(|error| {
            errors.push(FieldError::new(field, error.to_string()));
            0
        })
    };
    let (order_cost, approval_limit, admin_limit) = (
        money("order_cost", &body.order_cost),
        money("approval_limit", &body.approval_limit),
        money("admin_limit", &body.admin_limit),
    );
    let mut variants = BTreeMap::new();
    for (at, told) in body.variants.iter().enumerate() {
        let field = |name: &str| format!("variants[{at}].{name}");
        let Ok(id) = told.variant_id.parse::<VariantId>() else {
            errors.push(FieldError::new(
                &field("variant_id"),
                "is no variant's number",
            ));
            continue;
        };
        let supplier = told.supplier_id.as_deref().map(str::parse::<SupplierId>);
        let Ok(supplier) = supplier.transpose() else {
            errors.push(FieldError::new(
                &field("supplier_id"),
                "is no supplier's id",
            ));
            continue;
        };
        let set = VariantSettings {
            lead_time: told.lead_time.map(Into::into),
            pack: told.pack,
            minimum: told.minimum,
            supplier,
        };
        variants.insert(id, set);
    }
    let holidays = body.holidays.as_deref().filter(|c| !c.trim().is_empty());
    let holidays = holidays.map(str::parse).transpose();
    let holidays: Option<HolidayCountry> = holidays.unwrap_or_else(|error: UnknownCountry| {
        errors.push(FieldError::new("holidays", error.to_string()));
        None
    });
    let bundles = match &body.bundles {
        Some(told) => bundles(told, &mut errors),
        None => before.bundles.clone(),
    };
    if !errors.is_empty() {
        return Err(Problem::unprocessable("settings-refused", errors));
    }
    let vendors = body.vendors.iter();
    Ok(PlanSettings {
        service_level: ten_thousandths(body.service_level),
        order_cost,
        holding_rate: ten_thousandths(body.holding_rate),
        cover_days: body.cover_days,
        overstock_days: body.overstock_days,
        dead_days: body.dead_days,
        lead_time: body.lead_time.map(Into::into),
        vendors: vendors
            .map(|v| (v.vendor.clone(), v.lead_time.into()))
            .collect(),
        variants,
        holidays,
        bundles,
        approval_limit,
        admin_limit,
    })
}

fn bundles(told: &[BundleBody], errors: &mut Vec<FieldError>) -> Bundles {
    let mut bundles = Bundles::new();
    for (at, told) in told.iter().enumerate() {
        let Ok(id) = told.variant_id.parse::<VariantId>() else {
            let field = format!("bundles[{at}].variant_id");
            errors.push(FieldError::new(&field, "is no variant's number"));
            continue;
        };
        let parts = bundles.entry(id).or_default();
        for (part, told) in told.components.iter().enumerate() {
            let field = format!("bundles[{at}].components[{part}].variant_id");
            match told.variant_id.parse() {
                Ok(of) => *parts.entry(of).or_insert(0) += told.quantity,
                Err(_) => errors.push(FieldError::new(&field, "is no variant's number")),
            }
        }
    }
    bundles
}

#[utoipa::path(
    get, path = "/v1/inventory-settings", operation_id = "inventory_settings", tag = "inventory",
    summary = "Lead times, service level and limits of orders of goods",
    params(Query),
    responses((status = 200, body = SettingsBody))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<SettingsBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let set = app.inventory.settings(&store).await?;
    Ok(web::Json(SettingsBody::of(&set, store.currency)))
}

#[utoipa::path(
    put, path = "/v1/inventory-settings", operation_id = "set_inventory_settings", tag = "inventory",
    summary = "Sets lead times, service level and limits of orders of goods",
    params(Query),
    request_body = ValuesBody,
    responses(
        (status = 200, body = SettingsBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else set them first"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a value cannot be read or is out of its bounds; `errors` names each"),
    )
)]
pub(crate) async fn set(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
    body: web::Json<ValuesBody>,
) -> Result<web::Json<SettingsBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let before = app.inventory.settings(&store).await?;
    let change = SettingsChange {
        version: body.version,
        settings: read(&body, &before.settings, store.currency)?,
    };
    let by = who.actor();
    let set = app.inventory.set_settings(&store, change, &by).await?;
    Ok(web::Json(SettingsBody::of(&set, store.currency)))
}
