//! One product, put together by the pointers of a contract. What is not there is absent, and what cannot be read is told.

use crate::values::{country, currency, find, price, range, shipping, stock, text_at};
use domain::supplier::{
    Capability, Glimpse, Offered, OfferedVariant, Presence, RestContract, RestField, Shelf, Stock,
    VariantShelves,
};
use serde_json::Value;
use std::collections::BTreeSet;

fn https(url: Option<String>) -> Option<String> {
    url.filter(|url| url.starts_with("https://"))
}

pub(crate) fn glimpse(contract: &RestContract, item: &Value) -> Option<Glimpse> {
    let cost = find(contract, RestField::Cost, item);
    Some(Glimpse {
        external_id: text_at(contract, RestField::Id, item)?,
        title: text_at(contract, RestField::Title, item),
        price: cost.and_then(|value| range(value).ok().flatten()),
    })
}

/// A variant with the product that it is of. What a contract names of the product alone holds for each of its variants.
#[derive(Clone, Copy)]
struct One<'a> {
    contract: &'a RestContract,
    product: &'a Value,
    variant: Option<&'a Value>,
}

impl<'a> One<'a> {
    fn at(self, own: RestField, of_all: RestField) -> Option<&'a Value> {
        match (self.variant, self.contract.at(own)) {
            (Some(variant), Some(_)) => find(self.contract, own, variant),
            _ => find(self.contract, of_all, self.product),
        }
    }

    fn text(self, own: RestField, of_all: RestField) -> Option<String> {
        self.at(own, of_all).and_then(crate::values::text)
    }

    fn stock(self) -> Option<Result<Stock, String>> {
        let told = self.at(RestField::VariantStock, RestField::Stock)?;
        Some(stock(told, self.contract.stock_yes_or_no))
    }

    /// Alone a variant's number is no product's.
    fn id(self, external_id: &str) -> Option<String> {
        match self.variant {
            None => Some(external_id.to_owned()),
            Some(variant) => {
                let own = text_at(self.contract, RestField::VariantId, variant)?;
                Some(format!("{external_id}:{own}"))
            }
        }
    }

    fn offered(self, id: String, unread: &mut Vec<String>) -> OfferedVariant {
        let mut take = |what: &str, why: String| unread.push(format!("the {what} of {id}: {why}"));
        let told = self.at(RestField::VariantCost, RestField::Cost);
        let price = told.map_or(Ok(None), |value| {
            price(value, currency(self.contract, self.product))
        });
        let price = price.unwrap_or_else(|why| {
            take("price", why);
            None
        });
        let stock = self.stock().map(|told| {
            told.unwrap_or_else(|why| {
                take("stock", why);
                Stock::default()
            })
        });
        let name = self
            .variant
            .and_then(|v| text_at(self.contract, RestField::VariantName, v));
        OfferedVariant {
            sku: self.text(RestField::VariantSku, RestField::Sku),
            name,
            barcode: self.text(RestField::VariantBarcode, RestField::Barcode),
            price,
            stock,
            image: https(self.text(RestField::VariantImage, RestField::Image)),
            external_id: id,
            ..OfferedVariant::default()
        }
    }
}

/// Each variant with its id, once; a product without a list of variants is its only one.
fn each<'a>(
    contract: &'a RestContract,
    external_id: &str,
    product: &'a Value,
) -> Vec<(String, One<'a>)> {
    let one = |variant| One {
        contract,
        product,
        variant,
    };
    let Some(_) = contract.at(RestField::Variants) else {
        return vec![(external_id.to_owned(), one(None))];
    };
    let all = find(contract, RestField::Variants, product).and_then(Value::as_array);
    let mut seen = BTreeSet::new();
    let all = all.into_iter().flatten().filter_map(|variant| {
        let one = one(Some(variant));
        let id = one.id(external_id)?;
        seen.insert(id.clone()).then_some((id, one))
    });
    all.collect()
}

pub(crate) fn offered(
    contract: &RestContract,
    external_id: &str,
    product: &Value,
    can: impl Fn(Capability) -> bool,
) -> Offered {
    let mut unread = Vec::new();
    let sending = shipping(contract, product).unwrap_or_else(|why| {
        unread.push(format!("what sending it costs: {why}"));
        None
    });
    let variants = each(contract, external_id, product)
        .into_iter()
        .map(|(id, one)| OfferedVariant {
            shipping: sending.clone(),
            ..one.offered(id, &mut unread)
        });
    let variants = variants.collect();
    let text = |field| text_at(contract, field, product);
    Offered {
        external_id: external_id.to_owned(),
        title: text(RestField::Title),
        url: https(text(RestField::Url)),
        image: https(text(RestField::Image)),
        ships_from: country(contract, product),
        variants,
        without_prices: !can(Capability::Price),
        unread,
        ..Offered::default()
    }
}

/// One shelf a variant where its country is known; none where it is not, and the stock stands beside the variant.
pub(crate) fn shelves(
    contract: &RestContract,
    external_id: &str,
    product: &Value,
) -> Vec<VariantShelves> {
    let country = country(contract, product);
    let of = |(variant, one): (String, One<'_>)| {
        let stock = one.stock().and_then(Result::ok).unwrap_or_default();
        let shelf = country.clone().map(|country| Shelf {
            country,
            stock,
            verified: stock.presence != Presence::Unknown,
        });
        VariantShelves {
            variant,
            shelves: shelf.into_iter().collect(),
        }
    };
    each(contract, external_id, product)
        .into_iter()
        .map(of)
        .collect()
}
