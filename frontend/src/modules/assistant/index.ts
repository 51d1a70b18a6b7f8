export { AssistantPage } from './AssistantPage'
