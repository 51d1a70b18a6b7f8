//! Users and links as the API writes them.

use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use application::letters::{Sent, link_address};
use application::people::NewLink;
use chrono::{DateTime, Utc};
use domain::ids::UserId;
use domain::people::{Link, LinkKind, Member, Role, UserKind};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub(crate) struct MemberBody {
    #[schema(format = "uuid")]
    id: String,
    /// person or service.
    kind: String,
    /// An address, or the name of a service account.
    label: String,
    /// Null for a service account, which cannot sign in.
    email: Option<String>,
    role: String,
    created_at: DateTime<Utc>,
    /// Since then nothing of theirs lets anybody in.
    disabled_at: Option<DateTime<Utc>>,
    /// The last use of a session that is still there.
    last_seen_at: Option<DateTime<Utc>>,
    /// Whether their sign-in asks for a code, too.
    has_second_factor: bool,
    is_you: bool,
    /// Whether the caller may change them: nobody changes a role above their own.
    is_yours_to_change: bool,
}

impl MemberBody {
    pub(crate) fn of(member: &Member, who: &Caller, protected: &[UserId]) -> Self {
        let is_person = member.kind == UserKind::Person;
        Self {
            id: member.user.id.to_string(),
            kind: if is_person { "person" } else { "service" }.to_owned(),
            label: member.label().to_owned(),
            email: is_person.then(|| member.user.email.as_str().to_owned()),
            role: member.user.role.as_str().to_owned(),
            created_at: member.user.created_at,
            disabled_at: member.disabled_at,
            last_seen_at: member.last_seen_at,
            has_second_factor: protected.contains(&member.user.id),
            is_you: member.user.id == who.user.id,
            is_yours_to_change: member.user.role <= who.user.role,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(crate) struct InvitationBody {
    #[schema(format = "uuid")]
    id: String,
    email: String,
    role: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl InvitationBody {
    pub(crate) fn of(link: &Link) -> Self {
        Self {
            id: link.id.to_string(),
            email: link.email.as_str().to_owned(),
            role: link.role.as_str().to_owned(),
            created_at: link.created_at,
            expires_at: link.expires_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OneTimeLink)]
pub(crate) struct LinkBody {
    /// The address to open, once. It is shown here and never again; null when it went out by mail.
    url: Option<String>,
    /// sent, later (it is tried again), failed or not_set_up.
    mail: String,
    /// Why it did not go out.
    mail_failure: Option<String>,
    /// invitation or password_reset.
    kind: String,
    email: String,
    expires_at: DateTime<Utc>,
}

impl LinkBody {
    /// Sends it where there is a relay, and shows it where it was not sent.
    pub(crate) async fn hand_over(new: &NewLink, app: &App) -> Result<Self, Problem> {
        let url = link_address(app.public.origin.as_deref(), &new.secret);
        let sent = app.letters.send(new, &url).await?;
        let mail = match &sent {
            Sent::Taken => "sent",
            Sent::Later(_) => "later",
            Sent::Failed(_) => "failed",
            Sent::NotSetUp => "not_set_up",
        };
        let mail_failure = match &sent {
            Sent::Failed(reason) | Sent::Later(reason) => Some(reason.clone()),
            Sent::Taken | Sent::NotSetUp => None,
        };
        Ok(Self {
            url: (sent != Sent::Taken).then_some(url),
            mail: mail.to_owned(),
            mail_failure,
            kind: kind(new.link.kind).to_owned(),
            email: new.link.email.as_str().to_owned(),
            expires_at: new.link.expires_at,
        })
    }
}

pub(crate) fn kind(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Invitation => "invitation",
        LinkKind::PasswordReset => "password_reset",
    }
}

pub(crate) fn role(text: &str) -> Result<Role, Problem> {
    text.parse().map_err(|error: domain::people::UnknownRole| {
        Problem::invalid(vec![FieldError::new("role", error.to_string())])
    })
}
