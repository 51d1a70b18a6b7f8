export { PnlPage } from './PnlPage'
export { ahead } from './queries'
