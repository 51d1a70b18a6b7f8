export { OrderPage } from './OrderPage'
export { OrdersPage } from './OrdersPage'
export { ahead } from './queries'
