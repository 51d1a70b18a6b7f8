/** Writes the types of the API's client from its description. `npm run generate` */
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript'

const FROM = new URL('../../docs/openapi.json', import.meta.url)
const TO = new URL('../src/shared/api/schema.gen.ts', import.meta.url)
/** Sent with every call by `src/shared/api/client.ts`, so no caller names it. */
const OURS = 'Idempotency-Key'

const description = JSON.parse(await readFile(FROM, 'utf8'))
for (const item of Object.values(description.paths)) {
  for (const operation of Object.values(item)) {
    if (!operation.parameters) continue
    operation.parameters = operation.parameters.filter(parameter => parameter.name !== OURS)
    if (operation.parameters.length === 0) delete operation.parameters
  }
}
await writeFile(TO, COMMENT_HEADER + astToString(await openapiTS(description)))
