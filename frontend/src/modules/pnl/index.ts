export { PnlPage } from './PnlPage'
