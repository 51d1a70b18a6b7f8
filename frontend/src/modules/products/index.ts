export { ProductsPage } from './ProductsPage'
export { ProductPage } from './ProductPage'
