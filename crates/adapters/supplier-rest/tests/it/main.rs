//! The adapter over real HTTP, against the sandbox's made-up interface and its faults.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod catalogue;
mod pages;
mod trial;

use adapter_kit::{Registry, Settings};
use adapter_supplier_rest::{Places, SupplierRest};
use domain::ids::{SupplierAccountId, WorkspaceId};
use domain::supplier::{Platform, RestContract, RestField, RestPaths};
use ports::PortResult;
use ports::supplier_platforms::{Purpose, SupplierSettings};
use sandbox::rest_supplier::REST_KEY;
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

pub(crate) struct Shop {
    pub(crate) sandbox: sandbox::Running,
}

pub(crate) async fn shop() -> Shop {
    let options = sandbox::Options {
        orders: 5,
        days: 5,
        now: Some(1_795_802_400),
        ..sandbox::Options::default()
    };
    Shop {
        sandbox: sandbox::start(options).await.unwrap(),
    }
}

impl Shop {
    /// Every pointer that the sandbox's answers have something for.
    pub(crate) fn contract(&self) -> RestContract {
        use RestField as F;
        let map = [
            (F::Items, "/products"),
            (F::NextPage, "/meta/next"),
            (F::Product, "/product"),
            (F::Id, "/id"),
            (F::Title, "/title"),
            (F::Url, "/link"),
            (F::Image, "/image"),
            (F::Currency, "/currency"),
            (F::ShippingCost, "/shipping/cost"),
            (F::ShipDaysMin, "/shipping/min"),
            (F::ShipDaysMax, "/shipping/max"),
            (F::ShipsFrom, "/shipping/from"),
            (F::Variants, "/variants"),
            (F::VariantId, "/id"),
            (F::VariantName, "/name"),
            (F::VariantSku, "/sku"),
            (F::VariantBarcode, "/barcode"),
            (F::VariantCost, "/price"),
            (F::VariantStock, "/inventory"),
        ];
        RestContract {
            base_url: format!("{}/rest-supplier", self.sandbox.base_url),
            auth_header: "Authorization".to_owned(),
            auth_prefix: "Bearer ".to_owned(),
            paths: RestPaths {
                search: Some("/products?search={query}&page={page}".to_owned()),
                product: Some("/products/{id}".to_owned()),
            },
            map: map.map(|(f, p)| (f, p.to_owned())).into(),
            ..RestContract::default()
        }
        .sound()
        .unwrap()
    }

    pub(crate) fn open(&self) -> SupplierRest {
        self.by(self.contract())
    }

    pub(crate) fn by(&self, contract: RestContract) -> SupplierRest {
        self.try_open(contract, REST_KEY, true).unwrap()
    }

    pub(crate) fn try_open(
        &self,
        contract: RestContract,
        key: &str,
        is_named: bool,
    ) -> PortResult<SupplierRest> {
        let mut settings = Settings::default();
        settings.retry.base_transient = Duration::from_millis(1);
        settings.retry.base_throttle = Duration::from_millis(1);
        let account = SupplierSettings {
            platform: Platform::Spocket,
            account: SupplierAccountId(Uuid::from_u128(7)),
            workspace: WorkspaceId(Uuid::from_u128(1)),
            base_url: None,
            api_key: key.into(),
            per_second: None,
            purpose: Purpose::Catalogue,
            designs: Vec::new(),
            rest: Some(contract),
        };
        let places = Places {
            named: Vec::new(),
            sandboxes: is_named
                .then(|| self.sandbox.base_url.clone())
                .into_iter()
                .collect(),
        };
        SupplierRest::new(&account, &places, &Registry::new(settings))
    }

    pub(crate) fn fault(&self, name: &str, rate: f64) {
        self.sandbox.fault(name, rate).unwrap();
    }

    pub(crate) fn change(&self, body: Value) {
        self.sandbox.rest_supplier_change(&body).unwrap();
    }

    /// The first product as the sandbox keeps it.
    pub(crate) fn product(&self) -> Value {
        self.sandbox.rest_supplier()["products"][0].clone()
    }

    pub(crate) fn id(&self) -> String {
        self.product()["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn calls(&self, what: &str) -> u64 {
        self.sandbox.rest_supplier()["calls"][what]
            .as_u64()
            .unwrap_or(0)
    }
}

pub(crate) fn without(mut contract: RestContract, fields: &[RestField]) -> RestContract {
    for field in fields {
        contract.map.remove(field);
    }
    contract
}
