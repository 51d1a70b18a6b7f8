export { PulsePage } from './PulsePage'
export { ahead } from './queries'
