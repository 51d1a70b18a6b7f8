/** zod without its probe for `new Function`, which the server's policy would report. */
import * as z from 'zod/mini'

z.config({ jitless: true })

export { z }
