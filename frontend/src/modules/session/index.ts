export { ForgotPage } from './ForgotPage'
export { LoginPage } from './LoginPage'
export { SetupPage } from './SetupPage'
