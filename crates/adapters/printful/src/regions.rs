//! Where Printful sells: regions, of which some are one country.

/// The country of a region's shelf: a country by its own code, North America by the country where Printful's own works there are, Europe by
/// the code that ISO 3166-1 keeps for the European Union. `None`: a region that stands for no place.
pub(crate) fn country(region: &str) -> Option<&'static str> {
    Some(match region {
        "north_america" => "US",
        "canada" => "CA",
        "europe" => "EU",
        "spain" => "ES",
        "latvia" => "LV",
        "uk" => "GB",
        "france" => "FR",
        "germany" => "DE",
        "italy" => "IT",
        "australia" => "AU",
        "japan" => "JP",
        "new_zealand" => "NZ",
        "brazil" => "BR",
        "republic_of_korea" => "KR",
        _ => return None,
    })
}

const REGIONS: [&str; 14] = [
    "north_america",
    "canada",
    "europe",
    "spain",
    "latvia",
    "uk",
    "france",
    "germany",
    "italy",
    "australia",
    "japan",
    "new_zealand",
    "brazil",
    "republic_of_korea",
];

/// The region that a search for what lies in a country asks for.
pub(crate) fn region(of: &str) -> Option<&'static str> {
    REGIONS.into_iter().find(|r| country(r) == Some(of))
}

/// Where rates are asked for with a state, and none is known: any will do, since the price list has one rate for a country. What an order
/// costs in truth is compared before it is confirmed.
pub(crate) fn some_state(country: &str) -> Option<&'static str> {
    match country {
        "US" => Some("CA"),
        "CA" => Some("ON"),
        "AU" => Some("NSW"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_countries_name_each_other() {
        for name in REGIONS {
            let code = country(name).unwrap();
            assert_eq!(region(code), Some(name));
        }
        assert_eq!(country("worldwide"), None);
        assert_eq!(country("southeast_asia"), None);
        assert_eq!(region("CN"), None);
    }
}
