//! The fields of supplier catalogues, and the columns of files that are known by all of their headers.

use super::fields::{CURRENCY, field};
use super::kinds::FieldKind::{Number, Price, Text};
use super::kinds::FieldSpec;
use super::kinds::Need::{OneOf, Optional};
use super::mapping::{Mapping, normalise};
use std::collections::BTreeSet;

/// Normalised, and so the header of [`super::Mapping::propose`]'s one exception.
const BARE_PRICE: &str = "price";

pub(super) const OFFERS: &[FieldSpec] = &[
    field(
        "external_id",
        "The supplier's product id",
        OneOf("product id, SKU or address"),
        Text,
        &[
            "productid",
            "itemid",
            "asin",
            "buyid",
            "sourceid",
            "spocketproductid",
            "supplierproductid",
            "id",
        ],
    ),
    field(
        "variant_sku",
        "SKU of the variant",
        OneOf("product id, SKU or address"),
        Text,
        &["variantsku", "sku", "itemsku"],
    ),
    field(
        "source_url",
        "Address of the product",
        OneOf("product id, SKU or address"),
        Text,
        &["sourceurl", "supplierurl", "producturl", "buyurl", "link"],
    ),
    field(
        "supplier",
        "Supplier",
        Optional,
        Text,
        &[
            "supplier",
            "suppliername",
            "vendor",
            "sourcesite",
            "buysite",
        ],
    ),
    field(
        "supplier_region",
        "Sent from",
        Optional,
        Text,
        &[
            "supplierregion",
            "warehouseregion",
            "shipsfrom",
            "warehouse",
            "country",
        ],
    ),
    field(
        "title",
        "Title",
        Optional,
        Text,
        &["title", "productname", "name", "producttitle"],
    ),
    field(
        "variant_name",
        "Variant",
        Optional,
        Text,
        &["variant", "variantname", "options"],
    ),
    // Before the cost, which a bare price is only where this is not there.
    field(
        "sell_price",
        "Suggested selling price",
        Optional,
        Price,
        &[
            "sellprice",
            "sellingprice",
            "retailprice",
            "msrp",
            "suggestedprice",
        ],
    ),
    field(
        "cost",
        "What you pay",
        Optional,
        Price,
        &[
            "cost",
            "buyprice",
            "sourceprice",
            "supplierprice",
            "youpay",
            "wholesaleprice",
            BARE_PRICE,
        ],
    ),
    field(
        "shipping_cost",
        "Shipping cost",
        Optional,
        Price,
        &["shippingcost", "shippingprice", "shipping"],
    ),
    field(
        "duties",
        "Duties of a unit",
        Optional,
        Number,
        &["duties", "duty", "importduty", "customs"],
    ),
    CURRENCY,
    field(
        "stock",
        "Stock",
        Optional,
        Text,
        &["quantity", "stock", "instock", "inventory", "availability"],
    ),
    field(
        "processing_days",
        "Processing time (days)",
        Optional,
        Text,
        &["processingtime", "handlingtime", "processingdays"],
    ),
    field(
        "ship_days",
        "Shipping time (days)",
        Optional,
        Text,
        &[
            "shippingtime",
            "deliverytime",
            "deliverydays",
            "shippingdays",
        ],
    ),
    field(
        "ship_to",
        "Shipping is for these countries",
        Optional,
        Text,
        &[
            "shipsto",
            "shipto",
            "shippingcountry",
            "destination",
            "destinations",
        ],
    ),
    field(
        "rating",
        "Rating (0 to 5)",
        Optional,
        Number,
        &["rating", "supplierrating", "stars"],
    ),
    field(
        "image",
        "Image",
        Optional,
        Text,
        &["image", "imageurl", "mainimage", "pictureurl"],
    ),
    field(
        "barcode",
        "Barcode",
        Optional,
        Text,
        &["barcode", "ean", "ean13", "gtin", "upc", "variantbarcode"],
    ),
    field("category", "Category", Optional, Text, &["category"]),
    field("weight", "Weight", Optional, Text, &["weight"]),
    field(
        "description",
        "Description",
        Optional,
        Text,
        &["description"],
    ),
];

/// A file that is known by its headers: all of them, in whatever order.
struct Profile {
    headers: &'static [&'static str],
    platform: &'static str,
    columns: &'static [(&'static str, &'static str)],
}

const PROFILES: &[Profile] = &[
    // Untracked listings: the first id is that of the listing, the second that of the supplier's product.
    Profile {
        headers: &[
            "productid",
            "buyid",
            "supplier",
            "supplierregion",
            "variantsku",
        ],
        platform: "autods",
        columns: &[
            ("external_id", "buyid"),
            ("supplier", "supplier"),
            ("supplier_region", "supplierregion"),
            ("variant_sku", "variantsku"),
        ],
    },
    Profile {
        headers: &["producturl", "supplier", "warehouseregion"],
        platform: "autods",
        columns: &[
            ("source_url", "producturl"),
            ("supplier", "supplier"),
            ("supplier_region", "warehouseregion"),
        ],
    },
];

/// What the synonyms alone do not tell.
pub(super) fn refine(mapping: &mut Mapping, headers: &[String]) {
    let normal: Vec<String> = headers.iter().map(|h| normalise(h)).collect();
    let names: BTreeSet<&str> = normal.iter().map(String::as_str).collect();
    let known = PROFILES.iter().find(|profile| {
        names.len() == normal.len() && names == profile.headers.iter().copied().collect()
    });
    if let Some(profile) = known {
        let header = |name: &str| normal.iter().position(|n| n == name);
        let columns = profile.columns.iter();
        mapping.columns = columns
            .filter_map(|(field, name)| Some(((*field).to_owned(), headers[header(name)?].clone())))
            .collect();
        mapping.answers.insert(
            super::offers::PLATFORM.to_owned(),
            profile.platform.to_owned(),
        );
        return;
    }
    let is_bare = |header: &String| normalise(header) == BARE_PRICE;
    if mapping.columns.contains_key("sell_price")
        && mapping.columns.get("cost").is_some_and(is_bare)
    {
        mapping.columns.remove("cost");
    }
    if names.contains("spocketproductid") {
        mapping
            .answers
            .insert(super::offers::PLATFORM.to_owned(), "spocket".to_owned());
    }
}
