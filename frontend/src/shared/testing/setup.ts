import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// The whole document in every failure hides the failure.
configure({ getElementError: message => new Error(message ?? 'not found') })

afterEach(cleanup)

// happy-dom lays nothing out: elements get a size, so that charts and long lists draw something.
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 800 })
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, get: () => 57 })
Object.defineProperty(HTMLElement.prototype, 'offsetWidth', { configurable: true, get: () => 800 })
