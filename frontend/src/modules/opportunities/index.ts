export { OpportunitiesPage } from './OpportunitiesPage'
export { OpportunityPage } from './OpportunityPage'
