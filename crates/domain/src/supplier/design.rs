//! What is printed on a thing that is made to order: without a design nobody can order it.
//!
//! A design is saved at the supplier as a template of one of its products, with every file and placement; here stands only by which it is
//! ordered. A product with a design is a product of its own: `71:wolf` is the product 71 with the design `wolf`, `4011:wolf` its variant.

use serde::{Deserialize, Serialize};

const BETWEEN: char = ':';

/// A template at the supplier, by a name of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Design {
    /// Small letters, digits and `-`; one of its name.
    pub name: String,
    /// The supplier's number of the product that it is made for.
    pub product: String,
    /// The supplier's number of the template, or `@` and a number of ours that was given to it there.
    pub template: String,
}

impl Design {
    pub const MOST: usize = 50;
    const LONGEST: usize = 40;

    #[must_use]
    pub fn is_sound(&self) -> bool {
        let digits =
            |text: &str| (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let word = |text: &str, also: &[u8]| {
            let fits = |b: u8| b.is_ascii_alphanumeric() || also.contains(&b);
            (1..=Self::LONGEST).contains(&text.len()) && text.bytes().all(fits)
        };
        let small = self.name.bytes().all(|b| !b.is_ascii_uppercase());
        let template = match self.template.strip_prefix('@') {
            Some(own) => word(own, b"-_"),
            None => digits(&self.template),
        };
        small && word(&self.name, b"-") && digits(&self.product) && template
    }

    /// The number of a product or a variant with this design.
    #[must_use]
    pub fn on(&self, id: &str) -> String {
        format!("{id}{BETWEEN}{}", self.name)
    }

    /// The supplier's own number of what is named so, and the name of the design, where it has one.
    #[must_use]
    pub fn split(id: &str) -> (&str, Option<&str>) {
        match id.split_once(BETWEEN) {
            Some((id, name)) => (id, Some(name)),
            None => (id, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(name: &str, product: &str, template: &str) -> Design {
        Design {
            name: name.to_owned(),
            product: product.to_owned(),
            template: template.to_owned(),
        }
    }

    #[test]
    fn a_design_names_what_it_stands_on() {
        let wolf = design("wolf", "71", "12345");
        assert_eq!(wolf.on("4011"), "4011:wolf");
        assert_eq!(Design::split("4011:wolf"), ("4011", Some("wolf")));
        assert_eq!(Design::split("4011"), ("4011", None));
    }

    #[test]
    fn what_cannot_be_a_design_is_told() {
        assert!(design("wolf-2", "71", "12345").is_sound());
        assert!(design("wolf", "71", "@my_wolf").is_sound());
        for wrong in [
            design("", "71", "1"),
            design("Wolf", "71", "1"),
            design("a:b", "71", "1"),
            design("wolf", "x", "1"),
            design("wolf", "71", ""),
            design("wolf", "71", "@"),
            design("wolf", "71", "1 2"),
        ] {
            assert!(!wrong.is_sound(), "{wrong:?}");
        }
    }
}
