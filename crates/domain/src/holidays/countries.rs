//! Public holidays that a whole country keeps, by country.
//!
//! Each list names the law that it is from. Days that only a region keeps are not here, nor days that somebody proclaims from one year to the next after these lists
//! were written (2026-11). Names are in English.

use super::rules::{
    Holiday,
    Observed::{Monday, Nearest, TwoOn},
    Rule::{Days, Easter, From, Last, Nth, On},
};
use chrono::Weekday::{Fri, Mon, Sat, Thu};

const fn day(name: &'static str, rule: super::rules::Rule) -> Holiday {
    Holiday::new(name, rule)
}

/// ISO 3166-1 alpha-2 codes, with their holidays.
pub(super) const COUNTRIES: [(&str, &[Holiday]); 23] = [
    ("AT", AT),
    ("AU", AU),
    ("BE", BE),
    ("BR", BR),
    ("CA", CA),
    ("CH", CH),
    ("CZ", CZ),
    ("DE", DE),
    ("DK", DK),
    ("ES", ES),
    ("FI", FI),
    ("FR", FR),
    ("GB", GB),
    ("IE", IE),
    ("IT", IT),
    ("MX", MX),
    ("NL", NL),
    ("NO", NO),
    ("NZ", NZ),
    ("PL", PL),
    ("PT", PT),
    ("SE", SE),
    ("US", US),
];

/// Arbeitsruhegesetz § 7.
const AT: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Epiphany", On(1, 6)),
    day("Easter Monday", Easter(1)),
    day("Labor Day", On(5, 1)),
    day("Ascension Day", Easter(39)),
    day("Pentecost Monday", Easter(50)),
    day("Corpus Christi", Easter(60)),
    day("Assumption Day", On(8, 15)),
    day("National Day", On(10, 26)),
    day("All Saints' Day", On(11, 1)),
    day("Immaculate Conception", On(12, 8)),
    day("Christmas Day", On(12, 25)),
    day("Saint Stephen's Day", On(12, 26)),
];

/// What the holiday acts of all states and territories have in common.
const AU: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Australia Day", On(1, 26)),
    day("Good Friday", Easter(-2)),
    day("Easter Monday", Easter(1)),
    day("ANZAC Day", On(4, 25)),
    day(
        "National Day of Mourning for Queen Elizabeth II",
        Days(&[(2022, 9, 22)]),
    ),
    day("Christmas Day", On(12, 25)),
    day("Boxing Day", On(12, 26)),
];

/// Arrêté royal of 18 April 1974.
const BE: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Easter Sunday", Easter(0)),
    day("Easter Monday", Easter(1)),
    day("Labor Day", On(5, 1)),
    day("Ascension Day", Easter(39)),
    day("Pentecost", Easter(49)),
    day("Pentecost Monday", Easter(50)),
    day("National Day", On(7, 21)),
    day("Assumption Day", On(8, 15)),
    day("All Saints' Day", On(11, 1)),
    day("Armistice Day", On(11, 11)),
    day("Christmas Day", On(12, 25)),
];

/// Lei 662/1949, Lei 6.802/1980, Lei 14.759/2023; Good Friday by Lei 9.093/1995.
const BR: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Good Friday", Easter(-2)),
    day("Tiradentes' Day", On(4, 21)),
    day("Labor Day", On(5, 1)),
    day("Independence Day", On(9, 7)),
    day("Our Lady of Aparecida", On(10, 12)),
    day("All Souls' Day", On(11, 2)),
    day("Republic Proclamation Day", On(11, 15)),
    day("Black Awareness Day", On(11, 20)).since(2024),
    day("Christmas Day", On(12, 25)),
];

/// Holidays Act, R.S.C. 1985, c. H-5, and what all provinces keep.
const CA: &[Holiday] = &[
    day("New Year's Day", On(1, 1)).observed(Monday),
    day("Good Friday", Easter(-2)),
    day("Canada Day", On(7, 1)),
    day("Labor Day", Nth(1, Mon, 9)),
    day("Christmas Day", On(12, 25)).observed(Monday),
];

/// Bundesverfassung art. 110, and what all cantons keep.
const CH: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Ascension Day", Easter(39)),
    day("National Day", On(8, 1)),
    day("Christmas Day", On(12, 25)),
];

/// Zákon č. 245/2000 Sb..
const CZ: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Good Friday", Easter(-2)).since(2016),
    day("Easter Monday", Easter(1)),
    day("Labor Day", On(5, 1)),
    day("Victory Day", On(5, 8)),
    day("Saints Cyril and Methodius Day", On(7, 5)),
    day("Jan Hus Day", On(7, 6)),
    day("Statehood Day", On(9, 28)),
    day("Independent Czechoslovak State Day", On(10, 28)),
    day("Freedom and Democracy Day", On(11, 17)),
    day("Christmas Eve", On(12, 24)),
    day("Christmas Day", On(12, 25)),
    day("Second Day of Christmas", On(12, 26)),
];

/// Einigungsvertrag art. 2 and what the holiday acts of all states have in common.
const DE: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Good Friday", Easter(-2)),
    day("Easter Monday", Easter(1)),
    day("Labor Day", On(5, 1)),
    day("Ascension Day", Easter(39)),
    day("Pentecost Monday", Easter(50)),
    day("German Unity Day", On(10, 3)),
    day("Reformation Day", Days(&[(2017, 10, 31)])),
    day("Christmas Day", On(12, 25)),
    day("Second Day of Christmas", On(12, 26)),
];

/// Lov om Folkekirkens helligdage; Great Prayer Day until 2023 (Lov 214/2023).
const DK: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Maundy Thursday", Easter(-3)),
    day("Good Friday", Easter(-2)),
    day("Easter Sunday", Easter(0)),
    day("Easter Monday", Easter(1)),
    day("Great Prayer Day", Easter(26)).until(2023),
    day("Ascension Day", Easter(39)),
    day("Pentecost", Easter(49)),
    day("Pentecost Monday", Easter(50)),
    day("Christmas Day", On(12, 25)),
    day("Second Day of Christmas", On(12, 26)),
];

/// Estatuto de los Trabajadores art. 37.2 and Real Decreto 2001/1983 art. 45, without the days that regions choose.
const ES: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Epiphany", On(1, 6)),
    day("Good Friday", Easter(-2)),
    day("Labor Day", On(5, 1)),
    day("Assumption Day", On(8, 15)),
    day("National Day", On(10, 12)),
    day("All Saints' Day", On(11, 1)),
    day("Constitution Day", On(12, 6)),
    day("Immaculate Conception", On(12, 8)),
    day("Christmas Day", On(12, 25)),
];

/// Kirkkolaki and Laki itsenäisyyspäivästä.
const FI: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Epiphany", On(1, 6)),
    day("Good Friday", Easter(-2)),
    day("Easter Sunday", Easter(0)),
    day("Easter Monday", Easter(1)),
    day("May Day", On(5, 1)),
    day("Ascension Day", Easter(39)),
    day("Pentecost", Easter(49)),
    day("Midsummer Eve", From(Fri, 6, 19)),
    day("Midsummer Day", From(Sat, 6, 20)),
    day("All Saints' Day", From(Sat, 10, 31)),
    day("Independence Day", On(12, 6)),
    day("Christmas Eve", On(12, 24)),
    day("Christmas Day", On(12, 25)),
    day("Second Day of Christmas", On(12, 26)),
];

/// Code du travail, art. L3133-1.
const FR: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Easter Monday", Easter(1)),
    day("Labor Day", On(5, 1)),
    day("Victory Day", On(5, 8)),
    day("Ascension Day", Easter(39)),
    day("Pentecost Monday", Easter(50)),
    day("National Day", On(7, 14)),
    day("Assumption Day", On(8, 15)),
    day("All Saints' Day", On(11, 1)),
    day("Armistice Day", On(11, 11)),
    day("Christmas Day", On(12, 25)),
];

/// Banking and Financial Dealings Act 1971 and proclamations, as England and Wales keep them.
const GB: &[Holiday] = &[
    day("New Year's Day", On(1, 1)).observed(Monday),
    day("Good Friday", Easter(-2)),
    day("Easter Monday", Easter(1)),
    day("May Day", Nth(1, Mon, 5)).until(2019),
    day("May Day", Days(&[(2020, 5, 8)])),
    day("May Day", Nth(1, Mon, 5)).since(2021),
    day("Coronation of Charles III", Days(&[(2023, 5, 8)])),
    day("Spring Bank Holiday", Last(Mon, 5)).until(2021),
    day("Spring Bank Holiday", Days(&[(2022, 6, 2)])),
    day("Spring Bank Holiday", Last(Mon, 5)).since(2023),
    day("Platinum Jubilee of Elizabeth II", Days(&[(2022, 6, 3)])),
    day("Late Summer Bank Holiday", Last(Mon, 8)),
    day(
        "State Funeral of Queen Elizabeth II",
        Days(&[(2022, 9, 19)]),
    ),
    day("Christmas Day", On(12, 25)).observed(TwoOn),
    day("Boxing Day", On(12, 26)).observed(TwoOn),
];

/// Organisation of Working Time Act 1997, second schedule.
const IE: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day(
        "Saint Brigid's Day",
        Days(&[
            (2023, 2, 6),
            (2024, 2, 5),
            (2025, 2, 3),
            (2026, 2, 2),
            (2027, 2, 1),
            (2028, 2, 7),
            (2029, 2, 5),
            (2030, 2, 1),
            (2031, 2, 3),
            (2032, 2, 2),
            (2033, 2, 7),
            (2034, 2, 6),
            (2035, 2, 5),
        ]),
    ),
    day("Saint Patrick's Day", On(3, 17)),
    day("Day of Remembrance and Recognition", Days(&[(2022, 3, 18)])),
    day("Easter Monday", Easter(1)),
    day("May Bank Holiday", Nth(1, Mon, 5)),
    day("June Bank Holiday", Nth(1, Mon, 6)),
    day("August Bank Holiday", Nth(1, Mon, 8)),
    day("October Bank Holiday", Last(Mon, 10)),
    day("Christmas Day", On(12, 25)),
    day("Saint Stephen's Day", On(12, 26)),
];

/// Legge 260/1949.
const IT: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Epiphany", On(1, 6)),
    day("Easter Sunday", Easter(0)),
    day("Easter Monday", Easter(1)),
    day("Liberation Day", On(4, 25)),
    day("Labor Day", On(5, 1)),
    day("Republic Day", On(6, 2)),
    day("Assumption Day", On(8, 15)),
    day("Saint Francis of Assisi", On(10, 4)).since(2026),
    day("All Saints' Day", On(11, 1)),
    day("Immaculate Conception", On(12, 8)),
    day("Christmas Day", On(12, 25)),
    day("Saint Stephen's Day", On(12, 26)),
];

/// Ley Federal del Trabajo art. 74.
const MX: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Constitution Day", Nth(1, Mon, 2)),
    day("Benito Juárez's Birthday", Nth(3, Mon, 3)),
    day("Labor Day", On(5, 1)),
    day("Independence Day", On(9, 16)),
    day(
        "Change of Federal Government",
        Days(&[(2018, 12, 1), (2024, 10, 1), (2030, 10, 1)]),
    ),
    day("Revolution Day", Nth(3, Mon, 11)),
    day("Christmas Day", On(12, 25)),
];

/// Algemene termijnenwet art. 3; King's Day a day earlier where it is a Sunday.
const NL: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Good Friday", Easter(-2)),
    day("Easter Sunday", Easter(0)),
    day("Easter Monday", Easter(1)),
    day(
        "King's Day",
        Days(&[(2014, 4, 26), (2025, 4, 26), (2031, 4, 26)]),
    ),
    day("King's Day", On(4, 27)).until(2024),
    day("King's Day", On(4, 27)).since(2026).until(2030),
    day("King's Day", On(4, 27)).since(2032),
    day(
        "Liberation Day",
        Days(&[
            (2015, 5, 5),
            (2020, 5, 5),
            (2025, 5, 5),
            (2030, 5, 5),
            (2035, 5, 5),
        ]),
    ),
    day("Ascension Day", Easter(39)),
    day("Pentecost", Easter(49)),
    day("Pentecost Monday", Easter(50)),
    day("Christmas Day", On(12, 25)),
    day("Second Day of Christmas", On(12, 26)),
];

/// Lov om helligdager og helligdagsfred § 2; Lov om 1 og 17 mai.
const NO: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Maundy Thursday", Easter(-3)),
    day("Good Friday", Easter(-2)),
    day("Easter Sunday", Easter(0)),
    day("Easter Monday", Easter(1)),
    day("Labor Day", On(5, 1)),
    day("Constitution Day", On(5, 17)),
    day("Ascension Day", Easter(39)),
    day("Pentecost", Easter(49)),
    day("Pentecost Monday", Easter(50)),
    day("Christmas Day", On(12, 25)),
    day("Second Day of Christmas", On(12, 26)),
];

/// Holidays Act 2003 s 44; Te Kāhui o Matariki Public Holiday Act 2022, schedule 1 (its days until 2035 are here).
const NZ: &[Holiday] = &[
    day("New Year's Day", On(1, 1)).observed(TwoOn),
    day("Day after New Year's Day", On(1, 2)).observed(TwoOn),
    day("Waitangi Day", On(2, 6)).observed(Monday),
    day("Good Friday", Easter(-2)),
    day("Easter Monday", Easter(1)),
    day("ANZAC Day", On(4, 25)).observed(Monday),
    day("Sovereign's Birthday", Nth(1, Mon, 6)),
    day(
        "Matariki",
        Days(&[
            (2022, 6, 24),
            (2023, 7, 14),
            (2024, 6, 28),
            (2025, 6, 20),
            (2026, 7, 10),
            (2027, 6, 25),
            (2028, 7, 14),
            (2029, 7, 6),
            (2030, 6, 21),
            (2031, 7, 11),
            (2032, 7, 2),
            (2033, 6, 24),
            (2034, 7, 7),
            (2035, 6, 29),
        ]),
    ),
    day("Queen Elizabeth II Memorial Day", Days(&[(2022, 9, 26)])),
    day("Labour Day", Nth(4, Mon, 10)),
    day("Christmas Day", On(12, 25)).observed(TwoOn),
    day("Boxing Day", On(12, 26)).observed(TwoOn),
];

/// Ustawa o dniach wolnych od pracy of 18 January 1951.
const PL: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Epiphany", On(1, 6)),
    day("Easter Sunday", Easter(0)),
    day("Easter Monday", Easter(1)),
    day("Labor Day", On(5, 1)),
    day("Constitution Day", On(5, 3)),
    day("Pentecost", Easter(49)),
    day("Corpus Christi", Easter(60)),
    day("Assumption Day", On(8, 15)),
    day("All Saints' Day", On(11, 1)),
    day("National Independence Day", On(11, 11)),
    day(
        "Independence Day, 100th anniversary",
        Days(&[(2018, 11, 12)]),
    ),
    day("Christmas Eve", On(12, 24)).since(2025),
    day("Christmas Day", On(12, 25)),
    day("Second Day of Christmas", On(12, 26)),
];

/// Código do Trabalho art. 234.
const PT: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Good Friday", Easter(-2)),
    day("Easter Sunday", Easter(0)),
    day("Freedom Day", On(4, 25)),
    day("Labor Day", On(5, 1)),
    day("Day of Portugal", On(6, 10)),
    day("Corpus Christi", Easter(60)).since(2016),
    day("Assumption Day", On(8, 15)),
    day("Republic Day", On(10, 5)).since(2016),
    day("All Saints' Day", On(11, 1)).since(2016),
    day("Restoration of Independence Day", On(12, 1)).since(2016),
    day("Immaculate Conception", On(12, 8)),
    day("Christmas Day", On(12, 25)),
];

/// Lag (1989:253) om allmänna helgdagar.
const SE: &[Holiday] = &[
    day("New Year's Day", On(1, 1)),
    day("Epiphany", On(1, 6)),
    day("Good Friday", Easter(-2)),
    day("Easter Sunday", Easter(0)),
    day("Easter Monday", Easter(1)),
    day("May Day", On(5, 1)),
    day("Ascension Day", Easter(39)),
    day("National Day", On(6, 6)),
    day("Pentecost", Easter(49)),
    day("Midsummer Day", From(Sat, 6, 20)),
    day("All Saints' Day", From(Sat, 10, 31)),
    day("Christmas Day", On(12, 25)),
    day("Second Day of Christmas", On(12, 26)),
];

/// 5 U.S.C. 6103.
const US: &[Holiday] = &[
    day("New Year's Day", On(1, 1)).observed(Nearest),
    day("Martin Luther King Jr. Day", Nth(3, Mon, 1)),
    day("Washington's Birthday", Nth(3, Mon, 2)),
    day("Memorial Day", Last(Mon, 5)),
    day("Juneteenth National Independence Day", On(6, 19))
        .observed(Nearest)
        .since(2021),
    day("Independence Day", On(7, 4)).observed(Nearest),
    day("Labor Day", Nth(1, Mon, 9)),
    day("Columbus Day", Nth(2, Mon, 10)),
    day("Veterans Day", On(11, 11)).observed(Nearest),
    day("Thanksgiving Day", Nth(4, Thu, 11)),
    day("Christmas Day", On(12, 25)).observed(Nearest),
];
