//! Language models: which adapter speaks to which.

use crate::config::ModelsPlace;
use adapter_kit::Registry;
use adapter_openai::{OpenAi, OpenAiSettings};
use application::assistant::{Models, Priced};
use ports::PortResult;
use std::sync::Arc;

pub(super) fn models(place: &ModelsPlace, registry: &Registry) -> PortResult<Models> {
    let list = place.list.iter().map(|model| {
        let settings = OpenAiSettings {
            wants_key: model.wants_key,
            ..OpenAiSettings::new(&model.base, &model.name)
        };
        Ok(Priced {
            model: Arc::new(OpenAi::new(&settings, registry)?),
            price: model.price,
        })
    });
    Ok(Models {
        list: list.collect::<PortResult<_>>()?,
        budget: place.budget,
    })
}
