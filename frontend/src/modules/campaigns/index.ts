export { AttributionPage } from './AttributionPage'
export { CampaignPage } from './CampaignPage'
export { CampaignsPage } from './CampaignsPage'
