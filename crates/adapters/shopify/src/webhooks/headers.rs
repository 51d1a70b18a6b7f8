//! Headers in any case, of both families: `X-Shopify-*` of webhooks, `shopify-*` of the newer events.

pub(super) struct Headers<'a>(&'a [(String, String)]);

impl<'a> Headers<'a> {
    #[must_use]
    pub(super) fn new(headers: &'a [(String, String)]) -> Self {
        Self(headers)
    }

    /// `get("topic")`: `X-Shopify-Topic`, else `shopify-topic`.
    #[must_use]
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let named = |prefix: &str| {
            self.0.iter().find_map(|(header, value)| {
                let lower = header.to_ascii_lowercase();
                (lower.strip_prefix(prefix) == Some(name)).then_some(value.trim())
            })
        };
        named("x-shopify-").or_else(|| named("shopify-"))
    }

    /// `orders/updated`; an event's topic and action are put together the same way.
    #[must_use]
    pub(super) fn topic(&self) -> Option<String> {
        let topic = self
            .get("topic")
            .filter(|t| !t.is_empty())?
            .to_ascii_lowercase();
        match self.get("action") {
            Some(action) if !topic.contains('/') => {
                let plural = if topic.ends_with('s') { "" } else { "s" };
                Some(format!("{topic}{plural}/{}", action.to_ascii_lowercase()))
            }
            _ => Some(topic),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&str, &str)], topic: Option<&str>) {
        let headers: Vec<_> = headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        assert_eq!(Headers::new(&headers).topic().as_deref(), topic);
    }

    #[test]
    fn topics_of_both_families() {
        check(
            &[("X-SHOPIFY-TOPIC", "orders/updated")],
            Some("orders/updated"),
        );
        check(
            &[("shopify-topic", "Product"), ("shopify-action", "update")],
            Some("products/update"),
        );
        check(
            &[
                ("shopify-topic", "orders/create"),
                ("shopify-action", "create"),
            ],
            Some("orders/create"),
        );
        check(&[("X-Shopify-Topic", "")], None);
        check(&[("topic", "orders/create")], None);
    }
}
