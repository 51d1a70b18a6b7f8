//! What is offered. Nothing is ordered.

use crate::client::{SupplierRest, held};
use crate::item::{glimpse, offered, shelves};
use async_trait::async_trait;
use domain::money::{Currency, Money};
use domain::supplier::{
    Capability, FoundPage, Offered, OurRef, Placed, Quota, QuoteFor, Search, ShipQuote,
    SupplierIdentity, SupplierNotice, ToPlace, Tracked, VariantShelves,
};
use ports::supplier_orders::SupplierOrders;
use ports::supplier_platforms::SupplierSource;
use ports::{Kind, PortResult};
use serde_json::Value;
use std::collections::BTreeSet;

/// So many products are looked at before a pointer counts as one that finds nothing.
const LOOKED_AT: usize = 3;

impl SupplierRest {
    /// The product as it is told now, by its path or by the page of the list that was read last.
    async fn told(&self, operation: &'static str, external_id: &str) -> PortResult<Option<Value>> {
        if let Some(path) = &self.contract.paths.product {
            return self.document(operation, path, external_id).await;
        }
        let shown = held(&self.list).shown.get(external_id).cloned();
        shown.map(Some).ok_or_else(|| {
            let detail = format!(
                "the contract has no path of a product: {} tells {external_id} in a list alone",
                self.platform.name()
            );
            self.error(Kind::Unsupported, operation, detail)
        })
    }

    /// Before anything is read over: each pointer finds something in one of the first products. The currency of the first that tells one.
    async fn prove(&self, operation: &'static str) -> PortResult<Option<Currency>> {
        let fixed = self.contract.currency;
        if !self.can(Capability::Discover) {
            return Ok(fixed);
        }
        let first = Search {
            page: 1,
            ..Search::default()
        };
        let Some(listed) = self.page(operation, &first).await? else {
            return Ok(fixed);
        };
        let mut seen = Vec::new();
        match &self.contract.paths.product {
            None => seen.extend(listed.items),
            Some(path) => {
                for item in listed.items.iter().take(LOOKED_AT) {
                    let Some(hit) = glimpse(&self.contract, item) else {
                        continue;
                    };
                    let Some(product) = self.document(operation, path, &hit.external_id).await?
                    else {
                        continue;
                    };
                    self.proof().note(&self.contract, &product);
                    seen.push(product);
                    let among: Vec<_> = seen.iter().collect();
                    if self.proof().missing(&self.contract, &among).is_none() {
                        break;
                    }
                }
            }
        }
        let among: Vec<_> = seen.iter().collect();
        let mut proof = self.proof();
        for product in &among {
            proof.note(&self.contract, product);
        }
        if let Some(field) = proof.missing(&self.contract, &among) {
            let why = crate::proof::nothing(&self.contract, field);
            let why = format!("{why} in the first {} products", seen.len());
            return Err(self.moved(operation, &why));
        }
        let mut told = seen
            .iter()
            .map(|p| crate::values::currency(&self.contract, p));
        Ok(told.find_map(Result::ok).or(fixed))
    }
}

#[async_trait]
impl SupplierSource for SupplierRest {
    /// Nobody tells who answers: it is asked for products, and each pointer has to find something.
    async fn identify(&self) -> PortResult<SupplierIdentity> {
        let currency = self.prove("supplier.identify").await?;
        Ok(SupplierIdentity {
            platform: self.platform,
            currency,
            is_sandbox: self.is_sandbox,
            per_second: None,
            balance: None,
            off: Vec::new(),
        })
    }

    async fn search(&self, search: &Search) -> PortResult<FoundPage> {
        let operation = "supplier.search";
        if !self.can(Capability::Discover) {
            return Err(self.cannot(operation, Capability::Discover));
        }
        let Some(listed) = self.page(operation, search).await? else {
            return Ok(FoundPage::default());
        };
        if !self.contract.reads_by_id() {
            let looked = self.proof().look_at_all(&self.contract, &listed.items);
            looked.map_err(|why| self.moved(operation, &why))?;
        }
        let mut seen = BTreeSet::new();
        let hits = listed.items.iter().filter_map(|item| {
            let hit = glimpse(&self.contract, item)?;
            seen.insert(hit.external_id.clone()).then_some(hit)
        });
        Ok(FoundPage {
            items: hits.collect(),
            has_more: listed.next.is_some(),
        })
    }

    async fn product(&self, external_id: &str) -> PortResult<Option<Offered>> {
        let operation = "supplier.product";
        let Some(product) = self.told(operation, external_id).await? else {
            return Ok(None);
        };
        let looked = self.proof().look_at(&self.contract, &product);
        looked.map_err(|why| self.moved(operation, &why))?;
        let told = offered(&self.contract, external_id, &product, |of| self.can(of));
        *held(&self.last) = Some((external_id.to_owned(), product));
        Ok(Some(told))
    }

    async fn stock(&self, external_id: &str) -> PortResult<Option<Vec<VariantShelves>>> {
        let operation = "supplier.stock";
        if !self.can(Capability::Stock) {
            return Err(self.cannot(operation, Capability::Stock));
        }
        // It was read with the price a moment ago, once.
        let last = held(&self.last).take().filter(|(id, _)| id == external_id);
        let product = match last {
            Some((_, product)) => Some(product),
            None => self.told(operation, external_id).await?,
        };
        Ok(product.map(|product| shelves(&self.contract, external_id, &product)))
    }

    /// What sending costs stands beside the product, wherever it goes: nobody is asked for a place.
    async fn quotes(&self, _of: &QuoteFor) -> PortResult<Vec<ShipQuote>> {
        Err(self.cannot("supplier.quotes", Capability::Shipping))
    }

    async fn listen(&self, _address: &str) -> PortResult<()> {
        let detail = "a contract of one's own has no messages";
        Err(self.error(Kind::Unsupported, "supplier.listen", detail))
    }

    async fn notice(&self, _signature: Option<&str>, _body: &[u8]) -> PortResult<SupplierNotice> {
        let detail = "a contract of one's own has no messages: this one is from somebody else";
        Err(self.error(Kind::Unauthorized, "supplier.notice", detail))
    }

    async fn track(&self, _number: &str) -> PortResult<Option<Tracked>> {
        Err(self.cannot("supplier.track", Capability::Tracking))
    }

    /// Nobody tells how much may be asked.
    fn quota(&self) -> Option<Quota> {
        None
    }
}

/// The platform's own app takes orders out of the shop.
#[async_trait]
impl SupplierOrders for SupplierRest {
    async fn look_up(&self, _our_ref: &OurRef) -> PortResult<Option<Placed>> {
        Err(self.cannot("supplier_orders.look_up", Capability::PlaceOrder))
    }

    async fn create_unpaid(&self, _order: &ToPlace) -> PortResult<Placed> {
        Err(self.cannot("supplier_orders.create_unpaid", Capability::PlaceOrder))
    }

    async fn pay(&self, _our_ref: &OurRef, _total: Money) -> PortResult<()> {
        Err(self.cannot("supplier_orders.pay", Capability::PlaceOrder))
    }

    async fn cancel_unpaid(&self, _our_ref: &OurRef) -> PortResult<()> {
        Err(self.cannot("supplier_orders.cancel_unpaid", Capability::CallOff))
    }
}
