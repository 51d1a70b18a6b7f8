export { PulsePage } from './PulsePage'
