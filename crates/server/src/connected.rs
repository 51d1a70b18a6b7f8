//! What goes on beside the requests for connections that nothing depends on.

use crate::compose::Composed;
use crate::worker::Workers;
use std::time::Duration;

/// Between two looks for what is wrong, and what is over.
const LOOK_EVERY: Duration = Duration::from_secs(15);

impl Workers {
    /// Days of the warehouse, a store after the other.
    pub(crate) fn mirror(&self, composed: &Composed) {
        let (mirror, token) = (composed.mirror.clone(), self.stop_token());
        self.spawn(async move { mirror.run_worker(token).await });
    }

    /// Issues of the tracker.
    pub(crate) fn track(&self, composed: &Composed) {
        let tracking = composed.tracking.clone();
        self.every(LOOK_EVERY, move || {
            let tracking = tracking.clone();
            async move {
                if let Err(error) = tracking.look().await {
                    tracing::warn!(%error, "what is wrong could not be looked for");
                }
                if let Err(error) = tracking.tell_due().await {
                    tracing::warn!(%error, "the tracker could not be told what is wrong");
                }
            }
        });
    }
}
