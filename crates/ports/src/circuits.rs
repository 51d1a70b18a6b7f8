//! The circuits of this process as a person switches them. A circuit is named `provider/account/read` or `…/write`.

use crate::source::LinkState;

/// By hand; the circuits open and close by themselves as well.
pub trait Circuits: Send + Sync {
    /// Refuses every call until [`Self::reset`]. `false`: nothing was sent that way yet, so that there is no circuit.
    fn force_open(&self, name: &str) -> bool;
    /// Closes it, whatever it was, and begins to count anew. `false` as above.
    fn reset(&self, name: &str) -> bool;
    /// Those that were used so far, by name.
    fn names(&self) -> Vec<String>;
    /// How each of them stands; a part of an account (`provider/account/token/read`) once it was used.
    fn links(&self) -> Vec<LinkState>;
}
