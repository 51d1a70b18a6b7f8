//! Orders: found by a number of ours, created as drafts, confirmed once.

use crate::client::{PROVIDER, Printful, Refusal};
use crate::values::currency;
use crate::wire::{One, Order, Shipment};
use adapter_kit::{Effect, mac};
use async_trait::async_trait;
use domain::money::Money;
use domain::supplier::{
    Design, OurRef, Parcel, ParcelItem, ParcelState, Placed, PlacedState, Recipient, ToPlace,
};
use ports::supplier_orders::SupplierOrders;
use ports::{Kind, PortResult, Retry};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::PoisonError;
use std::time::Duration;

/// A call that changes something is sent once; what became of it is looked up.
const ONCE: Effect = Effect::Write { idempotent: false };
const DRAFT: &str = "draft";
const CALCULATING: &str = "calculating";
/// What an order costs is there after a moment: it is looked at so often, each time after twice as long.
const LOOKS: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LATER: Duration = Duration::from_secs(60);
/// Numbers of ours that are longer are shortened: what Printful says of their length differs by the version of its API, and 32 fit all.
const LONGEST: usize = 32;

/// Sent to the works is paid: Printful charges at the confirmation. Sent in part is not sent: more parcels come.
fn state(word: &str) -> PlacedState {
    match word {
        DRAFT => PlacedState::Unpaid,
        "pending" | "inreview" | "inprocess" | "onhold" | "partial" => PlacedState::Paid,
        "fulfilled" => PlacedState::Shipped,
        "canceled" => PlacedState::Cancelled,
        _ => PlacedState::Unclear,
    }
}

pub(crate) fn shipped_as(shipment: &Shipment) -> ParcelState {
    match shipment.delivery_status.as_deref() {
        Some("delivered") => ParcelState::Delivered,
        Some("return_to_sender") => ParcelState::Returned,
        Some("failure" | "canceled") => ParcelState::Failed,
        Some("pre_transit" | "in_transit" | "out_for_delivery" | "available_for_pickup") => {
            ParcelState::InTransit
        }
        _ => match shipment.shipment_status.as_deref() {
            Some("shipped") => ParcelState::InTransit,
            Some("returned") => ParcelState::Returned,
            Some("canceled") => ParcelState::Failed,
            _ => ParcelState::Unclear,
        },
    }
}

/// The number under which an order stands there: ours, or what is always the same in its place.
pub(crate) fn external_id(our_ref: &OurRef) -> String {
    if our_ref.as_str().len() <= LONGEST {
        return our_ref.as_str().to_owned();
    }
    digest(our_ref, LONGEST)
}

fn digest(our_ref: &OurRef, length: usize) -> String {
    let digest = mac::hmac_sha256(PROVIDER.as_bytes(), our_ref.as_str().as_bytes());
    let mut id = "re".to_owned();
    for byte in digest.iter().take((length - 2) / 2) {
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// The name of an item: whose order, and which of its lines, from 0 on. Not longer than that of an order.
fn item_id(our_ref: &OurRef, line: u16) -> String {
    format!("{}-{line}", digest(our_ref, LONGEST - 6))
}

/// Which line an item is; `None`: it has no name of ours.
fn line_of(our_ref: &OurRef, item: &str) -> Option<u16> {
    let (whose, line) = item.rsplit_once('-')?;
    (whose == digest(our_ref, LONGEST - 6)).then(|| line.parse().ok())?
}

/// What a parcel holds; `None` where it is not told, or of no item which line it is. What is sent a second time holds nothing new.
fn held_in(our_ref: &OurRef, shipment: &Shipment) -> Option<Vec<ParcelItem>> {
    if shipment.is_reshipment {
        return Some(Vec::new());
    }
    let mut items = Vec::new();
    for item in shipment.shipment_items.iter().flatten() {
        let id = item.order_item_external_id.as_deref();
        // Printful adds items of its own, such as a sticker in the parcel.
        let Some(line) = id.and_then(|id| line_of(our_ref, id)) else {
            continue;
        };
        let pieces = item.quantity?;
        items.push(ParcelItem { line, pieces });
    }
    (!items.is_empty()).then_some(items)
}

/// Shipments under one number are one parcel.
fn in_parcels(our_ref: &OurRef, shipments: Vec<Shipment>) -> Vec<Parcel> {
    let mut parcels: Vec<Parcel> = Vec::new();
    for shipment in shipments {
        let items = held_in(our_ref, &shipment);
        let number = shipment.tracking_number.filter(|n| !n.trim().is_empty());
        let Some(number) = number else { continue };
        match parcels.iter_mut().find(|p| p.number == number) {
            Some(known) => {
                known.items = known.items.take().zip(items).map(|(mut all, more)| {
                    all.extend(more);
                    all
                });
            }
            None => parcels.push(Parcel {
                number,
                carrier: shipment.carrier.filter(|c| !c.trim().is_empty()),
                url: shipment
                    .tracking_url
                    .filter(|url| url.starts_with("https://")),
                items,
            }),
        }
    }
    parcels
}

fn recipient(to: &Recipient) -> Value {
    let mut told = json!({
        "name": to.name,
        "address1": to.street,
        "city": to.city,
        "country_code": to.country,
    });
    let optional = [
        ("state_code", &to.province_code),
        ("state_name", &to.province),
        ("zip", &to.postcode),
        ("phone", &to.phone),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            told[name] = json!(value);
        }
    }
    told
}

/// Of which Printful wants a state by its code.
fn needs_state(country: &str) -> bool {
    matches!(country, "US" | "CA" | "AU")
}

impl Printful {
    async fn order(&self, operation: &'static str, our_ref: &OurRef) -> PortResult<Option<Order>> {
        let id = external_id(our_ref);
        let path = format!("v2/orders/@{id}");
        let told: Order = match self.get::<One<Order>>(operation, &path, &[]).await? {
            Ok(told) => told.data,
            Err(refusal) if refusal.status == 404 => return Ok(None),
            Err(refusal) => return Err(self.refused(operation, &refusal)),
        };
        if told.external_id.as_deref() != Some(&id) {
            return Err(self.nonsense(operation, "it is another order than was asked for"));
        }
        Ok(Some(told))
    }

    /// The order once it is counted what it costs.
    async fn counted(
        &self,
        operation: &'static str,
        our_ref: &OurRef,
        first: Order,
    ) -> PortResult<Order> {
        let (mut order, mut wait) = (first, FIRST_WAIT);
        for _ in 0..LOOKS {
            if order.costs.calculation_status != CALCULATING {
                return Ok(order);
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
            let again = self.order(operation, our_ref).await?;
            order = again.ok_or_else(|| self.nonsense(operation, "the order is gone"))?;
        }
        let detail = "Printful still counts what the order costs; it is looked at again";
        Err(self.error(Kind::Unavailable, Retry::After(LATER), operation, detail))
    }

    async fn placed(&self, our_ref: &OurRef, told: Order) -> PortResult<Placed> {
        let state = state(&told.status);
        let mut held = Vec::new();
        match told.status.as_str() {
            "failed" => held.push("Printful could not take the order: look at it there".to_owned()),
            "onhold" => held.push("Printful holds the order: look at it there".to_owned()),
            _ => {}
        }
        let counted = told.costs.calculation_status == "done";
        if told.costs.calculation_status == "failed" {
            held.push("Printful cannot count what the order costs".to_owned());
        }
        let of = currency(told.costs.currency.as_deref());
        let total = of
            .filter(|_| counted)
            .and_then(|c| told.costs.total.money(c));
        let parcels = match state {
            PlacedState::Unpaid | PlacedState::Unclear => Vec::new(),
            _ => self.sent(our_ref, told.id).await?,
        };
        Ok(Placed {
            our_ref: our_ref.clone(),
            supplier_ref: told.id.to_string(),
            state,
            total,
            held,
            holds_told: true,
            parcels,
        })
    }

    /// Every parcel that has a number; there may be several.
    async fn sent(&self, our_ref: &OurRef, order: u64) -> PortResult<Vec<Parcel>> {
        let path = format!("v2/orders/{order}/shipments");
        let operation = "supplier_orders.shipments";
        let told: Option<Vec<Vec<Shipment>>> = self.pages(operation, &path, &[]).await?;
        let told = told.unwrap_or_default().into_iter().flatten().collect();
        let parcels = in_parcels(our_ref, told);
        let mut known = self.parcels.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(parcels.iter().map(|p| (p.number.clone(), order)));
        Ok(parcels)
    }

    fn items(&self, operation: &'static str, order: &ToPlace) -> PortResult<Vec<Value>> {
        let rejected = |detail: String| self.error(Kind::Rejected, Retry::Never, operation, detail);
        let mut items = Vec::new();
        for (at, line) in (0..).zip(&order.lines) {
            let (id, name) = Design::split(&line.variant);
            let variant: u64 = id
                .parse()
                .map_err(|_| rejected(format!("{:?} is no variant of Printful's", line.variant)))?;
            let Some(name) = name else {
                let detail = format!(
                    "variant {id} has no design, and Printful makes nothing without one: map a product with a design"
                );
                return Err(rejected(detail));
            };
            let Some(design) = self.design(None, name) else {
                let detail = format!("the design {name} is not among those of the account");
                return Err(rejected(detail));
            };
            let template = match design.template.parse::<u64>() {
                Ok(number) => json!(number),
                Err(_) => json!(design.template),
            };
            items.push(json!({
                "source": "product_template",
                "external_id": item_id(&order.our_ref, at),
                "product_template_id": template,
                "catalog_variant_id": variant,
                "quantity": line.quantity,
            }));
        }
        Ok(items)
    }
}

#[async_trait]
impl SupplierOrders for Printful {
    async fn look_up(&self, our_ref: &OurRef) -> PortResult<Option<Placed>> {
        let operation = "supplier_orders.look_up";
        let Some(told) = self.order(operation, our_ref).await? else {
            return Ok(None);
        };
        let told = self.counted(operation, our_ref, told).await?;
        self.placed(our_ref, told).await.map(Some)
    }

    async fn create_unpaid(&self, order: &ToPlace) -> PortResult<Placed> {
        let operation = "supplier_orders.create_unpaid";
        let items = self.items(operation, order)?;
        let to = &order.recipient;
        if needs_state(&to.country) && to.province_code.is_none() {
            let detail = "the address has no state by its code, which Printful needs in the United States, Canada and Australia";
            return Err(self.error(Kind::Rejected, Retry::Never, operation, detail));
        }
        let id = external_id(&order.our_ref);
        let body = json!({
            "external_id": id,
            "shipping": order.service,
            "recipient": recipient(to),
            "order_items": items,
        });
        let told: Result<One<Order>, Refusal> =
            self.post(operation, "v2/orders", Some(&body), ONCE).await?;
        let told = match told {
            Ok(told) => told.data,
            Err(refusal) => {
                // Printful has no code of its own for a number that is taken.
                let taken = self.order(operation, &order.our_ref).await;
                return Err(match taken {
                    Ok(Some(_)) => {
                        let detail = "an order of this number exists";
                        self.error(Kind::Conflict, Retry::Never, operation, detail)
                    }
                    _ if refusal.status == 404 => {
                        self.error(Kind::Rejected, Retry::Never, operation, refusal.told())
                    }
                    _ => self.refused(operation, &refusal),
                });
            }
        };
        // From here on it is there, whatever else fails.
        let there = |mut error: ports::PortError| {
            error.retry = Retry::Reconcile;
            error
        };
        if told.external_id.as_deref() != Some(&id) {
            let what = "it is another order than was created";
            return Err(there(self.nonsense(operation, what)));
        }
        let told = self.counted(operation, &order.our_ref, told).await;
        let told = told.map_err(there)?;
        self.placed(&order.our_ref, told).await.map_err(there)
    }

    /// The confirmation charges for it, and is sent only for a draft whose costs were read just before.
    async fn pay(&self, our_ref: &OurRef, total: Money) -> PortResult<()> {
        let operation = "supplier_orders.pay";
        let conflict = |detail: &str| self.error(Kind::Conflict, Retry::Never, operation, detail);
        let Some(told) = self.order(operation, our_ref).await? else {
            let detail = "there is no order of this number";
            return Err(self.error(Kind::NotFound, Retry::Never, operation, detail));
        };
        let told = self.counted(operation, our_ref, told).await?;
        if told.status != DRAFT {
            return Err(conflict("it is no draft any more"));
        }
        let id = told.id;
        match self.placed(our_ref, told).await?.total {
            Some(now) if now.currency == total.currency && now.minor <= total.minor => {}
            Some(_) => return Err(conflict("it costs more than was approved")),
            None => return Err(conflict("what it costs is not told")),
        }
        let path = format!("v2/orders/{id}/confirmation");
        let done: Result<Value, Refusal> = self.post(operation, &path, None, ONCE).await?;
        done.map(drop).map_err(|refusal| match refusal.status {
            400 | 402 => {
                let detail = format!(
                    "{}. Nothing was charged: look at the payment method at Printful, and approve again.",
                    refusal.told()
                );
                self.error(Kind::Rejected, Retry::Never, operation, detail)
            }
            _ => self.refused(operation, &refusal),
        })
    }

    /// Version 2 deletes a draft, and keeps what was charged.
    async fn cancel_unpaid(&self, our_ref: &OurRef) -> PortResult<()> {
        let operation = "supplier_orders.cancel_unpaid";
        let conflict = |detail: &str| self.error(Kind::Conflict, Retry::Never, operation, detail);
        let gone = || {
            let detail = "there is no order of this number";
            self.error(Kind::NotFound, Retry::Never, operation, detail)
        };
        let told = self.order(operation, our_ref).await?.ok_or_else(gone)?;
        if told.status != DRAFT {
            return Err(conflict("it is no draft any more"));
        }
        let path = format!("v2/orders/{}", told.id);
        match self.delete(operation, &path, ONCE).await? {
            Ok(()) => Ok(()),
            Err(refusal) => match refusal.status {
                404 => Err(gone()),
                400 | 409 => Err(conflict(&refusal.told())),
                _ => Err(self.refused(operation, &refusal)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{OrderId, StoreId};
    use uuid::Uuid;

    #[test]
    fn numbers_that_are_too_long_are_shortened_always_the_same_way() {
        let long = OurRef::of(StoreId(Uuid::max()), OrderId(i64::MAX), 7);
        let other = OurRef::of(StoreId(Uuid::max()), OrderId(i64::MAX), 8);
        assert!(long.as_str().len() > LONGEST);
        let id = external_id(&long);
        assert_eq!(id.len(), LONGEST);
        assert_eq!(id, external_id(&long));
        assert_ne!(id, external_id(&other));
        let short = OurRef::of(StoreId(Uuid::from_u128(1)), OrderId(2), 0);
        assert_eq!(external_id(&short), short.as_str());
    }

    #[test]
    fn items_are_named_so_that_their_lines_are_found_again() {
        let our_ref = OurRef::of(StoreId(Uuid::max()), OrderId(i64::MAX), 7);
        let other = OurRef::of(StoreId(Uuid::max()), OrderId(i64::MAX), 8);
        let id = item_id(&our_ref, u16::MAX);
        assert!(id.len() <= LONGEST, "{id}");
        assert_eq!(line_of(&our_ref, &id), Some(u16::MAX));
        assert_eq!(line_of(&other, &id), None);
        assert_eq!(line_of(&our_ref, "sticker"), None);
        let shipment = |told| serde_json::from_value::<Shipment>(told).unwrap();
        let item = |line| json!({"order_item_external_id": item_id(&our_ref, line), "quantity": 2});
        let sent =
            |items: Vec<Value>| shipment(json!({"tracking_number": "A", "shipment_items": items}));
        let again =
            json!({"tracking_number": "R", "is_reshipment": true, "shipment_items": [item(0)]});
        let silent = json!({"tracking_number": "S", "shipment_items": [{"quantity": 2}]});
        let parcels = in_parcels(
            &our_ref,
            vec![
                sent(vec![item(0)]),
                sent(vec![item(3)]),
                shipment(again),
                shipment(silent),
            ],
        );
        let items: Vec<_> = parcels.iter().map(|p| p.items.clone()).collect();
        let held = |line| ParcelItem { line, pieces: 2 };
        let first = Some(vec![held(0), held(3)]);
        assert_eq!(items, [first, Some(Vec::new()), None]);
    }

    #[test]
    fn words_of_orders_are_read_and_strange_ones_are_unclear() {
        assert_eq!(state("draft"), PlacedState::Unpaid);
        assert_eq!(state("pending"), PlacedState::Paid);
        assert_eq!(state("partial"), PlacedState::Paid);
        assert_eq!(state("failed"), PlacedState::Unclear);
        assert_eq!(state("teleported"), PlacedState::Unclear);
    }
}
