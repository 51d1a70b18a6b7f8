//! Where buyers live and what is taxed there. Prices exclude tax in North America and include it elsewhere.

#[derive(Debug, Clone)]
pub struct Place {
    pub city: &'static str,
    pub province: &'static str,
    pub province_code: &'static str,
    pub country: &'static str,
    pub country_code: &'static str,
    pub zip: &'static str,
    pub taxes: &'static [(&'static str, u32)],
    pub included: bool,
    pub tax_on_shipping: bool,
    pub weight: u64,
    /// The buyers' currency and what one unit of the shop's costs in it, in millionths; none where it is the shop's own.
    pub money: Option<(&'static str, u32)>,
}

impl Place {
    pub fn rates(&self) -> [u32; 2] {
        [0, 1].map(|i| self.taxes.get(i).map_or(0, |t| t.1))
    }
}

type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, u32)],
    u8,
    u64,
);

const EUR: Option<(&str, u32)> = Some(("EUR", 921_300));
/// Flags of a row.
const INCLUDED: u8 = 1;
const SHIPPING: u8 = 2;
const BOTH: u8 = 3;

const ROWS: [Row; 34] = [
    ("New York", "New York", "NY", "United States", "US", "10012", &[("New York State Tax", 40_000), ("New York City Tax", 45_000)], SHIPPING, 90),
    ("Brooklyn", "New York", "NY", "United States", "US", "11215", &[("New York State Tax", 40_000), ("Kings County Tax", 48_750)], SHIPPING, 60),
    ("Los Angeles", "California", "CA", "United States", "US", "90026", &[("California State Tax", 72_500), ("Los Angeles County Tax", 22_500)], 0, 75),
    ("San Francisco", "California", "CA", "United States", "US", "94110", &[("California State Tax", 72_500), ("San Francisco County Tax", 13_750)], 0, 45),
    ("Chicago", "Illinois", "IL", "United States", "US", "60614", &[("Illinois State Tax", 62_500), ("Chicago City Tax", 12_500)], SHIPPING, 48),
    ("Austin", "Texas", "TX", "United States", "US", "78704", &[("Texas State Tax", 62_500), ("Austin City Tax", 20_000)], SHIPPING, 42),
    ("Seattle", "Washington", "WA", "United States", "US", "98103", &[("Washington State Tax", 65_000), ("Seattle City Tax", 38_500)], SHIPPING, 40),
    ("Denver", "Colorado", "CO", "United States", "US", "80205", &[("Colorado State Tax", 29_000), ("Denver City Tax", 59_100)], 0, 34),
    ("Boston", "Massachusetts", "MA", "United States", "US", "02118", &[("Massachusetts State Tax", 62_500)], 0, 32),
    ("Atlanta", "Georgia", "GA", "United States", "US", "30307", &[("Georgia State Tax", 40_000), ("Atlanta City Tax", 49_000)], SHIPPING, 28),
    ("Miami", "Florida", "FL", "United States", "US", "33127", &[("Florida State Tax", 60_000), ("Miami-Dade County Tax", 10_000)], 0, 28),
    ("Philadelphia", "Pennsylvania", "PA", "United States", "US", "19125", &[("Pennsylvania State Tax", 60_000), ("Philadelphia City Tax", 20_000)], SHIPPING, 26),
    ("Minneapolis", "Minnesota", "MN", "United States", "US", "55408", &[("Minnesota State Tax", 68_750), ("Minneapolis City Tax", 21_550)], SHIPPING, 22),
    ("Portland", "Oregon", "OR", "United States", "US", "97214", &[], 0, 32),
    ("Toronto", "Ontario", "ON", "Canada", "CA", "M5V 2T6", &[("HST", 130_000)], SHIPPING, 34),
    ("Vancouver", "British Columbia", "BC", "Canada", "CA", "V6B 1A1", &[("GST", 50_000), ("PST", 70_000)], SHIPPING, 22),
    ("Montreal", "Quebec", "QC", "Canada", "CA", "H2X 1Y4", &[("GST", 50_000), ("QST", 99_750)], SHIPPING, 18),
    ("London", "England", "ENG", "United Kingdom", "GB", "E8 3PN", &[("GB VAT", 200_000)], BOTH, 44),
    ("Manchester", "England", "ENG", "United Kingdom", "GB", "M4 1HN", &[("GB VAT", 200_000)], BOTH, 16),
    ("Edinburgh", "Scotland", "SCT", "United Kingdom", "GB", "EH6 6RA", &[("GB VAT", 200_000)], BOTH, 10),
    ("Berlin", "Berlin", "BE", "Germany", "DE", "10245", &[("DE VAT", 190_000)], BOTH, 26),
    ("Hamburg", "Hamburg", "HH", "Germany", "DE", "20357", &[("DE VAT", 190_000)], BOTH, 14),
    ("Munich", "Bavaria", "BY", "Germany", "DE", "80469", &[("DE VAT", 190_000)], BOTH, 14),
    ("Paris", "Île-de-France", "IDF", "France", "FR", "75011", &[("FR TVA", 200_000)], BOTH, 20),
    ("Lyon", "Auvergne-Rhône-Alpes", "ARA", "France", "FR", "69001", &[("FR TVA", 200_000)], BOTH, 8),
    ("Amsterdam", "North Holland", "NH", "Netherlands", "NL", "1012 AB", &[("NL BTW", 210_000)], BOTH, 16),
    ("Dublin", "Dublin", "D", "Ireland", "IE", "D08 X2F4", &[("IE VAT", 230_000)], BOTH, 10),
    ("Madrid", "Madrid", "MD", "Spain", "ES", "28004", &[("ES IVA", 210_000)], BOTH, 10),
    ("Milan", "Milano", "MI", "Italy", "IT", "20144", &[("IT IVA", 220_000)], BOTH, 9),
    ("Stockholm", "Stockholm", "AB", "Sweden", "SE", "118 26", &[("SE Moms", 250_000)], BOTH, 9),
    ("Zürich", "Zürich", "ZH", "Switzerland", "CH", "8004", &[("CH MWST", 81_000)], BOTH, 7),
    ("Sydney", "New South Wales", "NSW", "Australia", "AU", "2010", &[("AU GST", 100_000)], BOTH, 20),
    ("Melbourne", "Victoria", "VIC", "Australia", "AU", "3065", &[("AU GST", 100_000)], BOTH, 16),
    ("Tokyo", "Tokyo", "JP-13", "Japan", "JP", "150-0001", &[("JP Consumption Tax", 100_000)], INCLUDED | SHIPPING, 12),
];

fn money(country: &str) -> Option<(&'static str, u32)> {
    match country {
        "DE" | "FR" | "NL" | "IE" | "ES" | "IT" => EUR,
        "GB" => Some(("GBP", 786_400)),
        "CA" => Some(("CAD", 1_372_500)),
        "AU" => Some(("AUD", 1_518_200)),
        "SE" => Some(("SEK", 10_432_000)),
        "CH" => Some(("CHF", 884_700)),
        "JP" => Some(("JPY", 149_320_000)),
        _ => None,
    }
}

/// The cities of the generated store.
pub(crate) fn cities() -> Vec<Place> {
    ROWS.iter()
        .map(|&(city, province, province_code, country, country_code, zip, taxes, flags, weight)| Place {
            city,
            province,
            province_code,
            country,
            country_code,
            zip,
            taxes,
            included: flags & INCLUDED != 0,
            tax_on_shipping: flags & SHIPPING != 0,
            weight,
            money: money(country_code),
        })
        .collect()
}

/// Country names of the UCI data with their ISO codes; what is unspecified or no country has none.
const UCI: [(&str, &str); 40] = [
    ("United Kingdom", "GB"), ("EIRE", "IE"), ("Germany", "DE"), ("France", "FR"), ("Netherlands", "NL"), ("Spain", "ES"),
    ("Switzerland", "CH"), ("Portugal", "PT"), ("Belgium", "BE"), ("Channel Islands", "JE"), ("Sweden", "SE"), ("Italy", "IT"),
    ("Australia", "AU"), ("Cyprus", "CY"), ("Austria", "AT"), ("Greece", "GR"), ("United Arab Emirates", "AE"), ("Denmark", "DK"),
    ("Norway", "NO"), ("Finland", "FI"), ("Unspecified", ""), ("USA", "US"), ("Japan", "JP"), ("Poland", "PL"), ("Malta", "MT"),
    ("Lithuania", "LT"), ("Singapore", "SG"), ("RSA", "ZA"), ("Bahrain", "BH"), ("Canada", "CA"), ("Hong Kong", "HK"),
    ("Thailand", "TH"), ("Israel", "IL"), ("Iceland", "IS"), ("Korea", "KR"), ("Brazil", "BR"), ("West Indies", ""),
    ("Bermuda", "BM"), ("Nigeria", "NG"), ("Lebanon", "LB"),
];

/// Countries alone, untaxed: the UCI file knows neither cities nor taxes. The first one stands for unknown names.
pub(crate) fn countries() -> Vec<Place> {
    let unknown = std::iter::once(("Unspecified", ""));
    let rows = unknown.chain(UCI.iter().copied().filter(|(name, _)| *name != "Unspecified"));
    rows.map(|(country, country_code)| Place {
        city: "",
        province: "",
        province_code: "",
        country,
        country_code,
        zip: "",
        taxes: &[],
        included: false,
        tax_on_shipping: false,
        weight: 1,
        money: None,
    })
    .collect()
}
