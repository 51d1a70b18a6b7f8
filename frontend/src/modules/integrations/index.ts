export { IntegrationsSection } from './IntegrationsSection'
