export { InventorySection } from './InventorySection'
