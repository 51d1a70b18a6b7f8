export { CustomerPage } from './CustomerPage'
export { CustomersPage } from './CustomersPage'
export { ahead } from './queries'
