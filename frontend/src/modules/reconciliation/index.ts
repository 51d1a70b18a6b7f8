export { ReconciliationPage } from './ReconciliationPage'
