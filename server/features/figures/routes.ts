import { figures } from '../../../contract/figures.ts'
import { routes } from '../../kernel/routes.ts'
import { definitions, inWords } from './access-definitions.ts'
import { exceptions, listException } from './access-exceptions.ts'
import { allFigures, figuresAsCsv } from './access-figures.ts'
import { nextFor } from './access-next.ts'
import { listRows, rowsAsCsv } from './access-rows.ts'
import { figureBy, figureByAsCsv } from './access-splits.ts'

const csv = (content: string, ...name: string[]) => ({ content, name: `${name.join('-')}.csv`, mediaType: 'text/csv' })

export const figureRoutes = routes(figures, {
  'GET /api/figures': (context, { query }) => allFigures(context, query),
  'GET /api/figures/csv': async (context, { query }) => csv(await figuresAsCsv(context, query), 'figures', query.from, query.to),
  'GET /api/figures/definitions': async ({ actor }) => ({ items: definitions.map((one) => inWords(one, actor.language)) }),
  'GET /api/figures/:key/rows': (context, { params, query }) => listRows(context, params.key, query),
  'GET /api/figures/:key/csv': async (context, { params, query }) =>
    csv(await rowsAsCsv(context, params.key, query), params.key, query.from, query.to),
  'GET /api/figures/:key/by/:split': (context, { params, query }) => figureBy(context, params.key, params.split, query),
  'GET /api/figures/:key/by/:split/csv': async (context, { params, query }) =>
    csv(await figureByAsCsv(context, params.key, params.split, query), params.key, params.split, query.from, query.to),
  'GET /api/home/next': (context) => nextFor(context),
  'GET /api/home/exceptions': (context, { query }) => exceptions(context, query.team),
  'GET /api/home/exceptions/:key': (context, { params, query }) => listException(context, params.key, query),
})
