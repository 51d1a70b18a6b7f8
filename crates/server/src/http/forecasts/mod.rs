pub(crate) mod accuracy;
pub(crate) mod find;
pub(crate) mod refresh;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod view;
