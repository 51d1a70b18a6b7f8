/**
 * What reports and cheap reads are held against beside actix-web: Fastify with one process a core, over the same database.
 * `GET /` makes the query of the report and writes its rows out; `GET /same` answers the bytes of the product's cheap read; `GET /me` too, after it
 * has looked up the API token and its user by the product's own queries.
 * Settings: DATABASE_URL, QUERY (`{ "text", "values" }`) and SAME, a text. Tells its port on stdout.
 */
import cluster from 'node:cluster'
import { createHash } from 'node:crypto'
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
  const token = 'SELECT id, workspace, user_id, name, scopes, created_at, expires_at, last_used_at FROM api_tokens WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2)'
  const user = `SELECT u.id, u.workspace, u.email, u.role, u.created_at, w.id, w.name, w.created_at FROM users u
    JOIN workspaces w ON w.id = u.workspace WHERE u.id = $1 AND u.disabled_at IS NULL`
  app.get('/me', async (request, reply) => {
    const secret = request.headers.authorization.slice('Bearer '.length)
    const hash = createHash('sha256').update(secret).digest()
    const found = await pool.query({ name: 'token', text: token, values: [hash, Date.now() * 1000], rowMode: 'array' })
    const who = await pool.query({ name: 'user', text: user, values: [found.rows[0][2]], rowMode: 'array' })
    if (who.rows.length !== 1) throw new Error('nobody')
    return reply.type('application/json').send(SAME)
  })
  // In a cluster the workers share the port that the first one is given.
  await app.listen({ port: 0, host: '127.0.0.1' })
}
