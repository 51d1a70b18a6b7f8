//! What suppliers' variants are in the store: suggested by their codes, taken over by people; and which campaigns still sell what a supplier does
//! not have any more.

use crate::ad_profit::{campaign, read, sale};
use crate::world::World;
use application::supply::{NewMapping, SeenSuggestion, Supply, SupplyError};
use domain::ads::{AdLevel, AdStatus};
use domain::audit::Actor;
use domain::ids::{ProductId, VariantId};
use domain::store::Store;
use domain::supplier::{Alert, MappingOrigin, OfferRow, Platform, SupplierProduct};
use ports::PageRequest;
use ports::source::Fact;
use ports::supplier_book::MappingFilter;
use testkit::builders::{ProductBuilder, VariantBuilder, heard, insight, offer_row};

const EAN: &str = "4006381333931";
const UPC: &str = "036000291452";

struct Shop {
    world: World,
    supply: Supply,
    store: Store,
}

impl Shop {
    /// A mug in three variants: by its barcode, by its SKU, and without what a supplier could know it by.
    async fn new(more: impl IntoIterator<Item = Fact>) -> Self {
        let world = World::new().await;
        let mug = ProductBuilder::new(1)
            .titled("Mug")
            .variant(
                VariantBuilder::new(1, 1_000)
                    .cost("4.00", "USD")
                    .barcode(UPC),
            )
            .variant(VariantBuilder::new(2, 1_000).sku("MUG-RED"))
            .variant(VariantBuilder::new(3, 1_000));
        world.shop.put(Fact::Product(Box::new(mug.build())));
        more.into_iter().for_each(|fact| world.shop.put(fact));
        world.synced().await;
        let store = world.changes.store(world.workspace, None).await.unwrap();
        let supply = world.supply();
        Self {
            world,
            supply,
            store,
        }
    }

    /// A product of a supplier with variants of these SKUs and barcodes.
    fn offered(&self, external: &str, codes: &[(&str, Option<&str>)]) -> SupplierProduct {
        let heard = heard(1);
        let row = |(sku, barcode): (&str, Option<&str>)| OfferRow {
            platform: Platform::Other,
            external_id: Some(external.to_owned()),
            sku: Some(sku.to_owned()),
            barcode: barcode.map(str::to_owned),
            ..offer_row(1, 4)
        };
        let mut product = SupplierProduct::of(self.store.scope, &row(codes[0]), &heard);
        for code in codes {
            product.hear(&row(*code), &heard);
        }
        product
    }

    async fn offers(&self, external: &str, codes: &[(&str, Option<&str>)]) -> SupplierProduct {
        let product = self.offered(external, codes);
        self.saved(&product).await;
        product
    }

    async fn saved(&self, product: &SupplierProduct) {
        let port = &self.world.ports.suppliers;
        let one = std::slice::from_ref(product);
        port.save_offers(self.store.scope, one, &[], &[])
            .await
            .unwrap();
    }

    async fn seen(&self) -> Vec<SeenSuggestion> {
        let all = self.supply.suggestions(&self.store).await.unwrap();
        let seen = all.into_iter().map(|s| SeenSuggestion {
            variant: s.found.variant,
            product: s.found.product,
            supplier_variant: s.found.supplier_variant,
        });
        seen.collect()
    }

    async fn mapped(&self) -> Vec<(i64, MappingOrigin)> {
        let any = MappingFilter::default();
        let page = PageRequest::first(9);
        let found = self
            .supply
            .mappings(&self.store, &any, &page)
            .await
            .unwrap();
        let all = found.items.into_iter();
        all.map(|m| (m.variant.0, m.origin)).collect()
    }

    async fn accepts(&self) -> usize {
        let filter = ports::audit::AuditFilter {
            action: Some("supplier_mapping.accept".to_owned()),
            ..ports::audit::AuditFilter::default()
        };
        let page = PageRequest::first(100);
        let port = &self.world.ports.audit;
        let found = port.entries(self.world.workspace, &filter, &page).await;
        found.unwrap().items.len()
    }
}

#[tokio::test]
async fn what_has_the_same_code_is_shown_with_its_reason_and_taken_over_at_once() {
    let shop = Shop::new([]).await;
    assert_eq!(shop.seen().await, []);
    shop.offers(
        "P1",
        &[("A-0001", Some("0036000291452")), ("mug red", None)],
    )
    .await;
    let told = shop.supply.suggestions(&shop.store).await.unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].found.barcode.as_deref(), Some("00036000291452"));
    assert_eq!(told[0].found.sku, None);
    assert_eq!(
        (told[1].found.sku.as_deref(), told[1].supplier.as_str()),
        (Some("mug red"), "Acme")
    );
    let seen = shop.seen().await;
    let by = Actor::system();
    let mut asked = seen.clone();
    asked.push(SeenSuggestion {
        variant: VariantId(3),
        ..seen[0].clone()
    });
    let done = shop
        .supply
        .accept_suggestions(&shop.store, &asked, &by)
        .await
        .unwrap();
    assert_eq!(done.mapped.len(), 2);
    // What is not suggested is left as it is, and told.
    assert_eq!(done.left, asked[2..]);
    assert_eq!(
        shop.mapped().await,
        [(1, MappingOrigin::Barcode), (2, MappingOrigin::Sku)]
    );
    assert_eq!(shop.accepts().await, 1);
    // Asked again it is the same answer as of anything that is not suggested, and nothing is written.
    let again = shop
        .supply
        .accept_suggestions(&shop.store, &seen, &by)
        .await
        .unwrap();
    assert_eq!((again.mapped.len(), again.left.len()), (0, 2));
    assert_eq!(shop.accepts().await, 1);
    assert_eq!(shop.seen().await, []);
}

#[tokio::test]
async fn it_is_found_at_the_end_of_a_large_catalogue() {
    let shop = Shop::new([]).await;
    let others = (0..5_200).map(|n| shop.offered(&format!("O{n}"), &[("other", None)]));
    let others: Vec<_> = others.collect();
    let port = &shop.world.ports.suppliers;
    port.save_offers(shop.store.scope, &others, &[], &[])
        .await
        .unwrap();
    // Catalogues are walked by number: one of the last.
    let red = (0..).map(|n| shop.offered(&format!("P{n}"), &[("MUG-RED", None)]));
    let red = red.into_iter().find(|p| p.id.0.as_bytes()[0] == 0xff);
    shop.saved(&red.unwrap()).await;
    assert_eq!(shop.seen().await.len(), 1);
}

#[tokio::test]
async fn what_a_person_mapped_or_took_away_is_not_suggested_and_not_written_over() {
    let shop = Shop::new([]).await;
    let offer = shop
        .offers("P1", &[("A-0001", Some(UPC)), ("mug red", None)])
        .await;
    let seen = shop.seen().await;
    assert_eq!(seen.len(), 2);
    let by = Actor::system();
    // A person knows better: the first is the other one's.
    let own = |variant, key: &str| NewMapping {
        variant: VariantId(variant),
        product: offer.id,
        supplier_variant: key.to_owned(),
        pieces: 2,
        origin: MappingOrigin::Person,
    };
    let first = shop.supply.map(&shop.store, own(1, "mug red"), &by);
    let first = first.await.unwrap();
    let second = shop.supply.map(&shop.store, own(2, "mug red"), &by);
    let second = second.await.unwrap();
    shop.supply
        .unmap(&shop.store, second.id, &by)
        .await
        .unwrap();
    assert_eq!(shop.seen().await, []);
    let done = shop
        .supply
        .accept_suggestions(&shop.store, &seen, &by)
        .await
        .unwrap();
    assert_eq!((done.mapped.len(), done.left.len()), (0, 2));
    let kept = shop.supply.mapping(shop.world.workspace, first.id);
    assert_eq!(kept.await.unwrap(), first);
    assert_eq!(shop.mapped().await, [(1, MappingOrigin::Person)]);
    let refused = shop.supply.suggested(&shop.store, &seen[0]).await;
    assert!(
        matches!(refused, Err(SupplyError::Invalid(_))),
        "{refused:?}"
    );
    let none = shop.supply.accept_suggestions(&shop.store, &[], &by).await;
    assert!(matches!(none, Err(SupplyError::Invalid(_))), "{none:?}");
}

#[tokio::test]
async fn a_listing_whose_supplier_is_out_names_the_campaigns_that_still_sell_it() {
    // Products 1 and 2 are sold by campaign 1, product 2 also by campaign 2, which is paused, and by campaign 3, which runs.
    let tent = ProductBuilder::new(2).variant(VariantBuilder::new(4, 1_000).barcode(EAN));
    let shop = Shop::new([
        Fact::Product(Box::new(tent.build())),
        sale(1, 1, "2026-06-20T15:00:00Z", 1, "meta", Some("1")),
        sale(2, 2, "2026-06-20T16:00:00Z", 2, "meta", Some("1")),
        sale(3, 3, "2026-06-21T15:00:00Z", 2, "meta", Some("2")),
        sale(4, 4, "2026-06-22T15:00:00Z", 2, "meta", Some("3")),
        sale(5, 5, "2026-06-23T15:00:00Z", 2, "meta", Some("3")),
        // Too long ago.
        sale(6, 6, "2026-05-02T15:00:00Z", 1, "meta", Some("3")),
    ])
    .await;
    let mut offer = shop
        .offers("P1", &[("A-0001", Some(UPC)), ("B-0001", Some(EAN))])
        .await;
    let seen = shop.seen().await;
    let by = Actor::system();
    let done = shop
        .supply
        .accept_suggestions(&shop.store, &seen, &by)
        .await
        .unwrap();
    assert_eq!(done.mapped.len(), 2);
    for variant in &mut offer.variants {
        variant.gone = true;
    }
    shop.saved(&offer).await;
    let told = shop.supply.touched(&shop.store).await.unwrap();
    assert_eq!(told.touched.len(), 2);
    assert_eq!(told.touched[0].alerts[0], Alert::Gone);
    assert_eq!(
        told.ads.why.as_deref(),
        Some("no ad account of this store is connected")
    );
    {
        let mut platform = shop.world.ad_platforms.told();
        let mut paused = campaign("2", "Paused");
        paused.status = AdStatus::Paused;
        platform.entities = vec![campaign("1", "Mugs"), paused, campaign("3", "Tents")];
        platform.days = ["1", "2", "3"]
            .map(|id| insight(AdLevel::Campaign, id, "2026-06-21", 5_000_000))
            .to_vec();
    }
    let run = read(&shop.world).await;
    assert!(run.error.is_none(), "{:?}", run.error);
    let told = shop.supply.touched(&shop.store).await.unwrap();
    assert_eq!(told.ads.why, None);
    let of = |product| {
        let all = told.ads.by_product.get(&ProductId(product)).into_iter();
        let all = all.flatten();
        all.map(|c| (c.campaign.name.as_str(), c.orders, c.units))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(1), [("Mugs", 1, 1)]);
    assert_eq!(of(2), [("Tents", 2, 2), ("Mugs", 1, 1)]);
}
