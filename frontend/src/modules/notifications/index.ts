export { NotificationsSection } from './NotificationsSection'
