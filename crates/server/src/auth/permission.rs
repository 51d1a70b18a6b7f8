//! The table of what needs which role. A role may do all that the ones below it may.

use domain::people::Role;

/// What a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nobody needs to be signed in.
    Open,
    /// Open, but signed by the provider.
    Signed,
    /// Open on loopback; else a permission, or the metrics token.
    Metrics,
    Needs(Permission),
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal from $role:ident;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Permission { $($(#[$doc])* $name),+ }

        impl Permission {
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$name),+];

            /// Also the name of the token scope.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The lowest role that has it.
            #[must_use]
            pub const fn role(self) -> Role {
                match self { $(Self::$name => Role::$role),+ }
            }
        }
    };
}

permissions! {
    ProfileRead = "profile:read" from Viewer;
    ReportsRead = "reports:read" from Viewer;
    ReconciliationRead = "reconciliation:read" from Viewer;
    OrdersRead = "orders:read" from Viewer;
    ProductsRead = "products:read" from Viewer;
    ConnectionsRead = "connections:read" from Viewer;
    SyncsRead = "syncs:read" from Viewer;
    StreamRead = "stream:read" from Viewer;
    HealthRead = "health:read" from Viewer;
    ImportsRead = "imports:read" from Viewer;
    CostsRead = "costs:read" from Viewer;
    /// Enters and takes away costs, shipping tables, fee rules, ad spend and fixed costs.
    CostsWrite = "costs:write" from Operator;
    /// Customers one by one, with names and mail addresses where they are granted.
    CustomersRead = "customers:read" from Operator;
    /// Lists of customers as files.
    CustomersExport = "customers:export" from Admin;
    /// People of segments who agreed to be written to, as a file or sent to a webhook.
    SegmentsExport = "segments:export" from Admin;
    /// Thresholds of segments.
    CustomersConfigure = "customers:configure" from Operator;
    /// What is proposed to be changed outside, and what came of it; which stops are on.
    ChangesRead = "changes:read" from Viewer;
    /// Proposes changes outside, approves, rejects and takes them back.
    ChangesWrite = "changes:write" from Operator;
    /// Stock, forecasts, orders of goods and how good forecasts were.
    InventoryRead = "inventory:read" from Viewer;
    /// Has forecasts made, keeps suppliers, writes, approves and receives orders of goods.
    InventoryWrite = "inventory:write" from Operator;
    /// Lead times, service level and limits of orders of goods.
    InventoryConfigure = "inventory:configure" from Admin;
    /// What suppliers offer, what of it is worth selling, and how that is scored.
    OpportunitiesRead = "opportunities:read" from Viewer;
    /// Rejects opportunities and has them wait; approving proposes a change and needs that permission.
    OpportunitiesWrite = "opportunities:write" from Operator;
    /// How much each factor of the score counts.
    OpportunitiesConfigure = "opportunities:configure" from Admin;
    /// Says what an unusual day was, or that it is nothing.
    AnomaliesWrite = "anomalies:write" from Operator;
    /// What buyers wrote, and whose it is.
    SupportRead = "support:read" from Operator;
    /// Writes in tickets and sends replies.
    SupportWrite = "support:write" from Operator;
    /// Speaks with the assistant, which reads whatever a viewer may read.
    AssistantUse = "assistant:use" from Viewer;
    /// Has the assistant, or a program with its tools, propose changes; a person decides on them.
    AssistantPropose = "assistant:propose" from Operator;
    /// Reads what others said to it.
    AssistantReadAll = "assistant:read_all" from Admin;
    /// Sets how far changes may go.
    GuardrailsWrite = "guardrails:write" from Admin;
    /// Stops what is written outside.
    StopsWrite = "stops:write" from Operator;
    /// Lets it be written again.
    StopsLift = "stops:lift" from Admin;
    /// Stops the calls to a provider by hand, and has them begin anew.
    CircuitsWrite = "circuits:write" from Admin;
    /// Agents, how they are set, and their runs.
    AgentsRead = "agents:read" from Viewer;
    /// Starts, rehearses, cancels and replays agents.
    AgentsRun = "agents:run" from Operator;
    /// Sets agents: policy, schedule, budget, and how far they may go.
    AgentsWrite = "agents:write" from Admin;
    /// Durable work of every kind.
    JobsRead = "jobs:read" from Viewer;
    /// Tells of what happened elsewhere.
    EventsWrite = "events:write" from Operator;
    /// What happened that people should know, and how one wants to be told.
    NotificationsRead = "notifications:read" from Viewer;
    /// Marks notices as read by oneself, and says how one wants to be told.
    NotificationsWrite = "notifications:write" from Viewer;
    /// Places that notices are sent to, and what became of messages.
    ChannelsRead = "channels:read" from Operator;
    /// Sends a test to one.
    ChannelsTest = "channels:test" from Operator;
    /// Makes, sets and removes them.
    ChannelsWrite = "channels:write" from Admin;
    PrivacyRead = "privacy:read" from Operator;
    /// Everything that is held about a person.
    PrivacyAnswer = "privacy:answer" from Admin;
    /// Starts, stops and resumes syncs, and probes connections.
    SyncsRun = "syncs:run" from Operator;
    /// Uploads, imports and undoes files.
    ImportsWrite = "imports:write" from Operator;
    /// Enters, removes and fetches exchange rates.
    RatesWrite = "rates:write" from Operator;
    /// Sets the workspace's currency.
    WorkspaceWrite = "workspace:write" from Admin;
    /// Starts and stops reconciliations, and mends what they found.
    ReconciliationRun = "reconciliation:run" from Operator;
    /// One's own password, sessions and tokens.
    ProfileWrite = "profile:write" from Viewer;
    /// Sees who belongs to the workspace, and everybody's tokens.
    PeopleRead = "people:read" from Admin;
    /// Invites, changes roles, deactivates, makes service accounts and their tokens, takes back tokens.
    PeopleWrite = "people:write" from Admin;
    AuditRead = "audit:read" from Admin;
    /// Enters and removes credentials.
    ConnectionsWrite = "connections:write" from Admin;
    /// Names and places of secrets, never their values.
    SecretsRead = "secrets:read" from Admin;
    SecretsWrite = "secrets:write" from Admin;
    /// Replaces the keys over all secrets.
    KeysRotate = "keys:rotate" from Owner;
}

impl Permission {
    /// A token with scopes has only what they name, and never more than its user; one without has all that its user has.
    #[must_use]
    pub fn is_granted(self, role: Role, scopes: &[String]) -> bool {
        let in_scope = scopes.is_empty() || scopes.iter().any(|s| s == self.as_str());
        role >= self.role() && in_scope
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(permission: Permission, role: Role, scopes: &[&str], granted: bool) {
        let scopes: Vec<String> = scopes.iter().map(|s| (*s).to_owned()).collect();
        assert_eq!(permission.is_granted(role, &scopes), granted);
    }

    #[test]
    fn a_scope_takes_away_and_never_adds() {
        check(Permission::OrdersRead, Role::Viewer, &[], true);
        check(
            Permission::OrdersRead,
            Role::Owner,
            &["reports:read"],
            false,
        );
        check(
            Permission::ConnectionsWrite,
            Role::Operator,
            &["connections:write"],
            false,
        );
        check(
            Permission::ConnectionsWrite,
            Role::Admin,
            &["connections:write"],
            true,
        );
        check(Permission::SyncsRun, Role::Analyst, &[], false);
    }

    #[test]
    fn names_are_unique_and_found() {
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(permission));
        }
    }
}
