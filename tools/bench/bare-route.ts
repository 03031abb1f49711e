/**
 * The physical limit to compare with: one Fastify route that computes square(increment(x)) inline.
 */
import Fastify from 'fastify';

const app = Fastify();
app.post<{ Body: { arguments: { increment: { x: number } } } }>(
  '/api/v1/dags/composition/invocations',
  {
    schema: {
      body: { type: 'object' },
      response: { 200: { type: 'object', properties: { result: { type: 'number' } } } },
    },
  },
  (request) => ({ result: (request.body.arguments.increment.x + 1) ** 2 }),
);
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${url}\n`);
process.on('disconnect', () => process.exit(0));
