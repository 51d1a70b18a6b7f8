export { SegmentsPage } from './SegmentsPage'
