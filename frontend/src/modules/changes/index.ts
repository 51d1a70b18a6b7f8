export { ChangeSetPage } from './ChangeSetPage'
export { ChangeSetsPage } from './ChangeSetsPage'
export { InboxPage } from './InboxPage'
export { aheadOfChangeSets, aheadOfInbox } from './queries'
