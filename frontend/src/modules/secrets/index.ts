export { SecretsSection } from './SecretsSection'
