/**
 * What reports and cheap reads are held against beside actix-web: Fastify with one process a core, over the same database.
 * `GET /` makes the query of the report and writes its rows out; `GET /same` answers the bytes of the product's cheap read.
 * Settings: DATABASE_URL, QUERY (`{ "text", "values" }`) and SAME, a text. Tells its port on stdout.
 */
import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'
import Fastify from 'fastify'
import pg from 'pg'

const { DATABASE_URL, QUERY, SAME } = process.env

if (cluster.isPrimary) {
  // Nobody is left behind when who asks is gone.
  process.stdin.resume().on('end', () => process.exit())
  let listening = 0
  cluster.on('listening', (_, { port }) => {
    listening += 1
    if (listening === availableParallelism()) console.log(port)
  })
  for (let n = 0; n < availableParallelism(); n += 1) cluster.fork()
} else {
  process.on('disconnect', () => process.exit())
  const query = JSON.parse(QUERY)
  // Days as they stand, sums as numbers, as the other server has them.
  pg.types.setTypeParser(pg.types.builtins.INT8, Number)
  pg.types.setTypeParser(pg.types.builtins.DATE, day => day)
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 8 })
  const app = Fastify()
  app.get('/', async () => {
    const { rows } = await pool.query({ ...query, name: 'days', rowMode: 'array' })
    return rows.map(([day, ...sums]) => [day, sums])
  })
  app.get('/same', (_, reply) => reply.type('application/json').send(SAME))
  // In a cluster the workers share the port that the first one is given.
  await app.listen({ port: 0, host: '127.0.0.1' })
}
