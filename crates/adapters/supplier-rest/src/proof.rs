//! Which pointers have found something yet. An interface that became another one is told by the pointer that finds nothing, before what is
//! known is read over.

use crate::values::{find, says};
use domain::supplier::{RestContract, RestField, RestPart};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A field that may be absent, and was in so many products without one that had it, is nowhere.
const ENOUGH: u32 = 5;

/// Read over, it would replace what is known: until it was found once its absence is no word of the supplier's.
const STRICT: [RestField; 7] = [
    RestField::Id,
    RestField::Cost,
    RestField::Stock,
    RestField::Variants,
    RestField::VariantId,
    RestField::VariantCost,
    RestField::VariantStock,
];
/// Variants are told apart by them: a place that is not there at all is no empty one.
const NAMES: [RestField; 2] = [RestField::Sku, RestField::VariantSku];

#[derive(Debug, Default)]
pub(crate) struct Proof {
    found: BTreeSet<RestField>,
    missed: BTreeMap<RestField, u32>,
}

pub(crate) fn nothing(contract: &RestContract, field: RestField) -> String {
    let pointer = contract.at(field).unwrap_or_default();
    format!("the pointer {pointer} of {} finds nothing", field.as_str())
}

fn is_strict(contract: &RestContract, field: RestField) -> bool {
    // A price without a currency of its own has that of the contract.
    STRICT.contains(&field) || (field == RestField::Currency && contract.currency.is_none())
}

impl Proof {
    /// What the pointers of products and variants find in one product.
    fn look<'a>(
        contract: &'a RestContract,
        product: &'a Value,
    ) -> impl Iterator<Item = (RestField, Vec<Option<&'a Value>>)> {
        let variants = find(contract, RestField::Variants, product);
        let variants = variants.and_then(Value::as_array);
        contract
            .map
            .keys()
            .filter_map(move |field| match field.part() {
                RestPart::Product => Some((*field, vec![find(contract, *field, product)])),
                RestPart::Variant => {
                    // Without a variant nothing is said about its fields.
                    let all = variants.filter(|all| !all.is_empty())?;
                    Some((
                        *field,
                        all.iter().map(|v| find(contract, *field, v)).collect(),
                    ))
                }
                RestPart::List | RestPart::Answer => None,
            })
    }

    /// Takes what is found, and asks for nothing.
    pub(crate) fn note(&mut self, contract: &RestContract, product: &Value) {
        for (field, there) in Self::look(contract, product) {
            if there.iter().any(|value| says(*value)) {
                self.found.insert(field);
            }
        }
    }

    /// The first field that has to be found and was not yet.
    pub(crate) fn missing(&self, contract: &RestContract, among: &[&Value]) -> Option<RestField> {
        let seen: BTreeSet<RestField> = among
            .iter()
            .flat_map(|product| Self::look(contract, product).map(|(field, _)| field))
            .collect();
        seen.into_iter()
            .find(|field| is_strict(contract, *field) && !self.found.contains(field))
    }

    /// Before a product is taken over.
    ///
    /// # Errors
    /// Which pointer finds nothing.
    pub(crate) fn look_at(
        &mut self,
        contract: &RestContract,
        product: &Value,
    ) -> Result<(), String> {
        self.note(contract, product);
        for (field, there) in Self::look(contract, product) {
            let is_strict = is_strict(contract, field);
            let is_absent = there.iter().all(Option::is_none);
            if is_absent && (is_strict || NAMES.contains(&field)) {
                return Err(nothing(contract, field));
            }
            if self.found.contains(&field) {
                self.missed.remove(&field);
                continue;
            }
            if is_strict {
                return Err(nothing(contract, field));
            }
            // What is told as nothing is told.
            if is_absent {
                let missed = self.missed.entry(field).or_default();
                *missed += 1;
                if *missed >= ENOUGH {
                    return Err(format!("{} in {missed} products", nothing(contract, field)));
                }
            }
        }
        Ok(())
    }

    /// Before a list is taken that alone tells its products.
    ///
    /// # Errors
    /// Which pointer finds nothing in all of them.
    pub(crate) fn look_at_all(
        &mut self,
        contract: &RestContract,
        items: &[Value],
    ) -> Result<(), String> {
        for item in items {
            self.note(contract, item);
        }
        let many = u32::try_from(items.len()).unwrap_or(u32::MAX) >= ENOUGH;
        let among: Vec<_> = items.iter().collect();
        let missing = self.missing(contract, &among).or_else(|| {
            let mut fields = contract
                .map
                .keys()
                .filter(|f| f.part() == RestPart::Product);
            fields
                .find(|field| {
                    let absent = |item: &Value| find(contract, **field, item).is_none();
                    many && !self.found.contains(field) && items.iter().all(absent)
                })
                .copied()
        });
        missing.map_or(Ok(()), |field| {
            Err(format!(
                "{} in all {} products of a page",
                nothing(contract, field),
                items.len()
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn contract() -> RestContract {
        let map = [
            (RestField::Id, "/id"),
            (RestField::Cost, "/price"),
            (RestField::Image, "/image"),
        ];
        RestContract {
            map: map.map(|(f, p)| (f, p.to_owned())).into(),
            ..RestContract::default()
        }
    }

    #[test]
    fn a_price_that_was_never_found_is_no_absent_price() {
        let (contract, mut proof) = (contract(), Proof::default());
        let null = json!({"id": 1, "price": null, "image": "x"});
        let why = proof.look_at(&contract, &null).unwrap_err();
        assert_eq!(why, "the pointer /price of cost finds nothing");
        let whole = json!({"id": 1, "price": 5, "image": "x"});
        assert_eq!(proof.look_at(&contract, &whole), Ok(()));
        assert_eq!(proof.look_at(&contract, &null), Ok(()));
        let moved = json!({"id": 1, "image": "x"});
        assert!(proof.look_at(&contract, &moved).is_err());
    }

    #[test]
    fn what_may_be_absent_is_nowhere_after_some_products() {
        let (contract, mut proof) = (contract(), Proof::default());
        let bare = json!({"id": 1, "price": 5});
        for _ in 1..ENOUGH {
            assert_eq!(proof.look_at(&contract, &bare), Ok(()));
        }
        let why = proof.look_at(&contract, &bare).unwrap_err();
        assert_eq!(
            why,
            "the pointer /image of image finds nothing in 5 products"
        );
    }

    #[test]
    fn one_product_of_a_page_that_has_it_proves_a_pointer() {
        let (contract, mut proof) = (contract(), Proof::default());
        let page = [
            json!({"id": 1, "price": null}),
            json!({"id": 2, "price": 5}),
        ];
        assert_eq!(proof.look_at_all(&contract, &page), Ok(()));
        let moved = [json!({"id": 1, "cost": 1}), json!({"id": 2, "cost": 5})];
        let mut fresh = Proof::default();
        let why = fresh.look_at_all(&contract, &moved).unwrap_err();
        assert_eq!(
            why,
            "the pointer /price of cost finds nothing in all 2 products of a page"
        );
    }
}
