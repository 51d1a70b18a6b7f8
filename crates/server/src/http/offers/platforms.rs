//! `GET /v1/supplier-platforms`

use super::view::PlatformBody;
use crate::state::App;
use actix_web::web;
use domain::supplier::{Ability, Capability, Platform, RestContract};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SupplierAbility)]
pub(crate) enum AbilityBody {
    /// By the supplier's own interface.
    Api,
    /// By the supplier's own interface, and only whether there is any.
    ApiYesOrNo,
    /// By the supplier's own interface, or by files that people bring.
    ApiOrFile,
    /// By files that people bring.
    File,
    /// By files, and only whether there is any.
    FileYesOrNo,
    /// The platform's own app in the shop does it; nothing here does.
    Delegated,
    /// Read off the shop's orders.
    Observed,
    /// It is not supported.
    None,
}

impl From<Ability> for AbilityBody {
    fn from(ability: Ability) -> Self {
        match ability {
            Ability::Api => Self::Api,
            Ability::ApiYesOrNo => Self::ApiYesOrNo,
            Ability::ApiOrFile => Self::ApiOrFile,
            Ability::File => Self::File,
            Ability::FileYesOrNo => Self::FileYesOrNo,
            Ability::Delegated => Self::Delegated,
            Ability::Observed => Self::Observed,
            Ability::None => Self::None,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierAbilities)]
pub(crate) struct AbilitiesBody {
    discover: AbilityBody,
    price: AbilityBody,
    stock: AbilityBody,
    shipping: AbilityBody,
    place_order: AbilityBody,
    /// Calling off an order that is not paid.
    call_off: AbilityBody,
    tracking: AbilityBody,
}

impl AbilitiesBody {
    pub(crate) fn of(ability: impl Fn(Capability) -> Ability) -> Self {
        let can = |capability| ability(capability).into();
        Self {
            discover: can(Capability::Discover),
            price: can(Capability::Price),
            stock: can(Capability::Stock),
            shipping: can(Capability::Shipping),
            place_order: can(Capability::PlaceOrder),
            call_off: can(Capability::CallOff),
            tracking: can(Capability::Tracking),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierPlatformInfo)]
pub(crate) struct InfoBody {
    platform: PlatformBody,
    name: &'static str,
    #[serde(flatten)]
    can: AbilitiesBody,
    /// Whether it may be worked with by a contract of one's own.
    by_contract: bool,
    /// Where the settings say that such a contract's interface is; null where they say nothing.
    contract_base_url: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierPlatformList)]
pub(crate) struct Body {
    platforms: Vec<InfoBody>,
}

#[utoipa::path(
    get, path = "/v1/supplier-platforms", operation_id = "supplier_platforms", tag = "opportunities",
    summary = "Where offers come from, and what can be done there",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>) -> web::Json<Body> {
    let platforms = Platform::ALL.map(|platform| InfoBody {
        platform: platform.into(),
        name: platform.name(),
        can: AbilitiesBody::of(|capability| platform.ability(capability)),
        by_contract: RestContract::fits(platform),
        contract_base_url: app.suppliers.contract_base(platform),
    });
    web::Json(Body {
        platforms: platforms.into(),
    })
}
