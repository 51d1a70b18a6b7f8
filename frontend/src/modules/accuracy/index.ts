export { AccuracyPage } from './AccuracyPage'
