export { RecommendationsPage } from './RecommendationsPage'
