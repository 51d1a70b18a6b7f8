//! What of a contract of one's own is taken, and what is told as a fault of which field.

use super::*;

fn contract() -> RestContract {
    let map = [
        (RestField::Items, "/products"),
        (RestField::NextPage, "/meta/next"),
        (RestField::Id, "/id"),
        (RestField::Cost, "/price"),
        (RestField::Stock, "/inventory"),
        (RestField::ShipDaysMin, "/shipping/min"),
    ];
    RestContract {
        base_url: "https://api.example.com/v1".to_owned(),
        auth_header: "Authorization".to_owned(),
        auth_prefix: "Bearer ".to_owned(),
        paths: RestPaths {
            search: Some("/products?search={query}&page={page}".to_owned()),
            product: Some("/products/{id}".to_owned()),
        },
        map: map.map(|(f, p)| (f, p.to_owned())).into(),
        ..RestContract::default()
    }
}

fn fields(contract: RestContract) -> Vec<String> {
    let faults = contract.sound().unwrap_err();
    faults.into_iter().map(|f| f.field).collect()
}

#[test]
fn a_sound_contract_is_kept_without_blanks() {
    let mut told = contract();
    told.base_url = " https://api.example.com/v1 ".to_owned();
    told.ships_from = Some("us".to_owned());
    let kept = told.sound().unwrap();
    assert_eq!(kept.base_url, "https://api.example.com/v1");
    assert_eq!(kept.ships_from.as_deref(), Some("US"));
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(serde_json::from_str::<RestContract>(&text).unwrap(), kept);
}

#[test]
fn what_is_wrong_is_told_by_its_field() {
    let wrong = |change: fn(&mut RestContract)| {
        let mut told = contract();
        change(&mut told);
        fields(told)
    };
    assert_eq!(wrong(|c| c.base_url.clear()), ["base_url"]);
    assert_eq!(
        wrong(|c| c.base_url = "ftp://example.com".to_owned()),
        ["base_url"]
    );
    assert_eq!(
        wrong(|c| c.auth_header = "X Key".to_owned()),
        ["auth_header"]
    );
    assert_eq!(
        wrong(|c| c.auth_header = "Host".to_owned()),
        ["auth_header"]
    );
    assert_eq!(
        wrong(|c| c.auth_prefix = "Bearer\n".to_owned()),
        ["auth_prefix"]
    );
    assert_eq!(
        wrong(|c| c.ships_from = Some("USA".to_owned())),
        ["ships_from"]
    );
    for path in [
        "products",
        "//evil.example/{query}",
        "/a/../{query}",
        "/p?x={what}",
        "/p?x={page",
        "/p?page={page}&cursor={cursor}",
        "/p#x",
    ] {
        let mut told = contract();
        told.paths.search = Some(path.to_owned());
        assert_eq!(fields(told), ["paths.search"], "{path}");
    }
    assert_eq!(
        wrong(|c| c.paths.product = Some("/products".to_owned())),
        ["paths.product"]
    );
    assert_eq!(wrong(|c| c.paths = RestPaths::default()), ["paths.search"]);
    for pointer in ["price", "$.price", "/a~2", "/a~"] {
        let mut told = contract();
        told.map.insert(RestField::Cost, pointer.to_owned());
        assert_eq!(fields(told), ["map.cost"], "{pointer}");
    }
    let without = |field: RestField| {
        let mut told = contract();
        told.map.remove(&field);
        fields(told)
    };
    assert_eq!(without(RestField::Id), ["map.id"]);
    assert_eq!(without(RestField::Items), ["map.items"]);
    assert_eq!(
        wrong(|c| {
            c.paths.search = Some("/p?after={cursor}".to_owned());
            c.map.remove(&RestField::NextPage);
        }),
        ["map.next_page"]
    );
    assert_eq!(
        wrong(|c| {
            c.map.insert(RestField::Variants, "/variants".to_owned());
        }),
        ["map.variant_id"]
    );
    assert_eq!(
        wrong(|c| {
            c.map.insert(RestField::VariantCost, "/cost".to_owned());
        }),
        ["map.variant_cost"]
    );
}

#[test]
fn what_has_no_path_or_no_pointer_is_not_done_and_orders_stay_the_platforms() {
    use Capability::{CallOff, Discover, PlaceOrder, Price, Shipping, Stock, Tracking};
    let spocket = |contract: &RestContract, of| contract.ability(Platform::Spocket, of);
    let whole = contract();
    for of in [Discover, Price, Stock, Shipping] {
        assert_eq!(spocket(&whole, of), Ability::Api);
    }
    assert_eq!(spocket(&whole, PlaceOrder), Ability::Delegated);
    assert_eq!(spocket(&whole, Tracking), Ability::Observed);
    assert_eq!(spocket(&whole, CallOff), Ability::None);
    let without = |field, of| {
        let mut told = contract();
        told.map.remove(&field);
        spocket(&told, of)
    };
    assert_eq!(without(RestField::Cost, Price), Ability::None);
    assert_eq!(without(RestField::Stock, Stock), Ability::None);
    assert_eq!(without(RestField::ShipDaysMin, Shipping), Ability::None);
    let mut told = contract();
    told.paths.search = None;
    told.stock_yes_or_no = true;
    assert_eq!(spocket(&told, Discover), Ability::None);
    assert_eq!(spocket(&told, Stock), Ability::ApiYesOrNo);
    assert!(!RestContract::fits(Platform::Printful));
}

#[test]
fn each_field_has_a_name_of_its_own() {
    for field in RestField::ALL {
        assert_eq!(RestField::parse(field.as_str()), Some(field));
        assert_eq!(
            serde_json::to_value(field).unwrap(),
            serde_json::json!(field.as_str())
        );
    }
}
