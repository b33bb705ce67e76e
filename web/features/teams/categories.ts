import type { Answer } from '../../kernel/call.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import type { Option } from '../../ui/Fields.tsx'

export type Category = Answer<'GET /api/categories'>['items'][number]

/** Children of a category (null: the top), in their order. */
export const below = (all: readonly Category[], parentId: string | null): Category[] =>
  all.filter((c) => c.parentId === parentId).sort((a, b) => a.position - b.position)

/** All that can be chosen, each with its whole path: "Network › VPN". Without what stands in or below `except`. */
export function useCategoryOptions(except?: string): Option[] {
  const language = useLanguage()
  const all = useCall('GET /api/categories').data?.items ?? []
  const walk = (parentId: string | null, path: string): Option[] =>
    below(all, parentId)
      .filter((c) => !c.archived && c.id !== except)
      .flatMap((c) => {
        const label = path + c.name[language]
        return [{ value: c.id, label }, ...walk(c.id, `${label} › `)]
      })
  return walk(null, '')
}
