import { IconDots, IconFilter, IconPlus } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { SavedView } from '../../../contract/views.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from '../tickets/TicketsScreen.module.css'
import { boardTexts } from './board-texts.ts'
import { listTexts } from './list-texts.ts'
import own from './Views.module.css'

const ViewSheet = lazy(() => import('./ViewSheet.tsx').then((file) => ({ default: file.ViewSheet })))

const useKept = () => useCall('GET /api/views', {}, { keep: true, staleTime: 60_000 })
export const useSavedViews = (): readonly SavedView[] => useKept().data?.items ?? []
/** One of them; not `known`: the answer is still on its way. */
export function useSavedView(id: string | undefined): { view: SavedView | undefined; known: boolean } {
  const { data, isPending } = useKept()
  return { view: data?.items.find((one) => one.id === id), known: !isPending }
}

/** Below the fixed views: one's own, those of one's teams, those of everybody, each with its count. */
export function SavedViews({ current }: { current: string | undefined }) {
  const t = useTexts(listTexts)
  const views = useSavedViews().filter((view) => view.pinned || view.id === current)
  const { data: counts } = useCall('GET /api/views/counts', {}, { keep: true, enabled: views.length > 0 })
  const [open, setOpen] = useState(false)
  return (
    <>
      <h2 className={own.heading}>
        {t('saved')}
        <IconButton label={t('newView')} icon={<IconPlus size={14} stroke={1.8} />} size={24} onClick={() => setOpen(true)} />
      </h2>
      {views.map((view) => {
        const found = counts?.items.find((one) => one.id === view.id)
        return (
          <Link
            key={view.id}
            to="/tickets"
            search={{ view: view.id }}
            className={styles.view}
            aria-current={view.id === current ? 'page' : undefined}
            activeOptions={{ exact: true }}
            title={view.name}
          >
            <IconFilter size={16} stroke={1.7} />
            <span className="truncate">{view.name}</span>
            <span>{found && found.count > 0 ? `${found.count}${found.more ? '+' : ''}` : ''}</span>
          </Link>
        )
      })}
      {open && (
        <Suspense>
          <ViewSheet onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

/** What can be done with the view that is on the screen. */
export function ViewMenu({ view }: { view: SavedView }) {
  const t = useTexts(listTexts)
  const b = useTexts(boardTexts)
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const [confirm, question] = useConfirm()
  const remove = useSend('DELETE /api/views/:id', {
    renews: ['GET /api/views', 'GET /api/views/counts'],
    onProblem: toastProblem,
    onDone: () => {
      toast(t('removed'))
      void navigate({ to: '/tickets', search: { view: 'all-open' } })
    },
  })
  const alert = useSend('PUT /api/views/:id/alert', {
    renews: ['GET /api/views'],
    onProblem: toastProblem,
    onDone: () => void toast(t('alertKept')),
  })
  const params = { id: view.id }
  const ask = async () => {
    if (await confirm({ title: t('removeTitle', { name: view.name }), text: t('removeText'), action: t('remove'), danger: true }))
      remove.mutate({ params })
  }
  const tell = (when: SavedView['alert']) => () => alert.mutate({ params, body: { when } })
  return (
    <>
      <Menu
        end
        width={260}
        target={<IconButton label={t('viewMenu')} icon={<IconDots size={16} stroke={1.7} />} />}
        entries={[
          view.can.edit && { key: 'edit', label: t('editView'), run: () => setOpen(true) },
          {
            key: 'board',
            label: b('asBoard'),
            run: () => void navigate({ to: '/board/$viewId', params: { viewId: view.id }, search: {} }),
          },
          {
            key: 'table',
            label: b('asTable'),
            run: () => void navigate({ to: '/table/$viewId', params: { viewId: view.id }, search: {} }),
          },
          { key: 'csv', label: t('csv'), run: () => location.assign(`/api/views/${view.id}/csv`) },
          { key: 'line', divider: true },
          { key: 'now', label: t('alertNow'), checked: view.alert === 'at-once', run: tell('at-once') },
          { key: 'daily', label: t('alertDaily'), checked: view.alert === 'daily', run: tell('daily') },
          { key: 'off', label: t('alertOff'), checked: view.alert === null, run: tell(null) },
          view.can.edit && { key: 'line2', divider: true },
          view.can.edit && { key: 'remove', label: t('remove'), danger: true, run: () => void ask() },
        ]}
      />
      {question}
      {open && (
        <Suspense>
          <ViewSheet view={view} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
