export { PurchaseOrderPage } from './PurchaseOrderPage'
export { PurchaseOrdersPage } from './PurchaseOrdersPage'
