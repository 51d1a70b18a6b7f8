export { ConnectionsPage } from './ConnectionsPage'
export { StartPage } from './StartPage'
export { SyncPage } from './SyncPage'
