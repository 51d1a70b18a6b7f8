//! One real question, and what each pointer found: how somebody finds their pointers.

use crate::client::SupplierRest;
use crate::item::glimpse;
use crate::paths::shown;
use crate::values::{currency, days, find, price, stock, text};
use domain::supplier::{
    RestField, RestPart, RestRead, RestSample, RestTrial, Search, ShipTime, Stock,
};
use ports::{Kind, PortError, PortResult};
use serde_json::Value;

/// What is shown of a value.
const SHOWN: usize = 120;

fn cut(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(SHOWN)
        .collect();
    if kept.chars().count() < text.chars().count() {
        format!("{kept}…")
    } else {
        kept
    }
}

fn told(stock: Stock) -> String {
    use domain::supplier::Presence::{In, Out, Unknown};
    match (stock.quantity, stock.presence) {
        (Some(quantity), _) => format!("{quantity} in stock"),
        (None, In) => "in stock".to_owned(),
        (None, Out) => "out of stock".to_owned(),
        (None, Unknown) => "nothing is told".to_owned(),
    }
}

fn told_days(days: ShipTime) -> String {
    if days.min_days == days.max_days {
        format!("{} days", days.min_days)
    } else {
        format!("{} to {} days", days.min_days, days.max_days)
    }
}

/// What the list said before any product is looked at.
#[derive(Default)]
struct Seen {
    items: Option<usize>,
    goes_on: bool,
    /// The product by which fields are shown.
    product: Option<Value>,
}

impl SupplierRest {
    /// # Errors
    /// `Unauthorized` where the key is refused, `Configuration` where the address may not be called; what else stops it is told in the trial.
    pub async fn trial(&self, sample: &RestSample) -> PortResult<RestTrial> {
        let mut trial = RestTrial::default();
        let mut seen = Seen::default();
        if let Err(error) = self.look(sample, &mut trial, &mut seen).await {
            if matches!(
                error.kind,
                Kind::Unauthorized | Kind::Forbidden | Kind::Configuration
            ) {
                return Err(error);
            }
            trial.stopped = Some(error.detail);
        }
        trial.items = seen.items;
        trial.reads = self.reads(&seen);
        Ok(trial)
    }

    async fn look(
        &self,
        sample: &RestSample,
        trial: &mut RestTrial,
        seen: &mut Seen,
    ) -> Result<(), PortError> {
        let operation = "supplier.trial";
        let base = self.contract.base_url.as_str();
        let mut id = sample.product.clone();
        let asks_list = id.is_none() || !self.contract.reads_by_id();
        if let Some(path) = self.contract.paths.search.as_ref().filter(|_| asks_list) {
            let with = [
                ("query", sample.query.as_str()),
                ("page", "1"),
                ("cursor", ""),
                ("ships_from", ""),
            ];
            trial.asked.push(shown(base, path, &with));
            let search = Search {
                text: Some(sample.query.clone()).filter(|q| !q.is_empty()),
                ships_from: None,
                page: 1,
            };
            let listed = self.page(operation, &search).await?;
            let items = listed.as_ref().map_or(0, |l| l.items.len());
            seen.items = Some(items);
            seen.goes_on = listed.as_ref().is_some_and(|l| l.next.is_some());
            let Some(first) = listed.and_then(|l| l.items.into_iter().next()) else {
                trial.stopped = Some("the list is empty: try other words".to_owned());
                return Ok(());
            };
            id = glimpse(&self.contract, &first).map(|hit| hit.external_id);
            seen.product = Some(first);
        }
        let Some(path) = &self.contract.paths.product else {
            return Ok(());
        };
        let Some(id) = id else {
            trial.stopped =
                Some("without a list, the id of a product is needed to look at".to_owned());
            return Ok(());
        };
        trial.asked.push(shown(base, path, &[("id", &id)]));
        match self.document(operation, path, &id).await? {
            Some(product) => seen.product = Some(product),
            None => trial.stopped = Some(format!("there is no product {id}")),
        }
        Ok(())
    }

    fn reads(&self, seen: &Seen) -> Vec<RestRead> {
        let fields = RestField::ALL.into_iter();
        fields
            .filter_map(|field| {
                let pointer = self.contract.at(field)?.to_owned();
                let read = match field.part() {
                    RestPart::List => self.of_list(field, seen),
                    RestPart::Answer => match &seen.product {
                        Some(_) => Ok("a product".to_owned()),
                        None => Err("no product was found".to_owned()),
                    },
                    RestPart::Product => self.of_product(field, seen.product.as_ref()),
                    RestPart::Variant => self.of_variant(field, seen.product.as_ref()),
                };
                Some(RestRead {
                    field,
                    pointer,
                    read,
                })
            })
            .collect()
    }

    fn of_list(&self, field: RestField, seen: &Seen) -> Result<String, String> {
        let items = seen.items.ok_or_else(|| "no list was read".to_owned())?;
        match field {
            RestField::Items => Ok(format!("{items} products")),
            _ if seen.goes_on => Ok("there is a next page".to_owned()),
            _ => Ok("this is the last page".to_owned()),
        }
    }

    fn of_product(&self, field: RestField, product: Option<&Value>) -> Result<String, String> {
        let product = product.ok_or_else(|| "no product was found".to_owned())?;
        let value =
            find(&self.contract, field, product).ok_or_else(|| "it finds nothing".to_owned())?;
        self.value(field, value, product)
    }

    fn of_variant(&self, field: RestField, product: Option<&Value>) -> Result<String, String> {
        let product = product.ok_or_else(|| "no product was found".to_owned())?;
        let all = find(&self.contract, RestField::Variants, product).and_then(Value::as_array);
        let first = all
            .and_then(|all| all.first())
            .ok_or_else(|| "there is no variant".to_owned())?;
        let value =
            find(&self.contract, field, first).ok_or_else(|| "it finds nothing".to_owned())?;
        self.value(field, value, product)
    }

    fn value(&self, field: RestField, value: &Value, product: &Value) -> Result<String, String> {
        if value.is_null() {
            return Err("nothing is told there".to_owned());
        }
        match field {
            RestField::Cost | RestField::VariantCost | RestField::ShippingCost => {
                let read = price(value, currency(&self.contract, product))?;
                let read = read.ok_or_else(|| "nothing is told there".to_owned())?;
                Ok(format!("{} {}", read.range.low, read.currency))
            }
            RestField::Currency => currency(&self.contract, product).map(|c| c.to_string()),
            RestField::Stock | RestField::VariantStock => {
                stock(value, self.contract.stock_yes_or_no).map(told)
            }
            RestField::ShipDaysMin | RestField::ShipDaysMax => {
                let read = days(Some(value), None)?;
                read.map(told_days)
                    .ok_or_else(|| "nothing is told there".to_owned())
            }
            RestField::Variants => match value.as_array() {
                Some(all) => Ok(format!("{} variants", all.len())),
                None => Err("is no list".to_owned()),
            },
            RestField::Url | RestField::Image | RestField::VariantImage => match text(value) {
                Some(url) if url.starts_with("https://") => Ok(cut(&url)),
                Some(_) => Err("is no address that begins with https://".to_owned()),
                None => Err("is no text".to_owned()),
            },
            _ => text(value)
                .map(|t| cut(&t))
                .ok_or_else(|| "is no text".to_owned()),
        }
    }
}
