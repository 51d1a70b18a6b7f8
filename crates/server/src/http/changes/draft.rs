//! A product that is to be prepared, as the API reads it.

use super::edit::Wrong;
use domain::changes::{DraftImage, DraftOption, DraftVariant, ProductDraft};
use domain::money::{Currency, Money};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeProductDraft)]
pub(crate) struct DraftBody {
    title: String,
    /// Its place in addresses; made from the title when left out.
    handle: Option<String>,
    description_html: Option<String>,
    product_type: Option<String>,
    vendor: Option<String>,
    /// At most three; none for a product that is sold in one form only.
    #[serde(default)]
    options: Vec<OptionBody>,
    variants: Vec<VariantBody>,
    #[serde(default)]
    images: Vec<ImageBody>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeDraftOption)]
pub(crate) struct OptionBody {
    name: String,
    values: Vec<String>,
}

/// Amounts are decimal strings in the store's currency.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeDraftVariant)]
pub(crate) struct VariantBody {
    /// One for each option, in the order of the options.
    #[serde(default)]
    values: Vec<String>,
    price: String,
    compare_at_price: Option<String>,
    unit_cost: Option<String>,
    sku: Option<String>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeDraftImage)]
pub(crate) struct ImageBody {
    /// From where the shop fetches it: an address with `https`.
    url: String,
    /// What it shows, for those who do not see it.
    alt: Option<String>,
}

impl DraftBody {
    pub(super) fn read(&self, currency: Currency) -> Result<ProductDraft, Wrong> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let variants: Result<Vec<_>, Wrong> =
            self.variants.iter().map(|v| v.read(currency)).collect();
        Ok(ProductDraft {
            handle: text(&self.handle),
            title: self.title.clone(),
            description_html: text(&self.description_html),
            product_type: text(&self.product_type),
            vendor: text(&self.vendor),
            options: self
                .options
                .iter()
                .map(|o| DraftOption {
                    name: o.name.clone(),
                    values: o.values.clone(),
                })
                .collect(),
            variants: variants?,
            images: self
                .images
                .iter()
                .map(|i| DraftImage {
                    url: i.url.clone(),
                    alt: text(&i.alt),
                })
                .collect(),
            opportunity: None,
        })
    }
}

impl VariantBody {
    fn read(&self, currency: Currency) -> Result<DraftVariant, Wrong> {
        let money = |text: &str| match Money::parse(text, currency) {
            Ok(money) => Ok(money.minor),
            Err(error) => Err(("variants", error.to_string())),
        };
        let maybe = |text: &Option<String>| text.as_deref().map(money).transpose();
        let sku = self.sku.as_deref().map(str::trim).filter(|s| !s.is_empty());
        Ok(DraftVariant {
            values: self.values.clone(),
            price: money(&self.price)?,
            compare_at: maybe(&self.compare_at_price)?,
            unit_cost: maybe(&self.unit_cost)?,
            sku: sku.map(str::to_owned),
        })
    }
}
