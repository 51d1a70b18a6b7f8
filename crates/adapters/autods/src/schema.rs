//! What a tool wants, compared with what is sent to it.

use serde_json::Value;
use std::collections::BTreeMap;

/// A tool with every argument that is sent to it.
pub(crate) struct Sent {
    pub tool: &'static str,
    /// Name and kind (JSON Schema's `type`).
    pub arguments: &'static [(&'static str, &'static str)],
}

pub(crate) const SEARCH: Sent = Sent {
    tool: "search_products",
    arguments: &[
        ("filters", "array"),
        ("limit", "integer"),
        ("offset", "integer"),
        ("order_by", "object"),
    ],
};
pub(crate) const PRODUCT: Sent = Sent {
    tool: "get_product_by_id",
    arguments: &[("product_id", "string")],
};
pub(crate) const USER: Sent = Sent {
    tool: "get_current_user",
    arguments: &[],
};
pub(crate) const ALL: [&Sent; 3] = [&SEARCH, &PRODUCT, &USER];

fn kind_fits(schema: &Value, wanted: &str) -> bool {
    let one = |kind: &Value| kind == wanted || (wanted == "integer" && kind == "number");
    match &schema["type"] {
        // Described in another way, which cannot be compared.
        Value::Null => true,
        Value::Array(kinds) => kinds.iter().any(one),
        kind => one(kind),
    }
}

/// Why a tool cannot be called, by its name; nothing for those that can.
pub(crate) fn compare(listed: &[Value]) -> BTreeMap<&'static str, String> {
    let mut off = BTreeMap::new();
    for sent in ALL {
        let tool = listed.iter().find(|t| t["name"] == sent.tool);
        let Some(tool) = tool else {
            off.insert(sent.tool, "it is not there any more".to_owned());
            continue;
        };
        let schema = &tool["inputSchema"];
        let known = &schema["properties"];
        let strict = schema["additionalProperties"] == Value::Bool(false) || known.is_object();
        let strange = sent
            .arguments
            .iter()
            .find_map(|(name, kind)| match known.get(name) {
                None if strict => Some(format!("it takes no {name} any more")),
                Some(of) if !kind_fits(of, kind) => {
                    Some(format!("its {name} is no {kind} any more"))
                }
                _ => None,
            });
        let required = schema["required"].as_array().into_iter().flatten();
        let missing = required.filter_map(Value::as_str).find(|name| {
            let is_sent = sent.arguments.iter().any(|(own, _)| own == name);
            !is_sent
        });
        let missing = missing.map(|name| format!("it wants {name}, which is not sent"));
        if let Some(why) = strange.or(missing) {
            off.insert(sent.tool, why);
        }
    }
    off
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tools() -> Vec<Value> {
        let of = |sent: &&Sent| {
            let properties: serde_json::Map<_, _> = sent
                .arguments
                .iter()
                .map(|(name, kind)| ((*name).to_owned(), json!({ "type": kind })))
                .collect();
            json!({"name": sent.tool, "inputSchema": {"type": "object", "properties": properties}})
        };
        ALL.iter().map(of).collect()
    }

    #[test]
    fn what_differs_is_told_by_the_tool() {
        assert!(compare(&tools()).is_empty());
        let mut gone = tools();
        gone.remove(1);
        assert_eq!(
            compare(&gone)["get_product_by_id"],
            "it is not there any more"
        );
        let mut renamed = tools();
        renamed[1]["inputSchema"]["properties"] = json!({"id": {"type": "string"}});
        assert!(compare(&renamed)["get_product_by_id"].contains("no product_id"));
        let mut wants = tools();
        wants[0]["inputSchema"]["required"] = json!(["order_by", "region"]);
        assert!(compare(&wants)["search_products"].contains("wants region"));
        let mut other = tools();
        other[0]["inputSchema"]["properties"]["filters"] = json!({"type": "string"});
        assert!(compare(&other)["search_products"].contains("no array"));
    }
}
