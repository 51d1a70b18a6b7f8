//! Designs of things that are made to order, as the API takes and tells them.

use domain::supplier::Design;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A template that is saved at the supplier. A product with it is a product of its own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierDesign)]
pub(crate) struct DesignBody {
    /// Small letters, digits and `-`; one of its name.
    #[schema(min_length = 1, max_length = 40)]
    name: String,
    /// The supplier's number of the product that it is made for.
    #[schema(min_length = 1, max_length = 12)]
    product: String,
    /// The supplier's number of the template, or `@` and the number that was given to it there.
    #[schema(min_length = 1, max_length = 41)]
    template: String,
}

impl From<&Design> for DesignBody {
    fn from(design: &Design) -> Self {
        Self {
            name: design.name.clone(),
            product: design.product.clone(),
            template: design.template.clone(),
        }
    }
}

impl From<DesignBody> for Design {
    fn from(body: DesignBody) -> Self {
        Self {
            name: body.name.trim().to_owned(),
            product: body.product.trim().to_owned(),
            template: body.template.trim().to_owned(),
        }
    }
}
