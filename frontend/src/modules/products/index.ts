export { ProductPage } from './ProductPage'
export { ProductsPage } from './ProductsPage'
export { ahead } from './queries'
