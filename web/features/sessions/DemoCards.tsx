import { useState } from 'react'
import { type Answer, call } from '../../kernel/call.ts'
import { Avatar } from '../../ui/Marks.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { roleOf } from '../demo/card-texts.ts'
import styles from './Door.module.css'
import { useEnter } from './enter.ts'

/** The six of the sample company, one click each. */
export function DemoCards({ cards }: { cards: Answer<'GET /api/sign-in'>['demoCards'] }) {
  const enter = useEnter()
  const [busy, setBusy] = useState(false)
  const become = async (card: string) => {
    setBusy(true)
    try {
      enter((await call('POST /api/sign-in/demo', { body: { card } })).next)
    } catch (cause) {
      setBusy(false)
      toastProblem(cause)
    }
  }
  return (
    <div className={styles.cards}>
      {cards.map((card) => (
        <button key={card.key} type="button" className={styles.person} disabled={busy} onClick={() => void become(card.key)}>
          <Avatar id={card.personId} name={card.name} size={32} />
          <span>
            <strong>{card.name}</strong>
            <span>{roleOf(card)}</span>
          </span>
        </button>
      ))}
    </div>
  )
}
