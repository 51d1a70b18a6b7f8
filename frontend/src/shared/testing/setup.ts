import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// The whole document in every failure hides the failure.
// As long as a busy machine takes: a test waits for what it looks for, not for a time.
configure({ getElementError: message => new Error(message ?? 'not found'), asyncUtilTimeout: 8_000 })

afterEach(cleanup)

// happy-dom lays nothing out: elements get a size, so that charts and long lists draw something.
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 800 })
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, get: () => 57 })
Object.defineProperty(HTMLElement.prototype, 'offsetWidth', { configurable: true, get: () => 800 })
