/**
 * The sections of Settings, in groups. A new section is one line here, its address in `shared/paths`, and a child of
 * the route `settings` in `app/router`; its page is a `SettingsSection` in the module that it belongs to.
 */
import { paths } from '@/shared/paths'

export interface Section {
  to: string
  label: string
  about: string
}

export interface SectionGroup {
  label: string
  sections: Section[]
}

export const SECTION_GROUPS: SectionGroup[] = [
  {
    label: 'Business',
    sections: [
      {
        to: paths.settingsStores,
        label: 'Stores',
        about: 'The stores of this workspace, their currency and their calendar.',
      },
      {
        to: paths.settingsCurrencies,
        label: 'Currencies',
        about: 'The workspace’s currency, exchange rates with their age, and what is missing.',
      },
      {
        to: paths.settingsInventory,
        label: 'Inventory',
        about: 'Service level, lead times, when stock is too much, and who approves orders of goods.',
      },
      {
        to: paths.settingsImports,
        label: 'Imports',
        about: 'Orders, products, costs, ad spend and rates from CSV files; what was imported, and its undo.',
      },
    ],
  },
  {
    label: 'Changes',
    sections: [
      {
        to: paths.settingsGuardrails,
        label: 'Guardrails',
        about: 'How far changes may go in a store, and when agents may act.',
      },
    ],
  },
  {
    label: 'People and access',
    sections: [
      {
        to: paths.settingsPeople,
        label: 'People',
        about: 'Who belongs here, invitations, service accounts.',
      },
      { to: paths.settingsRoles, label: 'Roles', about: 'What each role may do.' },
      {
        to: paths.settingsSessions,
        label: 'Sessions and password',
        about: 'Where you are signed in, and your password.',
      },
      {
        to: paths.settingsSecurity,
        label: 'Security',
        about: 'A second factor for your own sign-in.',
      },
      { to: paths.settingsTokens, label: 'API tokens', about: 'Keys for scripts.' },
      {
        to: paths.settingsSecrets,
        label: 'Secrets',
        about: 'Credentials, where they come from, and the keys over them.',
      },
      { to: paths.settingsAudit, label: 'Audit', about: 'Who did what, and proof that nobody changed it.' },
    ],
  },
  {
    label: 'Being told',
    sections: [
      {
        to: paths.settingsNotifications,
        label: 'Notifications',
        about: 'What tells you of what happened, and when: mail, Slack, signed webhooks.',
      },
      {
        to: paths.settingsIntegrations,
        label: 'Integrations',
        about: 'GitHub issues for what is wrong, signals to workflows, and days in BigQuery.',
      },
    ],
  },
  {
    label: 'This browser',
    sections: [
      { to: paths.settingsAppearance, label: 'Appearance', about: 'Light, dark, or as the system.' },
    ],
  },
]

export const SECTIONS: Section[] = SECTION_GROUPS.flatMap(group => group.sections)
