//! Contracts of the merchant's own as the API takes and tells them, and `POST /v1/supplier-contracts/test`.

use super::accounts::{key_of_contract, place_of_contract};
use crate::auth::Caller;
use crate::http::offers::view::PlatformBody;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use domain::money::Currency;
use domain::supplier::{RestContract, RestField, RestPaths, RestRead, RestSample, RestTrial};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The whole answer; a pointer that is empty is none.
const WHOLE: &str = "#";

/// Below the base address, with placeholders in braces. What has no path is not done.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierContractPaths)]
pub(crate) struct PathsBody {
    /// With `{query}`, `{ships_from}` and `{page}` or `{cursor}`; with neither the next page is an address of the same host.
    #[schema(max_length = 1000)]
    search: Option<String>,
    /// With `{id}`. Without one products are told by the list alone.
    #[schema(max_length = 1000)]
    product: Option<String>,
}

/// A contract that nobody has verified: where an interface is, and where in its answers things stand.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierContract)]
pub(crate) struct ContractBody {
    /// Begins with https://, and leads into no network, unless the settings name it.
    #[schema(max_length = 1000)]
    base_url: String,
    /// The header that carries the key; empty: none is sent.
    #[serde(default)]
    #[schema(max_length = 100)]
    auth_header: String,
    /// Before the key, such as `Bearer ` with its space.
    #[serde(default)]
    #[schema(max_length = 100)]
    auth_prefix: String,
    paths: PathsBody,
    /// JSON pointers (RFC 6901) by what they lead to; `#` is the whole answer. Known are `items`, `next_page`, `product`, `id`, `title`, `url`, `image`,
    /// `sku`, `barcode`, `cost`, `currency`, `stock`, `shipping_cost`, `ship_days_min`, `ship_days_max`, `ships_from`, `variants`, `variant_id`,
    /// `variant_name`, `variant_sku`, `variant_barcode`, `variant_cost`, `variant_stock`, `variant_image`. What has no pointer is not told.
    map: BTreeMap<String, String>,
    /// ISO 4217: where no currency is told beside a price.
    currency: Option<String>,
    /// ISO 3166-1 alpha-2: where no country is told beside a product.
    ships_from: Option<String>,
    /// Whether 0 and 1 are no and yes rather than quantities.
    #[serde(default)]
    stock_yes_or_no: bool,
}

fn refused(errors: Vec<FieldError>) -> Problem {
    Problem::unprocessable("supplier-account-refused", errors)
}

fn said(text: Option<String>) -> Option<String> {
    let text = text.map(|t| t.trim().to_owned());
    text.filter(|t| !t.is_empty())
}

impl ContractBody {
    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// At this address in place of its own.
    pub(super) fn at(self, base_url: String) -> Self {
        Self { base_url, ..self }
    }

    pub(super) fn read(self) -> Result<RestContract, Problem> {
        let (mut errors, mut map) = (Vec::new(), BTreeMap::new());
        for (name, pointer) in self.map {
            let pointer = match pointer.trim() {
                "" => continue,
                WHOLE => String::new(),
                pointer => pointer.to_owned(),
            };
            match RestField::parse(&name) {
                Some(field) => drop(map.insert(field, pointer)),
                None => {
                    let field = format!("rest.map.{}", name.chars().take(40).collect::<String>());
                    errors.push(FieldError::new(&field, "is no field that is read"));
                }
            }
        }
        let code = said(self.currency).map(|code| code.to_ascii_uppercase());
        let currency = code.as_deref().map(Currency::parse).transpose();
        let currency = currency.unwrap_or_else(|_| {
            let message = "is no currency (three letters of ISO 4217)";
            errors.push(FieldError::new("rest.currency", message));
            None
        });
        if !errors.is_empty() {
            return Err(refused(errors));
        }
        Ok(RestContract {
            base_url: self.base_url,
            auth_header: self.auth_header,
            auth_prefix: self.auth_prefix,
            paths: RestPaths {
                search: self.paths.search,
                product: self.paths.product,
            },
            map,
            currency,
            ships_from: self.ships_from,
            stock_yes_or_no: self.stock_yes_or_no,
        })
    }
}

impl From<&RestContract> for ContractBody {
    fn from(contract: &RestContract) -> Self {
        let map = contract.map.iter().map(|(field, pointer)| {
            let pointer = if pointer.is_empty() {
                WHOLE
            } else {
                pointer.as_str()
            };
            (field.as_str().to_owned(), pointer.to_owned())
        });
        Self {
            base_url: contract.base_url.clone(),
            auth_header: contract.auth_header.clone(),
            auth_prefix: contract.auth_prefix.clone(),
            paths: PathsBody {
                search: contract.paths.search.clone(),
                product: contract.paths.product.clone(),
            },
            map: map.collect(),
            currency: contract.currency.map(|c| c.to_string()),
            ships_from: contract.ships_from.clone(),
            stock_yes_or_no: contract.stock_yes_or_no,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierContractTest)]
pub(crate) struct TestBody {
    platform: PlatformBody,
    /// The sandbox that runs beside this server, in place of the contract's address; no key is needed.
    #[serde(default)]
    sandbox: bool,
    /// Without one that of the settings is used, where the contract is at the address that they name.
    #[schema(value_type = Option<String>, format = "password")]
    api_key: Option<SecretString>,
    rest: ContractBody,
    /// What is searched for.
    #[serde(default)]
    #[schema(max_length = 100)]
    query: String,
    /// Looked at in place of the first product of the list.
    #[schema(max_length = 200)]
    product_id: Option<String>,
}

/// What a pointer found in the first product: a value, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierContractRead)]
pub(crate) struct ReadBody {
    field: &'static str,
    pointer: String,
    /// As it would be kept.
    value: Option<String>,
    why_not: Option<String>,
}

impl From<RestRead> for ReadBody {
    fn from(read: RestRead) -> Self {
        let pointer = if read.pointer.is_empty() {
            WHOLE.to_owned()
        } else {
            read.pointer
        };
        let (value, why_not) = match read.read {
            Ok(value) => (Some(value), None),
            Err(why) => (None, Some(why)),
        };
        Self {
            field: read.field.as_str(),
            pointer,
            value,
            why_not,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierContractTrial)]
pub(crate) struct TrialBody {
    /// The addresses that were asked, without the key.
    asked: Vec<String>,
    /// Products on the first page; null where no list was read.
    items: Option<usize>,
    /// Every field that the contract names.
    reads: Vec<ReadBody>,
    /// Why it went no further; null where it went to the end.
    stopped: Option<String>,
}

impl From<RestTrial> for TrialBody {
    fn from(trial: RestTrial) -> Self {
        Self {
            asked: trial.asked,
            items: trial.items,
            reads: trial.reads.into_iter().map(Into::into).collect(),
            stopped: trial.stopped,
        }
    }
}

#[utoipa::path(
    post, path = "/v1/supplier-contracts/test", operation_id = "test_supplier_contract", tag = "opportunities",
    summary = "Makes one real question by a contract, and tells what each pointer found; nothing is kept",
    request_body = TestBody,
    responses(
        (status = 200, body = TrialBody),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the contract cannot be right, its address may not be called or the key does not work; `errors` names the field"),
    )
)]
pub(crate) async fn test(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<TestBody>,
) -> Result<web::Json<TrialBody>, Problem> {
    let body = body.into_inner();
    let rest = place_of_contract(&app, body.rest, body.sandbox)?;
    let key = key_of_contract(
        &app,
        &who,
        body.platform,
        rest.base_url(),
        body.sandbox,
        body.api_key,
    );
    let key = key.await?;
    let sample = RestSample {
        query: body.query.trim().to_owned(),
        product: said(body.product_id),
    };
    let (workspace, platform) = (who.workspace.id, body.platform.into());
    let tried = app
        .suppliers
        .try_contract(workspace, platform, rest.read()?, key, &sample);
    Ok(web::Json(tried.await?.into()))
}
