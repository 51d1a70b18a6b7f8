//! The topics that are subscribed to, as the schema's enum names them.

/// What has to arrive. `inventory_*` topics are left out on purpose: they come by the thousand after a mass edit, name no product,
/// and the next incremental run reads what they tell.
pub const SUBSCRIBED: &[&str] = &[
    "ORDERS_CREATE",
    "ORDERS_UPDATED",
    "ORDERS_PAID",
    "ORDERS_CANCELLED",
    "ORDERS_EDITED",
    "ORDERS_FULFILLED",
    "ORDERS_DELETE",
    "ORDER_TRANSACTIONS_CREATE",
    "REFUNDS_CREATE",
    "PRODUCTS_CREATE",
    "PRODUCTS_UPDATE",
    "PRODUCTS_DELETE",
    "CUSTOMERS_CREATE",
    "CUSTOMERS_UPDATE",
    "CUSTOMERS_DELETE",
    "CUSTOMERS_MERGE",
    "LOCATIONS_CREATE",
    "LOCATIONS_UPDATE",
    "LOCATIONS_DELETE",
    "SHOP_UPDATE",
    "APP_UNINSTALLED",
    "APP_SCOPES_UPDATE",
];

/// Topics that need a scope of their own (`read_customer_merge`): nothing is missing without them, since orders of a customer who
/// is gone are read again.
pub(super) const OPTIONAL: &[&str] = &["CUSTOMERS_MERGE"];
