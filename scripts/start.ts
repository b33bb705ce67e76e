// `npm start`: builds the web if its sources changed, then becomes the server.
import { buildWebIfChanged } from './web-build.ts'

await buildWebIfChanged((line) => process.stdout.write(`${line}\n`))
await import('../server/main.ts')
