//! The wish to prepare a product.

use super::Changes;
use super::edits::{Outcome, wrong};
use domain::changes::plan::Wanted;
use domain::changes::{Action, DraftVariant, ProductDraft};
use domain::store::Store;
use ports::PageRequest;
use ports::PortResult;
use ports::catalog::ProductQuery;
use ports::page::MAX_LIMIT;
use std::collections::BTreeSet;

const LONGEST_TITLE: usize = 255;
const LONGEST_HANDLE: usize = 255;
const LONGEST_DESCRIPTION: usize = 60_000;
const LONGEST_WORD: usize = 255;
/// The provider's own limit.
const MOST_OPTIONS: usize = 3;
/// Fewer than the provider takes: more are made with its own tools.
const MOST_VARIANTS: usize = 100;
const MOST_IMAGES: usize = 20;

pub(crate) type Wrong = (&'static str, String);

impl Changes {
    pub(super) async fn draft(&self, store: &Store, wish: &ProductDraft) -> PortResult<Outcome> {
        let draft = match tidy(wish) {
            Ok(draft) => draft,
            Err(wrong) => return Ok(Err(wrong)),
        };
        if self.is_taken(store, &draft.handle).await? {
            let message = format!("{:?} is that of another product", draft.handle);
            return Ok(wrong("handle", message));
        }
        Ok(Ok(Wanted {
            label: draft.title.clone(),
            action: Action::ProductDraft(draft),
        }))
    }

    async fn is_taken(&self, store: &Store, handle: &str) -> PortResult<bool> {
        let (query, mut page) = (ProductQuery::default(), PageRequest::first(MAX_LIMIT));
        loop {
            let found = self.ports.catalog.list(store.scope, &query, &page).await?;
            if found.items.iter().any(|p| p.product.handle == handle) {
                return Ok(true);
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(false);
            }
        }
    }
}

/// With a handle, without space around words; or the first thing that is wrong with it.
pub(crate) fn tidy(wish: &ProductDraft) -> Result<ProductDraft, Wrong> {
    let mut draft = wish.clone();
    draft.title = word("title", &wish.title, LONGEST_TITLE)?;
    if draft.title.is_empty() {
        return Err(("title", "is needed".to_owned()));
    }
    draft.handle = handle(if wish.handle.trim().is_empty() {
        &draft.title
    } else {
        &wish.handle
    })?;
    draft.product_type = word("product_type", &wish.product_type, LONGEST_WORD)?;
    draft.vendor = word("vendor", &wish.vendor, LONGEST_WORD)?;
    if wish.description_html.len() > LONGEST_DESCRIPTION {
        let message = format!("has at most {LONGEST_DESCRIPTION} bytes");
        return Err(("description_html", message));
    }
    check_options(&draft)?;
    check_variants(&draft)?;
    check_images(&draft)?;
    Ok(draft)
}

fn word(field: &'static str, text: &str, longest: usize) -> Result<String, Wrong> {
    let text = text.trim();
    if text.chars().count() > longest {
        return Err((field, format!("has at most {longest} characters")));
    }
    Ok(text.to_owned())
}

/// `Blue Mug (large)` is `blue-mug-large`.
fn handle(text: &str) -> Result<String, Wrong> {
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_ascii_lowercase);
    let handle = words.collect::<Vec<_>>().join("-");
    if handle.is_empty() || handle.len() > LONGEST_HANDLE {
        let message = format!("needs from 1 to {LONGEST_HANDLE} small letters, digits and hyphens");
        return Err(("handle", message));
    }
    Ok(handle)
}

fn check_options(draft: &ProductDraft) -> Result<(), Wrong> {
    let fault = |message: &str| Err(("options", message.to_owned()));
    if draft.options.len() > MOST_OPTIONS {
        return fault("are at most 3");
    }
    let names: BTreeSet<_> = draft.options.iter().map(|o| o.name.trim()).collect();
    if names.len() < draft.options.len() || names.contains("") {
        return fault("have names, each its own");
    }
    for option in &draft.options {
        let values: BTreeSet<_> = option.values.iter().map(|v| v.trim()).collect();
        if values.len() < option.values.len() || values.is_empty() || values.contains("") {
            return fault("have values, each its own");
        }
    }
    Ok(())
}

fn check_variants(draft: &ProductDraft) -> Result<(), Wrong> {
    let fault = |message: String| Err(("variants", message));
    let most = if draft.options.is_empty() {
        1
    } else {
        MOST_VARIANTS
    };
    if !(1..=most).contains(&draft.variants.len()) {
        return fault(format!("are from 1 to {most}"));
    }
    let mut forms = BTreeSet::new();
    for variant in &draft.variants {
        if !fits(draft, variant) {
            return fault("have one value of each option".to_owned());
        }
        if !forms.insert(&variant.values) {
            return fault("have each another choice of values".to_owned());
        }
        let amounts = [Some(variant.price), variant.compare_at, variant.unit_cost];
        if amounts.into_iter().flatten().any(|amount| amount < 0) {
            return fault("have no negative amounts".to_owned());
        }
        let sku = variant.sku.as_deref().unwrap_or_default();
        if sku.chars().count() > LONGEST_WORD {
            return fault(format!("have SKUs of at most {LONGEST_WORD} characters"));
        }
    }
    Ok(())
}

fn fits(draft: &ProductDraft, variant: &DraftVariant) -> bool {
    let pairs = draft.options.iter().zip(&variant.values);
    variant.values.len() == draft.options.len()
        && pairs
            .into_iter()
            .all(|(option, value)| option.values.contains(value))
}

fn check_images(draft: &ProductDraft) -> Result<(), Wrong> {
    if draft.images.len() > MOST_IMAGES {
        return Err(("images", format!("are at most {MOST_IMAGES}")));
    }
    // The shop fetches them; nothing of ours does.
    let is_address = |url: &str| url.starts_with("https://") && !url.contains(char::is_whitespace);
    match draft.images.iter().find(|i| !is_address(&i.url)) {
        Some(image) => Err((
            "images",
            format!("{:?} does not begin with https://", image.url),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::changes::{DraftImage, DraftOption};

    fn wish() -> ProductDraft {
        ProductDraft {
            handle: String::new(),
            title: " Blue Mug (large) ".into(),
            description_html: "<p>Blue.</p>".into(),
            product_type: String::new(),
            vendor: String::new(),
            options: vec![DraftOption {
                name: "Size".into(),
                values: vec!["S".into(), "L".into()],
            }],
            variants: ["S", "L"].map(|v| variant(&[v])).into(),
            images: vec![DraftImage {
                url: "https://example.com/mug.jpg".into(),
                alt: String::new(),
            }],
            opportunity: None,
        }
    }

    fn variant(values: &[&str]) -> DraftVariant {
        DraftVariant {
            values: values.iter().map(|v| (*v).to_owned()).collect(),
            price: 1_900,
            compare_at: None,
            unit_cost: Some(700),
            sku: None,
        }
    }

    #[test]
    fn a_draft_has_a_handle_and_variants_that_fit_its_options() {
        let draft = tidy(&wish()).unwrap();
        assert_eq!(draft.handle, "blue-mug-large");
        assert_eq!(draft.title, "Blue Mug (large)");
        let wrong = |change: fn(&mut ProductDraft)| {
            let mut draft = wish();
            change(&mut draft);
            tidy(&draft).unwrap_err().0
        };
        assert_eq!(wrong(|d| d.title = " ".into()), "title");
        assert_eq!(wrong(|d| d.handle = "!?".into()), "handle");
        assert_eq!(wrong(|d| d.variants.clear()), "variants");
        assert_eq!(wrong(|d| d.variants.push(variant(&["S"]))), "variants");
        assert_eq!(wrong(|d| d.variants[0].values.clear()), "variants");
        assert_eq!(wrong(|d| d.variants[0].price = -1), "variants");
        assert_eq!(wrong(|d| d.options[0].values.clear()), "options");
        assert_eq!(wrong(|d| d.options[0].name = String::new()), "options");
        assert_eq!(wrong(|d| d.images[0].url = "file:///x".into()), "images");
        let mut plain = wish();
        plain.options.clear();
        plain.variants = vec![variant(&[])];
        assert!(tidy(&plain).is_ok());
    }
}
