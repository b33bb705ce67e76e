import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { TicketRow } from '../../../contract/tickets.ts'
import type { Grouping } from '../../../contract/views.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Fields.tsx'
import { Page } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import styles from './Board.module.css'
import { BoardColumn } from './BoardColumn.tsx'
import { movable, useMoves } from './board.ts'
import { boardTexts } from './board-texts.ts'
import { useSavedViews } from './SavedViews.tsx'

const groupings = ['status', 'priority', 'team', 'assignee', 'organisation'] as const
type Asked = { row: TicketRow; to: string }

/** Any saved view as a board. A card is moved by the mouse, by its grip on a touch screen, or with Space and the arrows. */
export function BoardPage() {
  const t = useTexts(boardTexts)
  const { viewId } = useParams({ strict: false }) as { viewId: string }
  const { by = 'status' } = useSearch({ strict: false }) as { by?: Grouping }
  const navigate = useNavigate()
  const view = useSavedViews().find((one) => one.id === viewId)
  const from = useCall('GET /api/views/:id/board', { params: { id: viewId }, query: { by } }, { keep: true })
  const { moved, move, settle } = useMoves(by)
  const [asked, setAsked] = useState<Asked>()
  const [lifted, setLifted] = useState<{ id: string; over: string }>()
  const [said, setSaid] = useState('')
  const fresh = useRef(from.dataUpdatedAt)
  useEffect(() => {
    if (fresh.current === from.dataUpdatedAt) return
    fresh.current = from.dataUpdatedAt
    settle()
  }, [from.dataUpdatedAt, settle])
  const nameOf = (key: string) => {
    const name = from.data?.groups.find((group) => group.key === key)?.name
    return by === 'priority' ? t('priority', { n: key }) : name || t('none')
  }
  const drop = (row: TicketRow, was: string, to: string) => {
    setLifted(undefined)
    if (to === was) return setSaid(t('stays', { number: row.number }))
    setSaid(t('moved', { number: row.number, column: nameOf(to) }))
    if (by === 'priority') setAsked({ row, to })
    else void move(row, to)
  }
  return (
    <Page
      title={view?.name ?? t('board')}
      actions={
        <SelectField
          label=""
          aria-label={t('by')}
          options={groupings.map((value) => ({ value, label: t(`by.${value}`) }))}
          value={by}
          onChange={(next: Grouping) => void navigate({ to: '/board/$viewId', params: { viewId }, search: { by: next } as never })}
        />
      }
    >
      <Loaded from={from}>
        {(board) => {
          const home = new Map(board.groups.flatMap((group) => group.items.map((row): [string, string] => [row.id, group.key])))
          const rows = board.groups.flatMap((group) => group.items)
          const columns = board.groups.map((group) => ({
            ...group,
            name: nameOf(group.key),
            count:
              group.count +
              rows.filter((row) => moved.get(row.id) === group.key).length -
              group.items.filter((row) => moved.has(row.id)).length,
            items: rows.filter((row) => (moved.get(row.id) ?? home.get(row.id)) === group.key),
          }))
          return (
            <div className={styles.board}>
              {columns.map((column) => (
                <BoardColumn
                  key={column.key}
                  column={column}
                  viewId={viewId}
                  by={by}
                  keys={columns.map((one) => one.key)}
                  movable={movable(by)}
                  lifted={lifted}
                  onLift={(id, over) => {
                    setLifted({ id, over })
                    setSaid(t('over', { column: nameOf(over) }))
                  }}
                  onCancel={() => setLifted(undefined)}
                  onDrop={drop}
                />
              ))}
            </div>
          )
        }}
      </Loaded>
      <div className="unseen" role="status">
        {said}
      </div>
      {asked && (
        <Why
          onClose={() => setAsked(undefined)}
          onSay={(reason) => {
            setAsked(undefined)
            void move(asked.row, asked.to, reason)
          }}
        />
      )}
    </Page>
  )
}

function Why({ onSay, onClose }: { onSay: (reason: string) => void; onClose: () => void }) {
  const t = useTexts(boardTexts)
  const [reason, setReason] = useState('')
  return (
    <Dialog title={t('whyTitle')} open onClose={onClose}>
      <TextField label={t('why')} data-autofocus value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="main" disabled={reason.trim() === ''} onClick={() => onSay(reason)}>
          {t('set')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
