export { AnomaliesPage } from './AnomaliesPage'
export { BriefPage } from './BriefPage'
