//! A document compiled for execution: per concrete type the fields to write, fragments merged, directives applied,
//! arguments evaluated, fields out of reach of the token's scopes struck out.

use apollo_compiler::ast::{self, DirectiveList, NamedType};
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use serde_json::{Map, Value};

use super::argument::Arguments;
use super::errors::{access_denied, plain};
use super::{Document, schema};

/// The largest page.
const PAGE: i64 = 250;

#[derive(Debug)]
pub(crate) struct Plan {
    /// The declared type of what is selected.
    pub ty: String,
    pub by_type: Vec<(String, Vec<PlanField>)>,
}

#[derive(Debug)]
pub(crate) struct PlanField {
    pub key: String,
    pub name: String,
    pub arguments: Arguments,
    pub plan: Option<Plan>,
    pub nullable: bool,
    pub enumeration: bool,
    /// Out of reach: null and an error.
    pub denied: bool,
    /// The key of `@idempotent`.
    pub key_of_write: Option<String>,
}

impl Plan {
    pub(crate) fn fields(&self, ty: &str) -> &[PlanField] {
        self.by_type
            .iter()
            .find(|(t, _)| t == ty)
            .map_or(&[], |(_, fields)| fields)
    }

    pub(crate) fn is_connection(&self) -> bool {
        self.ty.ends_with("Connection")
    }
}

/// Compiles one operation.
#[derive(Debug)]
pub(crate) struct Compiler<'a> {
    pub document: &'a Document,
    pub variables: &'a Map<String, Value>,
    pub scopes: &'a [String],
    /// Bulk queries need neither `first` nor `last`.
    pub bulk: bool,
    pub errors: Vec<Value>,
}

impl<'a> Compiler<'a> {
    /// `None` when what is missing lies under fields that cannot be null, so that there are no data at all.
    pub(crate) fn operation(&mut self, operation: &'a Operation) -> Option<Plan> {
        self.set(
            &operation.selection_set.ty,
            &[&operation.selection_set],
            &mut Vec::new(),
        )
    }

    fn set(
        &mut self,
        ty: &NamedType,
        sets: &[&'a SelectionSet],
        path: &mut Vec<String>,
    ) -> Option<Plan> {
        let concrete: Vec<String> = match schema().types.get(ty) {
            Some(ExtendedType::Interface(_) | ExtendedType::Union(_)) => possible(ty),
            _ => vec![ty.to_string()],
        };
        let mut by_type = Vec::new();
        for name in concrete {
            let mut found: Vec<(String, Vec<&'a Field>)> = Vec::new();
            for set in sets {
                self.collect(&name, set, &mut found);
            }
            let mut fields = Vec::new();
            for (key, nodes) in found {
                path.push(key.clone());
                let field = self.field(key, &nodes, path);
                path.pop();
                fields.push(field?);
            }
            by_type.push((name, fields));
        }
        Some(Plan {
            ty: ty.to_string(),
            by_type,
        })
    }

    fn collect(
        &self,
        concrete: &str,
        set: &'a SelectionSet,
        found: &mut Vec<(String, Vec<&'a Field>)>,
    ) {
        for selection in &set.selections {
            match selection {
                Selection::Field(f) if self.wanted(&f.directives) => {
                    let key = f.response_key().as_str();
                    match found.iter_mut().find(|(k, _)| k == key) {
                        Some((_, nodes)) => nodes.push(f),
                        None => found.push((key.to_owned(), vec![f])),
                    }
                }
                Selection::InlineFragment(i)
                    if self.wanted(&i.directives)
                        && i.type_condition
                            .as_ref()
                            .is_none_or(|t| applies(t, concrete)) =>
                {
                    self.collect(concrete, &i.selection_set, found);
                }
                Selection::FragmentSpread(s) if self.wanted(&s.directives) => {
                    let fragment = self.document.fragments.get(&s.fragment_name);
                    if let Some(fragment) =
                        fragment.filter(|f| applies(&f.selection_set.ty, concrete))
                    {
                        self.collect(concrete, &fragment.selection_set, found);
                    }
                }
                _ => {}
            }
        }
    }

    fn wanted(&self, directives: &DirectiveList) -> bool {
        let says = |name: &str| {
            let value = directives.get(name)?.specified_argument_by_name("if")?;
            match value.as_ref() {
                ast::Value::Boolean(flag) => Some(*flag),
                ast::Value::Variable(v) => self.variables.get(v.as_str()).and_then(Value::as_bool),
                _ => None,
            }
        };
        !says("skip").unwrap_or(false) && says("include").unwrap_or(true)
    }

    /// `None` when the field is denied and cannot be null: then its parent is null.
    fn field(
        &mut self,
        key: String,
        nodes: &[&'a Field],
        path: &mut Vec<String>,
    ) -> Option<PlanField> {
        let first = nodes[0];
        let ty = first.ty();
        let inner = ty.inner_named_type();
        let mut field = PlanField {
            key,
            name: first.name.to_string(),
            arguments: Arguments::of(first, self.variables),
            plan: None,
            nullable: !ty.is_non_null(),
            enumeration: matches!(schema().types.get(inner), Some(ExtendedType::Enum(_))),
            denied: false,
            key_of_write: self.key_of_write(first),
        };
        if let Some(scope) = missing_scope(inner, self.scopes) {
            self.errors.push(access_denied(&field.name, scope, path));
            field.denied = true;
            return field.nullable.then_some(field);
        }
        if inner.ends_with("Connection") {
            self.check_page(&field, path);
        }
        if !first.selection_set.is_empty() {
            let sets: Vec<&'a SelectionSet> = nodes.iter().map(|n| &n.selection_set).collect();
            match self.set(inner, &sets, path) {
                Some(plan) => field.plan = Some(plan),
                None if field.nullable => field.denied = true,
                None => return None,
            }
        }
        Some(field)
    }

    fn key_of_write(&self, field: &Field) -> Option<String> {
        let directive = field.directives.get("idempotent")?;
        match directive.specified_argument_by_name("key")?.as_ref() {
            ast::Value::String(key) => Some(key.clone()),
            ast::Value::Variable(v) => {
                let value = self.variables.get(v.as_str()).and_then(Value::as_str);
                value.map(str::to_owned)
            }
            _ => None,
        }
    }

    fn check_page(&mut self, field: &PlanField, path: &[String]) {
        if self.bulk {
            return;
        }
        let (first, last) = (
            field.arguments.number("first"),
            field.arguments.number("last"),
        );
        let message = match first.or(last) {
            None => "you must provide one of first or last".to_owned(),
            Some(n) if !(0..=PAGE).contains(&n) => {
                let name = if first.is_some() { "First" } else { "Last" };
                format!("{name} must be between 0 and {PAGE}")
            }
            Some(_) => return,
        };
        self.errors.push(plain(&message, "BAD_REQUEST", path));
    }
}

/// The concrete types of an interface or a union.
fn possible(ty: &NamedType) -> Vec<String> {
    let types = schema()
        .types
        .iter()
        .filter(|(name, t)| matches!(t, ExtendedType::Object(_)) && schema().is_subtype(ty, name));
    types.map(|(name, _)| name.to_string()).collect()
}

fn applies(condition: &NamedType, concrete: &str) -> bool {
    condition.as_str() == concrete || schema().is_subtype(condition, concrete)
}

/// The scope that a type needs and the token lacks. A write scope contains its read scope.
fn missing_scope(ty: &str, scopes: &[String]) -> Option<&'static str> {
    let ty = ty.strip_suffix("Connection").unwrap_or(ty);
    let needed: &[&'static str] = match ty {
        "Order" | "LineItem" | "Refund" | "SalesAgreement" | "OrderTransaction" | "Sale" => {
            &["read_orders"]
        }
        "Product" | "ProductVariant" => &["read_products"],
        "InventoryItem" | "InventoryLevel" => &["read_inventory"],
        "Location" => &["read_locations"],
        "ShopifyqlQueryResponse" => &["read_reports"],
        "Customer" => &["read_customers"],
        "AbandonedCheckout" => &["read_orders"],
        "Return" => &["read_returns", "read_orders"],
        "FulfillmentOrder" | "FulfillmentHold" | "FulfillmentOrderLineItem" => &[
            "read_merchant_managed_fulfillment_orders",
            "read_third_party_fulfillment_orders",
            "read_assigned_fulfillment_orders",
        ],
        "ProductVariantsBulkUpdatePayload" | "ProductSetPayload" | "ProductDeletePayload" => {
            &["write_products"]
        }
        "OrderCancelPayload" | "RefundCreatePayload" => &["write_orders"],
        "DiscountNode" | "DiscountCodeNode" | "DiscountAutomaticNode" => &["read_discounts"],
        "DiscountCodeBasicCreatePayload"
        | "DiscountAutomaticBasicCreatePayload"
        | "DiscountCodeDeactivatePayload"
        | "DiscountAutomaticDeactivatePayload"
        | "DiscountCodeDeletePayload"
        | "DiscountAutomaticDeletePayload" => &["write_discounts"],
        "InventorySetQuantitiesPayload" => &["write_inventory"],
        "FulfillmentCreatePayload"
        | "FulfillmentTrackingInfoUpdatePayload"
        | "FulfillmentOrderHoldPayload"
        | "FulfillmentOrderReleaseHoldPayload" => &[
            "write_merchant_managed_fulfillment_orders",
            "write_third_party_fulfillment_orders",
        ],
        "ShopifyPaymentsAccount" => &[
            "read_shopify_payments_payouts",
            "read_shopify_payments_accounts",
        ],
        _ => return None,
    };
    (!needed.iter().any(|s| holds(scopes, s))).then_some(needed[0])
}

/// Whether a scope is granted; a write scope contains its read scope.
pub(crate) fn holds(scopes: &[String], scope: &str) -> bool {
    let read = scope.strip_prefix("read_");
    let contains = |s: &String| read.is_some() && s.strip_prefix("write_") == read;
    scopes.iter().any(|s| s == scope || contains(s))
}
