export { ImportPage } from './ImportPage'
export { ImportsSection } from './ImportsSection'
