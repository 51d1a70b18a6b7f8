//! Customers.

use super::amounts::Of;
use super::{Unreadable, id};
use crate::wire;
use domain::customer::Customer;

/// # Errors
/// The customer, the field and why.
pub fn customer(wire: &wire::Customer) -> Result<Customer, Unreadable> {
    let of = Of {
        what: "customer",
        name: "",
        id: wire.id.as_deref().unwrap_or("without id"),
    };
    let orders = wire.number_of_orders.as_deref();
    let address = wire.default_address.as_ref();
    let email = wire.default_email_address.as_ref();
    Ok(Customer {
        id: id(&of, "id", wire.id.as_deref())?,
        created_at: of.need("createdAt", wire.created_at)?,
        updated_at: of.need("updatedAt", wire.updated_at)?,
        orders_count: orders.and_then(|n| n.parse().ok()),
        country: address.and_then(|a| Some(a.country_code.as_ref()?.to_uppercase())),
        display_name: wire.display_name.clone().filter(|n| !n.is_empty()),
        email: email.and_then(|e| e.email_address.clone()),
    })
}
