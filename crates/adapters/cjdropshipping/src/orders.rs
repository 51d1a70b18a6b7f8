//! Orders: found by our own number, created with nothing paid, paid from the balance.

use crate::client::{Cj, FREE};
use crate::codes::{Head, Meaning};
use crate::wire::{Created, Detail, Reason};
use adapter_kit::Effect;
use async_trait::async_trait;
use domain::money::Money;
use domain::supplier::{OurRef, Parcel, Placed, PlacedState, ToPlace};
use ports::supplier_orders::SupplierOrders;
use ports::{Kind, PortError, PortResult, Retry};
use serde_json::{Value, json};

/// A call that changes something is sent once; what became of it is looked up.
const ONCE: Effect = Effect::Write { idempotent: false };
/// Looks at an order while it is paid: one before each of three steps, and one more.
const MOST_STEPS: u32 = 4;
const CREATED: &str = "CREATED";
const IN_CART: &str = "IN_CART";
const UNPAID: &str = "UNPAID";

fn state(word: &str) -> PlacedState {
    match word {
        CREATED | IN_CART | UNPAID => PlacedState::Unpaid,
        "UNSHIPPED" => PlacedState::Paid,
        "SHIPPED" | "DELIVERED" => PlacedState::Shipped,
        "CANCELLED" | "CLOSED" => PlacedState::Cancelled,
        _ => PlacedState::Unclear,
    }
}

fn held(reasons: Option<Vec<Reason>>, no_way: bool) -> Vec<String> {
    let reasons = reasons.unwrap_or_default().into_iter().map(|reason| {
        let code = reason.code.text().unwrap_or_default();
        let message = reason.message.unwrap_or_default();
        format!("{message} (code {code})").trim().to_owned()
    });
    let no_way = no_way.then(|| "the way of shipping is not available".to_owned());
    reasons.chain(no_way).collect()
}

fn placed(our_ref: &OurRef, told: Detail) -> Placed {
    let parcel = told.track_number.filter(|n| !n.trim().is_empty());
    let parcel = parcel.map(|number| Parcel {
        number,
        carrier: told.logistic_name,
        url: told.tracking_url.filter(|url| url.starts_with("https://")),
        // An order has one number, and CJ does not tell what is in it: what it splits becomes orders of its own.
        items: None,
    });
    Placed {
        our_ref: our_ref.clone(),
        supplier_ref: told.order_id.text().unwrap_or_default(),
        state: state(&told.order_status),
        total: told.order_amount.money(),
        holds_told: told.intercept_order_reasons.is_some(),
        held: held(told.intercept_order_reasons, false),
        parcels: parcel.into_iter().collect(),
    }
}

/// As CJ wants it beside the code.
fn country_name(code: &str) -> Option<&'static str> {
    celes::Country::from_alpha2(code).ok().map(|c| c.long_name)
}

impl Cj {
    async fn detail(&self, our_ref: &OurRef) -> PortResult<Option<Detail>> {
        let operation = "supplier_orders.look_up";
        let query = [("orderId", our_ref.as_str().to_owned())];
        let path = "shopping/order/getOrderDetail";
        let told: Option<Detail> = match self.get(operation, path, &query, FREE).await? {
            Ok(told) => told,
            Err(head) if head.meaning() == Meaning::Missing => return Ok(None),
            Err(head) => return Err(self.refused(operation, &head)),
        };
        match told {
            Some(told) if told.order_num != our_ref.as_str() => {
                Err(self.nonsense(operation, "it is another order than was asked for"))
            }
            told => Ok(told),
        }
    }

    async fn step(&self, path: &str, body: &Value) -> PortResult<()> {
        let operation = "supplier_orders.pay";
        let done: Result<Value, Head> = self.post(operation, path, body, ONCE, FREE).await?;
        match done {
            Ok(_) => Ok(()),
            Err(head) => Err(self.not_paid(&head)),
        }
    }

    fn not_paid(&self, head: &Head) -> PortError {
        let operation = "supplier_orders.pay";
        match head.meaning() {
            Meaning::Missing => self.refused(operation, head),
            Meaning::Balance => {
                let detail = "the balance at CJdropshipping is too low; nothing was paid. Top it up, and approve again.";
                self.error(Kind::Rejected, Retry::Never, operation, detail)
            }
            _ => self.error(Kind::Conflict, Retry::Never, operation, head.told()),
        }
    }
}

#[async_trait]
impl SupplierOrders for Cj {
    async fn look_up(&self, our_ref: &OurRef) -> PortResult<Option<Placed>> {
        let told = self.detail(our_ref).await?;
        Ok(told.map(|told| placed(our_ref, told)))
    }

    async fn create_unpaid(&self, order: &ToPlace) -> PortResult<Placed> {
        let operation = "supplier_orders.create_unpaid";
        let to = &order.recipient;
        let country = country_name(&to.country).ok_or_else(|| {
            let detail = format!("{:?} is no country (ISO 3166-1 alpha-2)", to.country);
            self.error(Kind::Rejected, Retry::Never, operation, detail)
        })?;
        let lines = order.lines.iter();
        let lines = lines.map(|l| json!({"vid": l.variant, "quantity": l.quantity}));
        // CJ wants a province everywhere, also where addresses have none: the city stands for it.
        let province = to.province.as_deref().unwrap_or(&to.city);
        let body = json!({
            "orderNumber": order.our_ref.as_str(),
            "shippingCountryCode": to.country,
            "shippingCountry": country,
            "shippingProvince": province,
            "shippingCity": to.city,
            "shippingCustomerName": to.name,
            "shippingAddress": to.street,
            "shippingZip": to.postcode.as_deref().unwrap_or_default(),
            "shippingPhone": to.phone.as_deref().unwrap_or_default(),
            "logisticName": order.service,
            "fromCountryCode": order.ships_from,
            "platform": "Api",
            "payType": 3,
            "products": lines.collect::<Vec<_>>(),
        });
        let path = "shopping/order/createOrderV2";
        let told: Result<Created, Head> = self.post(operation, path, &body, ONCE, FREE).await?;
        let told = told.map_err(|head| match head.meaning() {
            Meaning::Taken => {
                let detail = "an order of this number exists";
                self.error(Kind::Conflict, Retry::Never, operation, detail)
            }
            // A variant or a way that is not there is no order that is not there.
            Meaning::Missing => self.error(Kind::Rejected, Retry::Never, operation, head.told()),
            _ => self.refused(operation, &head),
        })?;
        if told.order_number != order.our_ref.as_str() {
            let mut error = self.nonsense(operation, "it is another order than was created");
            error.retry = Retry::Reconcile;
            return Err(error);
        }
        Ok(Placed {
            our_ref: order.our_ref.clone(),
            supplier_ref: told.order_id.text().unwrap_or_default(),
            state: state(&told.order_status),
            total: told.order_amount.money(),
            held: held(told.intercept_order_reasons, told.logistics_miss),
            holds_told: true,
            parcels: Vec::new(),
        })
    }

    /// Into the cart, out of it, and paid: each step only from the state before it, which is read first, so that whoever is stopped
    /// between two of them goes on from there.
    async fn pay(&self, our_ref: &OurRef, total: Money) -> PortResult<()> {
        let operation = "supplier_orders.pay";
        let conflict = |detail: &str| self.error(Kind::Conflict, Retry::Never, operation, detail);
        for _ in 0..MOST_STEPS {
            let Some(told) = self.detail(our_ref).await? else {
                let detail = "there is no order of this number";
                return Err(self.error(Kind::NotFound, Retry::Never, operation, detail));
            };
            if state(&told.order_status) != PlacedState::Unpaid {
                return Err(conflict("it is not unpaid"));
            }
            match told.order_amount.money() {
                Some(now) if now.currency == total.currency && now.minor <= total.minor => {}
                Some(_) => return Err(conflict("it costs more than was approved")),
                None => return Err(conflict("what it costs is not told")),
            }
            let id = told.order_id.text().unwrap_or_default();
            let list = json!({"cjOrderIdList": [id]});
            match told.order_status.as_str() {
                CREATED => self.step("shopping/order/addCart", &list).await?,
                IN_CART => self.step("shopping/order/addCartConfirm", &list).await?,
                _ => {
                    let body = json!({"orderId": id});
                    return self.step("shopping/pay/payBalance", &body).await;
                }
            }
        }
        Err(conflict("it does not leave the cart"))
    }

    /// By CJ's own number, of an order that was seen unpaid just before.
    async fn cancel_unpaid(&self, our_ref: &OurRef) -> PortResult<()> {
        let operation = "supplier_orders.cancel_unpaid";
        let conflict = |detail: &str| self.error(Kind::Conflict, Retry::Never, operation, detail);
        let gone = || {
            let detail = "there is no order of this number";
            self.error(Kind::NotFound, Retry::Never, operation, detail)
        };
        let told = self.detail(our_ref).await?.ok_or_else(gone)?;
        if state(&told.order_status) != PlacedState::Unpaid {
            return Err(conflict("it is not unpaid"));
        }
        let id = told.order_id.text().unwrap_or_default();
        let (path, query) = ("shopping/order/deleteOrder", ("orderId", id));
        let done: Result<Value, Head> = self.delete(operation, path, query, ONCE, FREE).await?;
        match done {
            Ok(_) => Ok(()),
            Err(head) if head.meaning() == Meaning::Missing => Err(gone()),
            Err(head) => Err(conflict(&head.told())),
        }
    }
}
