export { CataloguesPage } from './CataloguesPage'
