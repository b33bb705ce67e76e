import { useState } from 'react'
import type { Answer } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { SwitchField } from '../../ui/Fields.tsx'
import { StatusShape } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './StatusMoves.module.css'
import type { Status } from './StatusSheet.tsx'
import { statusTexts } from './status-texts.ts'

type Moves = Answer<'GET /api/status-moves'>['moves']
type Role = NonNullable<Moves>[number]['leastRole']
const roles = ['agent', 'lead', 'manager', 'administrator'] as const

/** As the program knows it: nothing becomes new again, what is closed stays so, and only what is solved is closed. */
const makesSense = (from: Status, to: Status): boolean =>
  from.id !== to.id && to.meaning !== 'new' && from.meaning !== 'closed' && (to.meaning !== 'closed' || from.meaning === 'resolved')

export function StatusMoves({ statuses, mayEdit }: { statuses: Status[]; mayEdit: boolean }) {
  const s = useTexts(statusTexts)
  const { data } = useCall('GET /api/status-moves')
  if (!data) return null
  return (
    <Section title={s('moves')}>
      <p className="dim">{s('movesLead')}</p>
      <Matrix key={JSON.stringify(data.moves)} statuses={statuses} saved={data.moves} mayEdit={mayEdit} />
    </Section>
  )
}

function Matrix({ statuses, saved, mayEdit }: { statuses: Status[]; saved: Moves; mayEdit: boolean }) {
  const s = useTexts(statusTexts)
  const [moves, setMoves] = useState(saved)
  const save = useSend('PUT /api/status-moves', {
    renews: ['GET /api/status-moves'],
    onProblem: toastProblem,
    onDone: () => toast(s('movesSaved')),
  })
  const allow = () =>
    statuses.flatMap((from) =>
      statuses.filter((to) => makesSense(from, to)).map((to) => ({ fromId: from.id, toId: to.id, leastRole: 'agent' as Role })),
    )
  const put = (fromId: string, toId: string, leastRole: Role | '') => {
    const others = (moves ?? []).filter((m) => m.fromId !== fromId || m.toId !== toId)
    setMoves(leastRole === '' ? others : [...others, { fromId, toId, leastRole }])
  }
  return (
    <>
      <SwitchField
        label={s('limit')}
        checked={moves !== null}
        disabled={!mayEdit}
        onChange={(event) => setMoves(event.currentTarget.checked ? allow() : null)}
      />
      {moves === null ? <p className="dim">{s('all')}</p> : <MovesTable statuses={statuses} moves={moves} mayEdit={mayEdit} onPut={put} />}
      {mayEdit && JSON.stringify(moves) !== JSON.stringify(saved) && (
        <div>
          <Button look="main" busy={save.isPending} onClick={() => save.mutate({ body: { moves } })}>
            {s('saveMoves')}
          </Button>
        </div>
      )}
    </>
  )
}

type TableProps = {
  statuses: Status[]
  moves: NonNullable<Moves>
  mayEdit: boolean
  onPut: (fromId: string, toId: string, role: Role | '') => void
}
function MovesTable({ statuses, moves, mayEdit, onPut }: TableProps) {
  const s = useTexts(statusTexts)
  const language = useLanguage()
  // Nothing becomes new again, and what is closed stays so: they have no place in the table.
  const reached = statuses.filter((to) => statuses.some((from) => makesSense(from, to)))
  const left = statuses.filter((from) => statuses.some((to) => makesSense(from, to)))
  const words = { agent: s('agent'), lead: s('leadRole'), manager: s('manager'), administrator: s('administrator') }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard
    <section className={styles.scroll} aria-label={s('moves')} tabIndex={0}>
      <table className={styles.matrix}>
        <thead>
          <tr>
            <th scope="col">{s('from')}</th>
            {reached.map((to) => (
              <th key={to.id} scope="col">
                <span className="dim">{s('to')}</span> <StatusShape meaning={to.meaning} /> {to.name[language]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {left.map((from) => (
            <tr key={from.id}>
              <th scope="row">
                <StatusShape meaning={from.meaning} /> {from.name[language]}
              </th>
              {reached.map((to) => (
                <td key={to.id}>
                  {makesSense(from, to) && (
                    <select
                      aria-label={s('cell', { from: from.name[language], to: to.name[language] })}
                      disabled={!mayEdit}
                      value={moves.find((m) => m.fromId === from.id && m.toId === to.id)?.leastRole ?? ''}
                      onChange={(event) => onPut(from.id, to.id, event.currentTarget.value as Role | '')}
                    >
                      <option value="">{s('no')}</option>
                      {roles.map((role) => (
                        <option key={role} value={role}>
                          {words[role]}
                        </option>
                      ))}
                    </select>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
