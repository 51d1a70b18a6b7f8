export { SuppliersPage } from './SuppliersPage'
