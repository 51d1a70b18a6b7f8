/** Registers the offline shell through the one Trusted Types policy that the server's policy allows. */
import { BASE } from '@/shared/paths'

interface ScriptUrlPolicy {
  createScriptURL: (url: string) => string
}

interface TrustedTypesFactory {
  createPolicy: (name: string, rules: ScriptUrlPolicy) => ScriptUrlPolicy
}

const WORKER = `${BASE}/sw.js`

export function registerOfflineShell() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const rules: ScriptUrlPolicy = {
    createScriptURL: url => {
      if (url !== WORKER) throw new TypeError(`not the offline shell: ${url}`)
      return url
    },
  }
  const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes
  const policy = factory ? factory.createPolicy('sw', rules) : rules
  window.addEventListener('load', () => {
    navigator.serviceWorker.register(policy.createScriptURL(WORKER), { scope: `${BASE}/` }).catch(() => {
      // Without it the application works; only the offline shell is missing.
    })
  })
}

/** Takes the kept answers off this device, at sign-out. */
export function forgetOfflineData() {
  navigator.serviceWorker?.controller?.postMessage('forget')
}
