//! Reading one product: what it costs, what lies where, and what sending it to the store's main countries costs.

use chrono::{DateTime, Duration, Utc};
use domain::ids::StoreScope;
use domain::supplier::{
    Heard, Offered, PlaceLine, Platform, QuoteFor, SupplierProduct, Taken, Teller, VariantShelves,
    cheapest, sent_from,
};
use ports::supplier_platforms::SupplierSource;
use ports::{Kind, PortError, PortResult};
use std::collections::BTreeMap;

/// What sending costs moves slowly, and each answer costs points: it is asked again after so long.
const QUOTES_LAST: Duration = Duration::days(7);

/// For whom is read.
pub(super) struct Reader<'a> {
    pub scope: StoreScope,
    pub platform: Platform,
    pub source: &'a dyn SupplierSource,
    /// ISO 3166-1 alpha-2, the most important first.
    pub countries: &'a [String],
    /// Whether stock is asked for; what is known of it from elsewhere stays where it is not.
    pub asks_stock: bool,
    /// Whether what sending costs is asked for by country; else it stands beside the price, if anywhere.
    pub asks_sending: bool,
}

/// A product as it is now, with what is news about it.
pub(super) struct Read {
    pub product: SupplierProduct,
    pub taken: Taken,
    /// What could not be read of it.
    pub unread: Vec<String>,
    /// The supplier's quota ended before all was asked: what is here is sound, and no more can be read now.
    pub stopped: Option<PortError>,
}

/// The supplier's own words of what it was not able to tell.
struct Told {
    offered: Offered,
    stock: Option<Vec<VariantShelves>>,
}

impl Reader<'_> {
    /// `None`: it is not known to the supplier, and never was here.
    pub(super) async fn read(
        &self,
        external_id: &str,
        known: Option<SupplierProduct>,
        by: Teller,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Read>> {
        let heard = Heard {
            observed_at: now,
            by,
        };
        let told = self.told(external_id).await?;
        let Some(told) = told else {
            return Ok(known.map(|mut product| Read {
                taken: product.vanish(&heard),
                product,
                unread: Vec::new(),
                stopped: None,
            }));
        };
        let mut product = known.unwrap_or_else(|| {
            SupplierProduct::named(self.scope, self.platform, external_id, &heard)
        });
        let taken = product.take(&told.offered, told.stock.as_deref(), &heard);
        let stopped = match self.quote(&mut product, &heard).await {
            Ok(()) => None,
            Err(error) if error.kind == Kind::RateLimited => Some(error),
            Err(error) => return Err(error),
        };
        Ok(Some(Read {
            product,
            taken,
            unread: told.offered.unread,
            stopped,
        }))
    }

    async fn told(&self, external_id: &str) -> PortResult<Option<Told>> {
        let Some(offered) = self.source.product(external_id).await? else {
            return Ok(None);
        };
        if offered.on_sale == Some(false) {
            return Ok(Some(Told {
                offered,
                stock: None,
            }));
        }
        if !self.asks_stock {
            return Ok(Some(Told {
                offered,
                stock: None,
            }));
        }
        let stock = self.source.stock(external_id).await?;
        Ok(Some(Told {
            offered,
            stock: Some(stock.unwrap_or_default()),
        }))
    }

    /// Variants of one weight that are sent from one country cost the same to send: they are asked about once.
    async fn quote(&self, product: &mut SupplierProduct, heard: &Heard) -> PortResult<()> {
        if !self.asks_sending {
            return Ok(());
        }
        for to in self.countries {
            let mut alike: BTreeMap<(String, String), Vec<(String, String)>> = BTreeMap::new();
            for variant in product.variants.iter().filter(|v| !v.gone) {
                let Some(from) = sent_from(&variant.shelves, to) else {
                    continue;
                };
                let weight = match &variant.weight {
                    Some(weight) => weight.clone(),
                    None if self.platform.sends_variants_alike() => String::new(),
                    None if self.platform.tells_sending_with_the_price() => variant.key.clone(),
                    None => continue,
                };
                let Some(id) = &variant.external_id else {
                    continue;
                };
                let group = (from.to_owned(), weight);
                let one = (variant.key.clone(), id.clone());
                alike.entry(group).or_default().push(one);
            }
            if product.ships_from.is_none() {
                product.ships_from = alike.keys().next().map(|(from, _)| from.clone());
            }
            for ((from, _), variants) in alike {
                let fresh = |key: &String| {
                    let asked = product.quoted_at(key, to);
                    asked.is_some_and(|at| heard.observed_at - at < QUOTES_LAST)
                };
                if variants.iter().all(|(key, _)| fresh(key)) {
                    continue;
                }
                let of = QuoteFor {
                    from,
                    to: to.clone(),
                    postcode: None,
                    lines: variants
                        .first()
                        .map(|(_, id)| PlaceLine {
                            variant: id.clone(),
                            quantity: 1,
                        })
                        .into_iter()
                        .collect(),
                };
                let quotes = match self.source.quotes(&of).await {
                    Ok(quotes) => quotes,
                    // A place that it knows nothing of is one that it does not send to.
                    Err(error) if matches!(error.kind, Kind::Rejected | Kind::NotFound) => {
                        Vec::new()
                    }
                    Err(error) => return Err(error),
                };
                for (key, _) in &variants {
                    product.take_quote(key, to, cheapest(&quotes), heard);
                }
            }
        }
        Ok(())
    }
}
