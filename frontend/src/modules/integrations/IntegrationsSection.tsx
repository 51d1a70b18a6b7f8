/** Connections that nothing depends on: the repository whose issues tell what is wrong, and the warehouse. */
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { GithubCard } from './GithubCard'
import { WarehouseCard } from './WarehouseCard'

export function IntegrationsSection() {
  return (
    <SettingsSection
      title="Integrations"
      lead="Connections that nothing here depends on. They are set by whoever runs the server."
    >
      <GithubCard />
      <WarehouseCard />
    </SettingsSection>
  )
}
