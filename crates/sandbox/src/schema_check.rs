//! Compares the schema excerpt with the real schema: everything that the excerpt has must be there as it is.
