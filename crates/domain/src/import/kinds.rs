//! The kinds of files, each with its fields and the headers by which they are known. One place for each.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    Orders,
    Products,
    Costs,
    ShippingCosts,
    PaymentFees,
    AdSpend,
    FixedCosts,
    ExchangeRates,
}

/// Whether a file without the field can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
    /// At least one of the fields with the same word.
    OneOf(&'static str),
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Number,
    Date,
}

#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    pub key: &'static str,
    pub label: &'static str,
    pub need: Need,
    pub kind: FieldKind,
    /// Headers as [`super::normalise`] makes them.
    pub synonyms: &'static [&'static str],
}

#[derive(Debug, Clone, Copy)]
pub struct KindSpec {
    pub kind: ImportKind,
    pub label: &'static str,
    pub about: &'static str,
    pub fields: &'static [FieldSpec],
}

const fn field(
    key: &'static str,
    label: &'static str,
    need: Need,
    kind: FieldKind,
    synonyms: &'static [&'static str],
) -> FieldSpec {
    FieldSpec {
        key,
        label,
        need,
        kind,
        synonyms,
    }
}

use FieldKind::{Date, Number, Text};
use Need::{OneOf, Optional, Required};

const CURRENCY: FieldSpec = field(
    "currency",
    "Currency",
    Optional,
    Text,
    &[
        "currency",
        "currencycode",
        "wahrung",
        "devise",
        "moneda",
        "valuta",
    ],
);
const VALID_FROM: FieldSpec = field(
    "valid_from",
    "Valid from",
    Optional,
    Date,
    &[
        "validfrom",
        "from",
        "startdate",
        "effectivedate",
        "effectivefrom",
        "since",
        "gultigab",
        "ab",
        "validedepuis",
        "desde",
        "vanaf",
        "date",
    ],
);
const DAY: FieldSpec = field(
    "day",
    "Day or month",
    Required,
    Date,
    &[
        "day",
        "date",
        "month",
        "period",
        "datum",
        "tag",
        "monat",
        "jour",
        "mois",
        "fecha",
        "mes",
        "maand",
        "reportingstarts",
        "reportingstart",
    ],
);
const TEXT_COUNTRY: &[&str] = &[
    "country",
    "countrycode",
    "land",
    "pays",
    "pais",
    "destination",
    "zone",
];

const ORDERS: &[FieldSpec] = &[
    field(
        "name",
        "Order name",
        Required,
        Text,
        &[
            "name",
            "order",
            "ordername",
            "ordernumber",
            "bestellung",
            "commande",
        ],
    ),
    field("id", "Order id", Optional, Text, &["id", "orderid"]),
    field(
        "email",
        "E-mail (kept as a pseudonym)",
        Optional,
        Text,
        &["email", "customeremail"],
    ),
    field(
        "financial_status",
        "Financial status",
        Optional,
        Text,
        &["financialstatus", "paymentstatus"],
    ),
    field("paid_at", "Paid at", Optional, Date, &["paidat"]),
    field(
        "fulfillment_status",
        "Fulfillment status",
        Optional,
        Text,
        &["fulfillmentstatus"],
    ),
    field("currency", "Currency", Required, Text, CURRENCY.synonyms),
    field(
        "subtotal",
        "Subtotal",
        Required,
        Number,
        &["subtotal", "zwischensumme", "soustotal"],
    ),
    field(
        "shipping",
        "Shipping",
        Optional,
        Number,
        &["shipping", "shippingprice", "versand", "livraison"],
    ),
    field(
        "taxes",
        "Taxes",
        Optional,
        Number,
        &["taxes", "tax", "steuern"],
    ),
    field("duties", "Duties", Optional, Number, &["duties"]),
    field(
        "total",
        "Total",
        Required,
        Number,
        &["total", "ordertotal", "gesamt"],
    ),
    field(
        "discount_amount",
        "Discount amount",
        Optional,
        Number,
        &["discountamount", "discount"],
    ),
    field(
        "shipping_method",
        "Shipping method",
        Optional,
        Text,
        &["shippingmethod"],
    ),
    field(
        "created_at",
        "Created at",
        Required,
        Date,
        &["createdat", "orderdate", "processedat"],
    ),
    field(
        "line_quantity",
        "Line item quantity",
        Required,
        Number,
        &["lineitemquantity"],
    ),
    field(
        "line_name",
        "Line item name",
        Required,
        Text,
        &["lineitemname"],
    ),
    field(
        "line_price",
        "Line item price",
        Required,
        Number,
        &["lineitemprice"],
    ),
    field(
        "line_sku",
        "Line item SKU",
        Optional,
        Text,
        &["lineitemsku"],
    ),
    field(
        "line_discount",
        "Line item discount",
        Optional,
        Number,
        &["lineitemdiscount"],
    ),
    field(
        "line_taxable",
        "Line item taxable",
        Optional,
        Text,
        &["lineitemtaxable"],
    ),
    field(
        "line_requires_shipping",
        "Line item requires shipping",
        Optional,
        Text,
        &["lineitemrequiresshipping"],
    ),
    field(
        "billing_country",
        "Billing country",
        Optional,
        Text,
        &["billingcountry"],
    ),
    field(
        "shipping_country",
        "Shipping country",
        Optional,
        Text,
        &["shippingcountry"],
    ),
    field(
        "cancelled_at",
        "Cancelled at",
        Optional,
        Date,
        &["cancelledat", "canceledat"],
    ),
    field(
        "payment_method",
        "Payment method",
        Optional,
        Text,
        &["paymentmethod"],
    ),
    field(
        "refunded_amount",
        "Refunded amount",
        Optional,
        Number,
        &["refundedamount"],
    ),
    field(
        "outstanding_balance",
        "Outstanding balance",
        Optional,
        Number,
        &["outstandingbalance"],
    ),
    field("source", "Source", Optional, Text, &["source"]),
    field("tags", "Tags", Optional, Text, &["tags"]),
];

const PRODUCTS: &[FieldSpec] = &[
    field("handle", "Handle", Required, Text, &["handle", "urlhandle"]),
    field(
        "title",
        "Title",
        Required,
        Text,
        &["title", "producttitle", "titel", "titre"],
    ),
    field("vendor", "Vendor", Optional, Text, &["vendor"]),
    field("type", "Type", Optional, Text, &["type", "producttype"]),
    field("tags", "Tags", Optional, Text, &["tags"]),
    field("status", "Status", Optional, Text, &["status"]),
    field(
        "published",
        "Published",
        Optional,
        Text,
        &["published", "publishedononlinestore"],
    ),
    field("sku", "SKU", Optional, Text, &["variantsku", "sku"]),
    field(
        "option1",
        "Option 1 value",
        Optional,
        Text,
        &["option1value"],
    ),
    field(
        "option2",
        "Option 2 value",
        Optional,
        Text,
        &["option2value"],
    ),
    field(
        "option3",
        "Option 3 value",
        Optional,
        Text,
        &["option3value"],
    ),
    field(
        "price",
        "Price",
        Required,
        Number,
        &["variantprice", "price"],
    ),
    field(
        "compare_at_price",
        "Compare-at price",
        Optional,
        Number,
        &["variantcompareatprice", "compareatprice"],
    ),
    field(
        "cost",
        "Cost per item",
        Optional,
        Number,
        &["costperitem", "variantcost"],
    ),
    field(
        "inventory",
        "Inventory quantity",
        Optional,
        Number,
        &["variantinventoryqty", "inventoryquantity"],
    ),
    field(
        "image",
        "Image",
        Optional,
        Text,
        &["imagesrc", "productimageurl"],
    ),
];

const COSTS: &[FieldSpec] = &[
    field(
        "sku",
        "SKU",
        OneOf("SKU or variant id"),
        Text,
        &[
            "sku",
            "variantsku",
            "artikelnummer",
            "itemnumber",
            "reference",
            "referencia",
        ],
    ),
    field(
        "variant_id",
        "Variant id",
        OneOf("SKU or variant id"),
        Text,
        &["variantid", "variant"],
    ),
    field(
        "cost",
        "Cost of a unit",
        Required,
        Number,
        &[
            "cost",
            "unitcost",
            "costperitem",
            "costprice",
            "cogs",
            "purchaseprice",
            "einkaufspreis",
            "ekpreis",
            "stuckkosten",
            "cout",
            "coutunitaire",
            "coste",
            "costounitario",
            "inkoopprijs",
            "kosten",
        ],
    ),
    CURRENCY,
    VALID_FROM,
];

const SHIPPING: &[FieldSpec] = &[
    field("country", "Country", Required, Text, TEXT_COUNTRY),
    field(
        "min_weight",
        "Weight from (g)",
        Optional,
        Number,
        &["minweight", "weightfrom", "fromweight", "gewichtvon"],
    ),
    field(
        "max_weight",
        "Weight below (g)",
        Optional,
        Number,
        &["maxweight", "weightto", "toweight", "gewichtbis", "weight"],
    ),
    field(
        "min_order",
        "Order value from",
        Optional,
        Number,
        &[
            "minorder",
            "minordervalue",
            "ordervaluefrom",
            "bestellwertvon",
        ],
    ),
    field(
        "max_order",
        "Order value below",
        Optional,
        Number,
        &[
            "maxorder",
            "maxordervalue",
            "ordervalueto",
            "bestellwertbis",
        ],
    ),
    field(
        "cost",
        "Shipping cost",
        Required,
        Number,
        &[
            "cost",
            "shippingcost",
            "rate",
            "price",
            "versandkosten",
            "coutlivraison",
        ],
    ),
    CURRENCY,
    VALID_FROM,
];

const FEES: &[FieldSpec] = &[
    field(
        "gateway",
        "Gateway",
        Required,
        Text,
        &[
            "gateway",
            "paymentgateway",
            "paymentmethod",
            "provider",
            "zahlungsart",
        ],
    ),
    field(
        "percent",
        "Percent of the amount",
        OneOf("percent or fixed fee"),
        Number,
        &[
            "percent",
            "percentage",
            "rate",
            "feepercent",
            "percentfee",
            "prozent",
            "pourcentage",
        ],
    ),
    field(
        "fixed",
        "Fixed fee",
        OneOf("percent or fixed fee"),
        Number,
        &["fixed", "fixedfee", "flatfee", "feefixed", "fixgebuhr"],
    ),
    CURRENCY,
    VALID_FROM,
];

const AD_SPEND: &[FieldSpec] = &[
    DAY,
    field(
        "channel",
        "Channel",
        Required,
        Text,
        &[
            "channel",
            "platform",
            "source",
            "network",
            "kanal",
            "canal",
            "plateforme",
            "adplatform",
        ],
    ),
    field(
        "campaign",
        "Campaign",
        Optional,
        Text,
        &[
            "campaign",
            "campaignname",
            "kampagne",
            "campagne",
            "campana",
        ],
    ),
    field(
        "spend",
        "Spend",
        Required,
        Number,
        &[
            "spend",
            "adspend",
            "amountspent",
            "amountspentusd",
            "amountspenteur",
            "cost",
            "ausgaben",
            "depense",
            "depenses",
            "gasto",
        ],
    ),
    CURRENCY,
];

const FIXED: &[FieldSpec] = &[
    DAY,
    field(
        "name",
        "Name",
        Required,
        Text,
        &[
            "name",
            "costname",
            "description",
            "category",
            "bezeichnung",
            "libelle",
            "concepto",
            "expense",
            "item",
        ],
    ),
    field(
        "amount",
        "Amount",
        Required,
        Number,
        &[
            "amount", "cost", "value", "betrag", "montant", "importe", "bedrag",
        ],
    ),
    CURRENCY,
];

const RATES: &[FieldSpec] = &[
    field(
        "day",
        "Day",
        Required,
        Date,
        &["date", "day", "datum", "jour", "fecha"],
    ),
    field(
        "base",
        "From currency",
        Required,
        Text,
        &["base", "basecurrency", "from", "fromcurrency"],
    ),
    field(
        "quote",
        "To currency",
        Required,
        Text,
        &["quote", "quotecurrency", "to", "tocurrency", "target"],
    ),
    field(
        "rate",
        "Rate",
        Required,
        Number,
        &["rate", "exchangerate", "kurs", "taux", "tipo"],
    ),
];

const KINDS: &[KindSpec] = &[
    KindSpec {
        kind: ImportKind::Orders,
        label: "Orders",
        about: "Shopify's orders export: one row a line item",
        fields: ORDERS,
    },
    KindSpec {
        kind: ImportKind::Products,
        label: "Products",
        about: "Shopify's products export, in its old or new format",
        fields: PRODUCTS,
    },
    KindSpec {
        kind: ImportKind::Costs,
        label: "Product costs",
        about: "What a unit costs, by SKU or variant id",
        fields: COSTS,
    },
    KindSpec {
        kind: ImportKind::ShippingCosts,
        label: "Shipping costs",
        about: "What shipping an order costs you, by country, weight and order value",
        fields: SHIPPING,
    },
    KindSpec {
        kind: ImportKind::PaymentFees,
        label: "Payment fees",
        about: "What each payment gateway keeps",
        fields: FEES,
    },
    KindSpec {
        kind: ImportKind::AdSpend,
        label: "Ad spend",
        about: "Spend by day or month, channel and campaign",
        fields: AD_SPEND,
    },
    KindSpec {
        kind: ImportKind::FixedCosts,
        label: "Fixed costs",
        about: "Rent, software, wages … by day or month",
        fields: FIXED,
    },
    KindSpec {
        kind: ImportKind::ExchangeRates,
        label: "Exchange rates",
        about: "What one unit of a currency is worth in another",
        fields: RATES,
    },
];

impl ImportKind {
    pub const ALL: [Self; 8] = [
        Self::Orders,
        Self::Products,
        Self::Costs,
        Self::ShippingCosts,
        Self::PaymentFees,
        Self::AdSpend,
        Self::FixedCosts,
        Self::ExchangeRates,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Products => "products",
            Self::Costs => "costs",
            Self::ShippingCosts => "shipping_costs",
            Self::PaymentFees => "payment_fees",
            Self::AdSpend => "ad_spend",
            Self::FixedCosts => "fixed_costs",
            Self::ExchangeRates => "exchange_rates",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }

    #[must_use]
    pub fn spec(self) -> &'static KindSpec {
        // Each kind has its row, which a test holds.
        KINDS
            .iter()
            .find(|spec| spec.kind == self)
            .unwrap_or(&KINDS[0])
    }
}

impl KindSpec {
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|f| f.key == key)
    }
}

/// The kind whose required fields are all there, the one with most columns known; `None` when none is or two know as many.
#[must_use]
pub fn kind_of_headers(headers: &[String]) -> Option<ImportKind> {
    let mut best: Vec<(usize, usize, ImportKind)> = Vec::new();
    for spec in KINDS {
        let mapping = super::Mapping::propose(spec.kind, headers);
        if mapping.faults(headers).is_empty() {
            let required = spec.fields.iter().filter(|f| f.need == Required).count();
            best.push((mapping.columns.len(), required, spec.kind));
        }
    }
    best.sort_unstable_by(|a, b| b.cmp(a));
    match best[..] {
        [] => None,
        [first, second, ..] if (first.0, first.1) == (second.0, second.1) => None,
        [first, ..] => Some(first.2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::normalise;

    #[test]
    fn every_kind_has_a_row_and_its_synonyms_are_normal() {
        for kind in ImportKind::ALL {
            assert_eq!(kind.spec().kind, kind);
            assert_eq!(ImportKind::parse(kind.as_str()), Some(kind));
            for field in kind.spec().fields {
                for synonym in field.synonyms {
                    assert_eq!(normalise(synonym), *synonym);
                }
            }
        }
    }

    #[track_caller]
    fn check(headers: &str, expected: Option<ImportKind>) {
        let headers: Vec<String> = headers.split(',').map(str::to_owned).collect();
        assert_eq!(kind_of_headers(&headers), expected, "{headers:?}");
    }

    #[test]
    fn kinds_are_known_by_their_headers() {
        check(
            "Name,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price",
            Some(ImportKind::Orders),
        );
        check(
            "Handle,Title,Variant SKU,Variant Price,Cost per item",
            Some(ImportKind::Products),
        );
        check(
            "Title,URL handle,SKU,Price,Cost per item",
            Some(ImportKind::Products),
        );
        check("SKU,Cost,Currency,Valid from", Some(ImportKind::Costs));
        check(
            "Artikelnummer,Einkaufspreis,Währung,Gültig ab",
            Some(ImportKind::Costs),
        );
        check("Référence,Coût unitaire,Devise", Some(ImportKind::Costs));
        check(
            "Country,Min weight,Max weight,Cost,Currency",
            Some(ImportKind::ShippingCosts),
        );
        check("Gateway,Percent,Fixed fee", Some(ImportKind::PaymentFees));
        check("Date,Channel,Campaign,Spend", Some(ImportKind::AdSpend));
        check("Month,Name,Amount,Currency", Some(ImportKind::FixedCosts));
        check("Date,Base,Quote,Rate", Some(ImportKind::ExchangeRates));
        check("Foo,Bar", None);
    }
}
