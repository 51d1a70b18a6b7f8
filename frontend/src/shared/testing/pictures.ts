/** The mock's pictures of what suppliers offer: drawn from the product's number; every third host has none any more. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { SupplierPictures } from '@/shared/api/types'

const TONES = ['#7d8f69', '#b5835a', '#5a7d8f', '#8f5a72']

function drawn(at: number): string {
  const tone = TONES[at % TONES.length]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="480" viewBox="0 0 48 48"><rect width="48" height="48" fill="#fcfcfb"/><rect x="10" y="${
    14 + (at % 5)
  }" width="28" height="22" rx="4" fill="${tone}"/><circle cx="${18 + (at % 7)}" cy="20" r="8" fill="${tone}" fill-opacity=".6"/></svg>`
}

export const PICTURES: SupplierPictures = {
  pictures: 118,
  compared: 96,
  plain: 4,
  failed: 6,
  waiting: 12,
  failures: [
    { reason: "the supplier's host answers 404 Not Found", products: 4 },
    { reason: 'what came is no JPEG, PNG, WebP or GIF', products: 2 },
  ],
}

export function pictureHandlers(): RequestHandler[] {
  return [
    http.get('*/v1/supplier-pictures', () => HttpResponse.json(PICTURES)),
    http.get('*/v1/supplier-products/:id/image', ({ params }) => {
      const at = Number(String(params.id).replace(/\D/g, ''))
      if (at % 3 === 0) {
        // Nothing that a browser can show; a 404 would stand in its console.
        return new HttpResponse('', { headers: { 'content-type': 'image/jpeg' } })
      }
      return new HttpResponse(drawn(at), { headers: { 'content-type': 'image/svg+xml' } })
    }),
  ]
}
