export { CurrenciesSection } from './CurrenciesSection'
