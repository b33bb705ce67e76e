import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { call } from '../../kernel/call.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { onLive } from '../../kernel/live.ts'
import { toast } from '../../ui/Toast.tsx'
import { callTexts } from './texts.ts'

/** Who calls me, on whatever screen I am; one click opens the form with them. Only my own extension's calls are heard here. */
export function CallPop() {
  const navigate = useNavigate()
  useEffect(() => {
    const shown = new Set<string>()
    return onLive((event) => {
      const subject = event.kind === 'change' && event.change.type === 'call.ringing' ? event.change.subject : null
      if (!subject || shown.has(subject.id)) return
      shown.add(subject.id)
      void call('GET /api/calls/:id', { params: { id: subject.id } })
        .then((told) => {
          const say = sayIn(callTexts)
          const who = told.person?.name ?? told.number ?? say('withheld')
          const run = () => void navigate({ to: '/call' as never, search: { call: told.id } as never })
          toast(say('rings', { who }), { seconds: 45, action: { label: say('open'), run } })
        })
        // Gone or not for these eyes: nothing rings then.
        .catch(() => {})
    })
  }, [navigate])
  return null
}
