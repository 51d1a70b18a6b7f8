export { default as AssistantDrawer } from './AssistantDrawer'
export { AssistantPage } from './AssistantPage'
