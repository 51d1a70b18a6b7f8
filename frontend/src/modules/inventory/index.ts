export { InventoryPage } from './InventoryPage'
export { ahead } from './queries'
export { VariantPage } from './VariantPage'
