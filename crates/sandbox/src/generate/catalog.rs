//! The shop's catalogue: an outfitter for commuting and the outdoors. 80 products, some with several variants, about a
//! tenth of the variants without a cost.

use crate::random::Random;
use crate::store::{Product, Seconds, Variant};

/// Title, type, price in hundredths, option values (colours or sizes; empty for a single variant), cost in percent.
type Row = (&'static str, &'static str, i64, &'static str, i64);

const ROWS: [Row; 80] = [
    (
        "Harbour 28L Roll-Top Backpack",
        "Backpacks",
        14_900,
        "Black|Olive|Sand",
        38,
    ),
    (
        "Harbour 18L Day Pack",
        "Backpacks",
        9_800,
        "Black|Olive|Sand",
        36,
    ),
    (
        "Summit 45L Trekking Pack",
        "Backpacks",
        21_900,
        "S/M|M/L",
        44,
    ),
    (
        "Foldaway 15L Packable Bag",
        "Backpacks",
        4_450,
        "Slate|Rust",
        31,
    ),
    (
        "Courier Messenger Bag",
        "Bags",
        11_900,
        "Black|Waxed Tan",
        40,
    ),
    ("Weekender Duffel 40L", "Bags", 17_500, "Black|Navy", 42),
    ("Market Canvas Tote", "Bags", 3_800, "Natural|Black", 28),
    ("Dry Bag 10L", "Bags", 2_950, "Yellow|Grey", 34),
    ("Dry Bag 20L", "Bags", 3_650, "Yellow|Grey", 34),
    ("Handlebar Bag 6L", "Cycling", 7_900, "", 39),
    ("Saddle Pack 11L", "Cycling", 10_400, "", 41),
    ("Pannier Pair 2 × 20L", "Cycling", 15_800, "Black|Red", 45),
    ("Top Tube Bag", "Cycling", 3_990, "", 33),
    ("Commuter Bike Light Set", "Cycling", 5_490, "", 47),
    ("Folding Bike Lock 85 cm", "Cycling", 7_250, "", 46),
    ("Mini Floor Pump", "Cycling", 4_275, "", 43),
    ("Multitool 17 Functions", "Tools", 3_480, "", 41),
    ("Tyre Repair Kit", "Tools", 1_690, "", 30),
    ("Titanium Tent Pegs, Set of 8", "Camping", 2_999, "", 37),
    ("Ridge 2-Person Tent", "Camping", 34_900, "Moss|Sand", 52),
    ("Ridge 1-Person Tent", "Camping", 27_900, "Moss|Sand", 52),
    ("Ultralight Tarp 3 × 3 m", "Camping", 12_900, "", 44),
    (
        "Down Sleeping Bag −5 °C",
        "Camping",
        28_900,
        "Regular|Long",
        49,
    ),
    (
        "Synthetic Sleeping Bag +5 °C",
        "Camping",
        13_900,
        "Regular|Long",
        46,
    ),
    (
        "Insulated Sleeping Mat",
        "Camping",
        11_450,
        "Regular|Wide",
        43,
    ),
    ("Inflatable Pillow", "Camping", 3_250, "", 29),
    ("Camp Chair Low", "Camping", 8_900, "", 48),
    ("Rechargeable Lantern", "Lighting", 4_590, "", 42),
    ("Headlamp 400 lm", "Lighting", 5_290, "", 44),
    ("Headlamp 250 lm", "Lighting", 3_790, "", 43),
    ("Pocket Torch", "Lighting", 2_495, "", 38),
    ("Gas Stove Compact", "Cooking", 5_950, "", 45),
    ("Titanium Pot 900 ml", "Cooking", 6_490, "", 51),
    (
        "Enamel Mug 350 ml",
        "Cooking",
        1_450,
        "White|Forest|Sky",
        26,
    ),
    ("Spork Duo", "Cooking", 895, "", 22),
    ("Pour-Over Coffee Cone", "Cooking", 2_290, "", 33),
    ("Hand Coffee Grinder", "Cooking", 7_990, "", 47),
    ("Cast Iron Skillet 20 cm", "Cooking", 4_900, "", 50),
    (
        "Vacuum Bottle 750 ml",
        "Drinkware",
        3_990,
        "Black|Sage|Clay",
        35,
    ),
    (
        "Vacuum Bottle 500 ml",
        "Drinkware",
        3_390,
        "Black|Sage|Clay",
        35,
    ),
    (
        "Travel Tumbler 350 ml",
        "Drinkware",
        2_890,
        "Black|Sage",
        33,
    ),
    ("Collapsible Cup", "Drinkware", 1_590, "", 27),
    ("Hydration Bladder 2 L", "Drinkware", 3_750, "", 40),
    ("Merino T-Shirt", "Apparel", 6_900, "XS|S|M|L|XL", 37),
    ("Merino Long Sleeve", "Apparel", 8_900, "S|M|L|XL", 38),
    ("Merino Boxer", "Apparel", 3_490, "S|M|L|XL", 34),
    ("Rain Shell Jacket", "Apparel", 18_900, "S|M|L|XL", 46),
    ("Wind Vest", "Apparel", 9_450, "S|M|L", 41),
    ("Insulated Jacket", "Apparel", 22_900, "S|M|L|XL", 47),
    ("Trail Trousers", "Apparel", 11_900, "30|32|34|36", 42),
    ("Trail Shorts", "Apparel", 7_450, "30|32|34|36", 40),
    ("Fleece Half-Zip", "Apparel", 8_490, "S|M|L|XL", 39),
    (
        "Hiking Socks, Pair",
        "Accessories",
        1_950,
        "36–39|40–43|44–47",
        29,
    ),
    (
        "Merino Beanie",
        "Accessories",
        2_900,
        "Charcoal|Mustard",
        28,
    ),
    ("Five-Panel Cap", "Accessories", 3_200, "Olive|Navy", 27),
    ("Touchscreen Gloves", "Accessories", 3_450, "S|M|L", 34),
    ("Neck Tube", "Accessories", 1_790, "Print|Plain", 24),
    ("Leather Belt", "Accessories", 5_400, "85|95|105", 43),
    ("Card Wallet", "Accessories", 4_500, "Black|Tan", 32),
    ("Key Organiser", "Accessories", 2_650, "", 30),
    ("Tech Pouch", "Travel", 5_850, "Black|Olive", 36),
    ("Packing Cubes, Set of 3", "Travel", 4_790, "Grey|Rust", 33),
    ("Toiletry Kit", "Travel", 4_990, "Black|Olive", 35),
    ("Passport Sleeve", "Travel", 3_350, "", 29),
    ("Travel Adapter 65 W", "Travel", 5_990, "", 53),
    ("Luggage Tag Pair", "Travel", 1_890, "", 25),
    ("Compression Straps, Pair", "Travel", 1_290, "", 24),
    (
        "Trail Running Shoe",
        "Footwear",
        13_900,
        "40|41|42|43|44",
        48,
    ),
    ("Approach Shoe", "Footwear", 15_900, "40|41|42|43|44", 50),
    ("Camp Slipper", "Footwear", 4_950, "S|M|L", 36),
    ("Trekking Poles, Pair", "Hiking", 9_990, "", 45),
    ("Gaiters", "Hiking", 4_690, "S/M|L/XL", 38),
    ("Pocket Compass", "Hiking", 3_590, "", 41),
    ("First Aid Kit", "Hiking", 3_950, "", 44),
    ("Water Filter", "Hiking", 4_490, "", 46),
    ("Paracord 30 m", "Hiking", 1_190, "", 23),
    (
        "Field Notebook, 3-Pack",
        "Stationery",
        1_490,
        "Ruled|Dot",
        26,
    ),
    ("Brass Pen", "Stationery", 3_900, "", 35),
    ("Enamel Pin Set", "Stationery", 1_250, "", 21),
    ("Royal Equips Gift Card", "Gift Card", 5_000, "25|50|100", 0),
];

/// All products and variants, their minor units scaled for currencies of other exponents.
pub(crate) fn build(
    random: &mut Random,
    opened: Seconds,
    scale: i64,
) -> (Vec<Product>, Vec<Variant>) {
    let (mut products, mut variants) = (Vec::new(), Vec::new());
    for (index, row) in ROWS.iter().enumerate() {
        let from = position(variants.len());
        let gift_card = row.1 == "Gift Card";
        add_variants(
            random,
            &mut variants,
            index,
            row,
            (opened, scale, gift_card),
        );
        products.push(Product {
            title: row.0.to_owned(),
            handle: handle(row.0),
            vendor: if index % 7 == 3 {
                "Northgate Supply"
            } else {
                "Royal Equips"
            }
            .to_owned(),
            kind: row.1.to_owned(),
            description: String::new(),
            options: Vec::new(),
            tags: vec![
                row.1.to_lowercase(),
                if index % 5 == 0 { "bestseller" } else { "core" }.to_owned(),
            ],
            status: if index == 78 { "ARCHIVED" } else { "ACTIVE" },
            gift_card,
            created: opened - 86_400 * random.within(5, 300),
            updated: opened + 86_400 * random.within(0, 60),
            deleted: None,
            variants: from..position(variants.len()),
        });
    }
    (products, variants)
}

fn add_variants(
    random: &mut Random,
    variants: &mut Vec<Variant>,
    index: usize,
    row: &Row,
    about: (Seconds, i64, bool),
) {
    let (opened, scale, gift_card) = about;
    let options: Vec<&str> = if row.3.is_empty() {
        vec!["Default Title"]
    } else {
        row.3.split('|').collect()
    };
    for (n, option) in options.iter().enumerate() {
        let face: i64 = if gift_card {
            option.parse::<i64>().unwrap_or(50) * 100
        } else {
            row.2
        };
        // The last sizes cost a little more to make; a tenth was never entered.
        let percent = row.4 * 10 + random.within(-18, 18) + n as i64 * 4;
        let unknown = gift_card || (index * 7 + n * 3) % 10 == 9;
        variants.push(Variant {
            product: position(index),
            title: (*option).to_owned(),
            sku: if gift_card {
                String::new()
            } else {
                format!("RE-{:03}-{}", index + 1, n + 1)
            },
            price: face * scale,
            earlier: Vec::new(),
            compare_at: None,
            costs: vec![(
                Seconds::MIN,
                (!unknown).then_some(face * scale * percent / 1000),
            )],
            tracked: !gift_card,
            stock: [random.within(0, 240), random.within(0, 60)]
                .map(|n| i32::try_from(n).unwrap_or(0)),
            updated: opened + 86_400 * random.within(0, 90),
        });
    }
}

fn position(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub(crate) fn handle(title: &str) -> String {
    let plain: String = title
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    plain
        .split('-')
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}
