export { AppearanceSection } from './AppearanceSection'
export { SettingsFrame } from './SettingsFrame'
export { SettingsIndex } from './SettingsIndex'
export { StoresSection } from './StoresSection'
