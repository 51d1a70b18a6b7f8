//! The fields of files in which every row stands for itself.

use super::fields::{CURRENCY, DAY, TEXT_COUNTRY, VALID_FROM, field};
use super::kinds::FieldKind::{Date, Number, Text};
use super::kinds::FieldSpec;
use super::kinds::Need::{OneOf, Optional, Required};

pub(super) const COSTS: &[FieldSpec] = &[
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

pub(super) const SHIPPING: &[FieldSpec] = &[
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

pub(super) const FEES: &[FieldSpec] = &[
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

pub(super) const AD_SPEND: &[FieldSpec] = &[
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

pub(super) const FIXED: &[FieldSpec] = &[
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

pub(super) const RATES: &[FieldSpec] = &[
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
