// Writes the pages that are made of the code.
import { writeFileSync } from 'node:fs'
import { generatedPages } from './generated-docs.ts'

for (const [path, page] of Object.entries(generatedPages)) writeFileSync(path, page())
