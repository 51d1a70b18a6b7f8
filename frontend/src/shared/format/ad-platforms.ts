/** How platforms of ads are called. */
import type { AdPlatform } from '@/shared/api/types'

export const PLATFORMS: Record<AdPlatform, string> = { meta: 'Meta', google_ads: 'Google Ads' }
