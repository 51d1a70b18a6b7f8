//! Names of buyers. Mail addresses end in example.com, which nobody can own, but for those of planted risky orders.

/// Where buyers have their mail.
pub(crate) const MAIL: &str = "example.com";

pub(crate) const FIRST: [&str; 40] = [
    "Amelia", "Noah", "Sofia", "Liam", "Emma", "Lucas", "Mia", "Oliver", "Hannah", "Elias",
    "Clara", "Theo", "Nora", "Felix", "Ines", "Hugo", "Alice", "Leo", "Maya", "Jonas", "Ruth",
    "Samuel", "Ida", "Marco", "Lena", "Owen", "Priya", "Kenji", "Grace", "Mateo", "Freya", "Omar",
    "Julia", "Daniel", "Yuki", "Aisha", "Paul", "Nina", "Victor", "Eva",
];

pub(crate) const LAST: [&str; 40] = [
    "Walker",
    "Schmidt",
    "Rossi",
    "Martin",
    "Nguyen",
    "Jansen",
    "Murphy",
    "García",
    "Andersson",
    "Keller",
    "Tanaka",
    "Brown",
    "Dubois",
    "Silva",
    "Kim",
    "Patel",
    "Cohen",
    "Fischer",
    "Moreau",
    "Hughes",
    "Lopez",
    "Svensson",
    "Meyer",
    "Clark",
    "Okafor",
    "Ryan",
    "Bauer",
    "Ferrari",
    "Bianchi",
    "Novak",
    "Lewis",
    "Sato",
    "Weber",
    "Khan",
    "Petit",
    "Hall",
    "Wright",
    "Larsen",
    "Romero",
    "Young",
];

/// The channels of the shop: source name, name shown, share per mille.
pub(crate) const CHANNELS: [(&str, &str, u64); 6] = [
    ("web", "Online Store", 640),
    ("pos", "Point of Sale", 130),
    ("instagram", "Instagram", 90),
    ("shop_app", "Shop", 70),
    ("google", "Google & YouTube", 50),
    ("shopify_draft_order", "Draft Orders", 20),
];

/// Discount codes and their percentage; 0 is free shipping.
pub(crate) const CODES: [(&str, i64); 5] = [
    ("WELCOME10", 10),
    ("SPRING15", 15),
    ("FRIENDS20", 20),
    ("FREESHIP", 0),
    ("VIP25", 25),
];
