//! An opportunity as a product that the shop could offer.

use super::facts::worth;
use super::{Approval, OpportunityError};
use crate::Ports;
use crate::changes::Fault;
use domain::changes::{DraftImage, DraftOption, DraftVariant, ProductDraft};
use domain::money::round_to_minor;
use domain::opportunity::Opportunity;
use domain::store::Store;
use domain::supplier::SupplierVariant;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

const LONGEST_TITLE: usize = 255;
const MOST_DESCRIPTION: usize = 10_000;

fn fault<T>(field: &str, message: impl Into<String>) -> Result<T, OpportunityError> {
    Err(OpportunityError::Invalid(vec![Fault::new(field, message)]))
}

/// What a supplier wrote is shown, and never read as markup.
fn paragraph(text: &str) -> String {
    let mut html = "<p>".to_owned();
    for c in text.trim().chars().take(MOST_DESCRIPTION) {
        match c {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    html.push_str("</p>");
    html
}

fn handle(title: &str, of: &Opportunity) -> String {
    if title.bytes().any(|b| b.is_ascii_alphanumeric()) {
        return String::new();
    }
    format!("product-{}", &of.id.0.simple().to_string()[..8])
}

fn called(variant: &SupplierVariant) -> String {
    let words = [&variant.name, &variant.sku].into_iter().flatten();
    let words = words.map(|w| w.trim()).find(|w| !w.is_empty());
    words.unwrap_or(&variant.key).to_owned()
}

/// Of the best offer, at one price.
pub(crate) async fn draft(
    ports: &Ports,
    store: &Store,
    of: &Opportunity,
    approval: &Approval,
) -> Result<ProductDraft, OpportunityError> {
    let Some(lead) = of.leads.first() else {
        return Err(OpportunityError::Gone);
    };
    let found = ports.suppliers.offers(store.scope, &[lead.product]).await?;
    let product = found.into_iter().next();
    let product = product.ok_or(OpportunityError::UnknownOffer)?;
    let price = match approval.price.or(of.price.value) {
        Some(price) if price > 0 => price,
        Some(_) => return fault("price", "is more than nothing"),
        None => return fault("price", format!("is needed: {}", of.price.why)),
    };
    let given = approval.title.as_deref().map(str::trim);
    let title = given.filter(|t| !t.is_empty()).unwrap_or(&of.title);
    let title: String = title.chars().take(LONGEST_TITLE).collect();
    let today = crate::ingest::calendar(store)?.day_of(ports.clock.now());
    let there: Vec<_> = product.variants.iter().filter(|v| !v.gone).collect();
    let currencies: BTreeSet<_> = there
        .iter()
        .filter_map(|v| Some(v.cost.as_ref()?.value.currency))
        .collect();
    let worth = worth(ports, store, currencies, today).await?;
    let mut variants = Vec::new();
    for variant in &there {
        let cost = variant.cost.as_ref().map(|told| told.value);
        let single = cost.and_then(|c| Some((c.range.single()?, c.currency)));
        let Some((amount, currency)) = single else {
            let message = format!(
                "{:?} has no single price: nobody can order at a range, or at none",
                called(variant)
            );
            return fault("variants", message);
        };
        let rate = if currency == store.currency {
            Some(Decimal::ONE)
        } else {
            worth.get(&currency).copied()
        };
        let cost = rate.and_then(|rate| amount.checked_mul(rate));
        variants.push(DraftVariant {
            values: if there.len() > 1 {
                vec![called(variant)]
            } else {
                Vec::new()
            },
            price,
            compare_at: None,
            unit_cost: cost.and_then(|c| round_to_minor(c, store.currency).ok()),
            sku: variant.sku.clone(),
        });
    }
    let options = if there.len() > 1 {
        vec![DraftOption {
            name: "Variant".to_owned(),
            values: there.iter().map(|v| called(v)).collect(),
        }]
    } else {
        Vec::new()
    };
    let image = product
        .image
        .as_deref()
        .filter(|url| url.starts_with("https://") && !url.contains(char::is_whitespace));
    Ok(ProductDraft {
        handle: handle(&title, of),
        description_html: product
            .description
            .as_deref()
            .map(paragraph)
            .unwrap_or_default(),
        product_type: product.category.clone().unwrap_or_default(),
        vendor: product.supplier.clone().unwrap_or_default(),
        options,
        variants,
        images: image
            .map(|url| DraftImage {
                url: url.to_owned(),
                alt: title.clone(),
            })
            .into_iter()
            .collect(),
        title,
        opportunity: Some(of.id),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_supplier_wrote_is_no_markup() {
        let shown = paragraph(" <script>a & \"b\"</script> ");
        assert_eq!(
            shown,
            "<p>&lt;script&gt;a &amp; &quot;b&quot;&lt;/script&gt;</p>"
        );
    }
}
