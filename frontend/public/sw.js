// Offline shell: the page and its hashed assets, and the last answers that Pulse is drawn from.
// Everything goes to the network first except assets, whose names change with their content.
const SHELL = 'shell-v1'
const DATA = 'data-v1'
const BASE = '/command-center/'
const KEPT = ['/v1/setup', '/v1/auth/me', '/v1/stores', '/v1/reports/pulse']

self.addEventListener('install', event => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then(cache => cache.add(BASE))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', event => {
  const keep = [SHELL, DATA]
  event.waitUntil(
    caches
      .keys()
      .then(names => Promise.all(names.filter(name => !keep.includes(name)).map(name => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('message', event => {
  if (event.data === 'forget') event.waitUntil(caches.delete(DATA))
})

async function networkFirst(request, cacheName, key) {
  const cache = await caches.open(cacheName)
  try {
    const answer = await fetch(request)
    if (answer.ok) await cache.put(key, answer.clone())
    return answer
  } catch (error) {
    const kept = await cache.match(key)
    if (kept) return kept
    throw error
  }
}

async function cacheFirst(request) {
  const cache = await caches.open(SHELL)
  const kept = await cache.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request, answer.clone())
  return answer
}

self.addEventListener('fetch', event => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate' && url.pathname.startsWith(BASE)) {
    event.respondWith(networkFirst(request, SHELL, BASE))
  } else if (url.pathname.startsWith(`${BASE}assets/`)) {
    event.respondWith(cacheFirst(request))
  } else if (KEPT.includes(url.pathname)) {
    event.respondWith(networkFirst(request, DATA, request.url))
  }
})
