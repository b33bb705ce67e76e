// `npm run check`: the quick gate while working.
import { gates, runSteps } from './steps.ts'

await runSteps(gates)
